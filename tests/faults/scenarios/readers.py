"""D8, D9: readers who leave while the edition goes out; one whose letter cannot be written, and a story that cannot."""

import random

from sqlalchemy import select, update

from blog import clock
from newsletter.delivery import books
from newsletter.delivery.model import Letter
from newsletter.editions import hindrances
from newsletter.subscribers import leaving
from newsletter.subscribers.model import Subscriber
from tests.faults.stage import Row, Stage


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
    """An address that no SMTP command can hold: refused by name, and all others get theirs."""
    stage.close_edition(readers)
    with stage.db.transaction() as s:
        one = s.scalars(select(Letter.id).order_by(Letter.id).offset(readers // 2).limit(1)).one()
        s.execute(update(Letter).where(Letter.id == one).values(address="poison\r\nRCPT TO:<x@example.org>"))
        about = s.scalars(select(Letter.about_id).where(Letter.id == one)).one()
    faults = stage.finish()
    with stage.db.reading() as s:
        kept = books.balance(s, "digest", about, clock.now())
    faults += [] if (kept.accepted, kept.refused) == (readers - 1, 1) else [f"{kept.refused} refused"]
    told = [one.reply for one in hindrances.hindrances(stage.db, about)]
    faults += [] if told else ["the poisonous one is not reported"]
    return stage.judge("D9 one poisonous recipient", 1, faults, "; ".join(told))


def states(stage: Stage, readers: list[int]) -> dict[int, str]:
    with stage.db.reading() as s:
        rows = s.execute(
            select(Letter.reader_id, Letter.state).where(
                Letter.kind == "digest", Letter.reader_id.in_(readers)
            )
        )
        return {row.reader_id: row.state for row in rows}
