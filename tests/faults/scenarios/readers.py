"""D8, D9: readers who leave while the edition goes out; one whose letter cannot be sent, and a story that cannot be written."""

import random
from datetime import timedelta

from sqlalchemy import select, update

from blog import clock
from newsletter.delivery import books, pausing
from newsletter.delivery.model import Letter
from newsletter.editions import compiling, hindrances
from newsletter.editions.envelope import slot
from newsletter.editions.model import EditionPost
from newsletter.subscribers import leaving
from newsletter.subscribers.model import Subscriber
from tests.faults.stage import Row, Stage

FIVE_MINUTES = 301.0
"""So long what could not be written is held back, in seconds."""
POISON = slot("nobody-knows-what")
"""A title that asks for something of each reader's own that there is not."""


def who_leave(stage: Stage, readers: int, leavers: int) -> Row:
    """Whoever left before the letter was taken in hand does not get it, and the books say why."""
    stage.close_edition(readers)
    chance, faults = random.Random(readers), list[str]()
    with stage.db.reading() as s:
        everybody = s.scalars(select(Subscriber.id).order_by(Subscriber.id)).all()
    going = chance.sample(everybody, leavers)
    worker = stage.work()
    spared = set[int]()
    for number, one in enumerate(going):
        stage.comes(min(number * readers // (2 * leavers), readers - leavers))
        leaving.leave(stage.db, one, clock.now(), settings=stage.settings)
        state = states(stage, [one])[one]
        spared |= {one} if state == "skipped" else set()
        faults += (
            [f"a letter to somebody who left is {state}"] if state in ("ready", "retry", "uncertain") else []
        )
    faults += [] if stage.until(stage.is_done) else ["letters were left"]
    faults += stage.part([worker])
    after = states(stage, going)
    faults += (
        ["a letter that was taken back went out"] if any(after[one] != "skipped" for one in spared) else []
    )
    note = f"{sum(state == 'skipped' for state in after.values())} of {leavers} leavers left in time"
    return stage.judge("D8 readers leave meanwhile", leavers, faults, note)


def poisonous(stage: Stage, readers: int) -> Row:
    """An address that no mail can hold: passed over with a reason, and all others get theirs."""
    stage.close_edition(readers)
    with stage.db.transaction() as s:
        one = s.scalars(select(Letter.id).order_by(Letter.id).offset(readers // 2).limit(1)).one()
        s.execute(update(Letter).where(Letter.id == one).values(address="poison\r\nRCPT TO:<x@example.org>"))
        about = s.scalars(select(Letter.about_id).where(Letter.id == one)).one()
    faults = stage.finish()
    with stage.db.reading() as s:
        kept = books.count(s, "digest", about, clock.now())
    faults += [] if (kept.accepted, kept.skipped) == (readers - 1, 1) else [f"{kept.skipped} skipped"]
    told = [reason for reason, _ in kept.reasons]
    faults += [] if told else ["the poisonous one is not reported"]
    return stage.judge("D9 one poisonous recipient", 1, faults, "; ".join(told))


def poisonous_post(stage: Stage, readers: int) -> Row:
    """A story of which no mail can be made: its edition is held back, with a reason that the desk tells, and the next one goes out.
    Once the story is mended, so does the first."""
    stage.begin(readers, stories=0)
    editions = [send_story(stage, title) for title in ("Poison", "Sound")]
    retell(stage, editions[0], POISON)
    worker = stage.work()
    stage.until(lambda: hindered(stage, editions[0])[1] == readers and stage.is_quiet())
    told, held = hindered(stage, editions[0])
    with stage.db.reading() as s:
        accepted = [books.count(s, "digest", one, clock.now()).accepted for one in editions]
    faults = [] if accepted == [0, readers] else [f"{accepted} accepted of the two editions"]
    faults += [] if held == readers else [f"{held} of {readers} are reported"]
    faults += ["all of sending stands still"] if pausing.standing(stage.db) else []
    faults += stage.part([worker])
    retell(stage, editions[0], "An antidote")
    return stage.judge("D9 one poisonous post", 1, faults + stage.finish(ahead=FIVE_MINUTES), told)


def send_story(stage: Stage, title: str) -> int:
    """In an edition of its own."""
    now = clock.now()
    stage.room.publish(title, now - timedelta(minutes=5))
    return compiling.send_now(stage.db, now, stage.settings)


def retell(stage: Stage, edition: int, title: str) -> None:
    with stage.db.transaction() as s:
        s.execute(update(EditionPost).where(EditionPost.edition_id == edition).values(title=title))


def hindered(stage: Stage, edition: int) -> tuple[str, int]:
    """Why, and how many of its letters."""
    found = hindrances.hindrances(stage.db, edition)
    return "; ".join(one.reply for one in found), sum(one.letters for one in found)


def states(stage: Stage, readers: list[int]) -> dict[int, str]:
    with stage.db.reading() as s:
        rows = s.execute(
            select(Letter.reader_id, Letter.state).where(
                Letter.kind == "digest", Letter.reader_id.in_(readers)
            )
        )
        return {row.reader_id: row.state for row in rows}
