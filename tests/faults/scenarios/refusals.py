"""D4: a server that refuses us. Sending pauses after a few tries, no reader is taken off the list, one click goes on."""

from collections.abc import Mapping

from sqlalchemy import func, select

from blog import clock
from newsletter.delivery import pausing
from newsletter.delivery.model import Letter
from newsletter.subscribers.model import Subscriber, Suppression
from tests.faults.stage import Row, Stage

QUICK = {"mail": "550 5.7.1 Your address is blocked", "dot": "550 5.7.515 Access denied"}
ALL = QUICK | {
    "rcpt": "554 5.7.1 Relay access denied",
    "auth": "535 5.7.8 Wrong user name or password",
    "ehlo": "550 5.7.1 Go away",
    "connect": "554 5.7.1 No service for you",
}
"""A server that turns us away before it hears of a letter is left in peace between two tries, so these take some seconds each."""
MOST_TRIES = 20


def turned_away(stage: Stage, readers: int, refusals: Mapping[str, str] = QUICK) -> Row:
    stage.close_edition(readers)
    faults, most = list[str](), 0
    for step, reply in refusals.items():
        before = stage.recorder.number("bad")
        stage.recorder.say(step, reply)
        worker = stage.work(
            smtp_url=f"smtp://we:password@127.0.0.1:{stage.recorder.port}"
            if step == "auth"
            else stage.words["smtp_url"]
        )
        if not stage.until(lambda: is_paused(stage), within=60):
            faults.append(f"{reply} did not pause sending")
        stage.until(stage.is_quiet)
        tries = stage.recorder.number("bad") - before
        if stage.recorder.until(before + tries + 1, "bad", within=1.5):
            faults.append(f"after {reply} it went on trying")
        most = max(most, tries)
        stage.recorder.be_well()
        pausing.resume(stage.db, clock.now())
        stage.comes(stage.recorder.number() + 1)
        faults += stage.part([worker])
        pausing.resume(stage.db, clock.now())
    faults += [f"{most} tries"] if most > MOST_TRIES else []
    faults += used_up(stage) + stage.finish()
    return stage.judge("D4 the server refuses us", len(refusals), faults, f"{most} tries at most")


def is_paused(stage: Stage) -> bool:
    state = pausing.standing(stage.db)
    return state is not None and state.paused


def used_up(stage: Stage) -> list[str]:
    with stage.db.reading() as s:
        refused = s.scalar(select(func.count()).where(Letter.state == "refused"))
        suppressed = s.scalar(select(func.count()).select_from(Suppression))
        gone = s.scalar(select(func.count()).where(Subscriber.state != "confirmed"))
    found = {"letters refused": refused, "addresses suppressed": suppressed, "readers gone": gone}
    return [f"{number} {what}" for what, number in found.items() if number]
