"""S3: the clock was down over the hour, or was set forward and back. One edition catches up, never a flood."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from tests.faults import deeds
from tests.faults.recording import read_record
from tests.faults.scenarios.crowds import DAY, next_seven
from tests.faults.stage import Row, Stage

AWAY = (timedelta(minutes=1), timedelta(hours=1), timedelta(hours=25), 9 * DAY)
MINUTE = timedelta(minutes=1)


def over_the_hour(stage: Stage, readers: int, away: Sequence[timedelta] = AWAY) -> Row:
    """Each time a story waits and the clock stands still over one or more hours; back again it ticks now, soon and a day later."""
    seven = next_seven()
    stage.begin(readers, seven - timedelta(hours=1), stories=0)
    faults, editions = list[str](), 0
    for number, long in enumerate(away):
        stage.room.publish(f"While away {number}", seven - timedelta(hours=2))
        back = seven + long
        for at in (seven - MINUTE, back, back + MINUTE, back + DAY):
            tick(stage, at)
        editions += 1
        faults += flood(stage, readers, editions, f"after {long}")
        seven = next_hour(back + DAY)
    return stage.judge("S3 down over the hour", len(away), faults, f"{editions} editions")


def set_forward_and_back(stage: Stage, readers: int) -> Row:
    seven = next_seven()
    stage.begin(readers, seven - timedelta(hours=1))
    for by in (-MINUTE, MINUTE, 9 * DAY + timedelta(hours=12), -timedelta(hours=1), MINUTE, DAY + MINUTE):
        tick(stage, seven + by)
    faults = flood(stage, readers, 1, "set forward and back")
    stage.room.publish("Afterwards", seven + DAY)
    for by in (2 * DAY, 2 * DAY + MINUTE, 11 * DAY):
        tick(stage, seven + by)
    faults += flood(stage, readers, 2, "and then a story")
    return stage.judge("S3 clock set forward and back", 2, faults)


def tick(stage: Stage, at: datetime) -> None:
    process = stage.company.start(deeds.tick_once, stage.words, at=at)
    process.join(120)
    assert process.exitcode == 0, stage.company.log.read_text()[-2000:]


def flood(stage: Stage, readers: int, editions: int, when: str) -> list[str]:
    """What each reader has had so far is as many mails as there were reasons."""
    account = read_record(stage.recorder.record)
    had = Counter(copies[0].recipient for copies in account.mails.values())
    wrong = Counter(number for number in had.values() if number != editions)
    if wrong or len(had) != readers:
        return [f"{when}: {len(had)} readers with {sorted(set(had.values()))} mails instead of {editions}"]
    return []


def next_hour(after: datetime) -> datetime:
    """Seven o'clock of the second day from then."""
    return after.replace(hour=7, minute=0, second=0, microsecond=0) + 2 * DAY
