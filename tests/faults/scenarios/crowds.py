"""D7, S2: many clocks and workers on one database, also in the same instant, also with some of them killed."""

import random
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from blog import clock
from newsletter.editions.model import Edition
from tests.faults import deeds
from tests.faults.recording import read_record
from tests.faults.stage import Row, Stage

DAY = timedelta(days=1)


def together(stage: Stage, readers: int, workers: int, clocks: int) -> Row:
    """The hour strikes while all of them are at work: one edition, a letter to each, no copy."""
    seven = next_seven()
    stage.begin(readers, seven - timedelta(hours=1))
    ahead = (seven - clock.now()).total_seconds() - 1
    company = [stage.company.start(deeds.tick, stage.words, ahead=ahead) for _ in range(clocks)]
    company += [stage.company.start(deeds.work, stage.words, ahead=ahead) for _ in range(workers)]
    faults = [] if stage.comes(readers) and stage.until(stage.is_done) else ["letters were left"]
    faults += stage.part(company) + editions_amiss(stage, 1)
    return stage.judge(f"D7 {workers} workers, {clocks} clocks", 1, faults)


def limited(stage: Stage, readers: int, workers: int, per_second: int) -> Row:
    """All of them together keep to the limit, by the clock of the server that takes the mails."""
    stage.close_edition(readers)
    url = f"{stage.words['smtp_url']}?per_second={per_second}"
    company = [stage.work(smtp_url=url) for _ in range(workers)]
    faults = [] if stage.until(stage.is_done) else ["letters were left"]
    faults += stage.part(company)
    most = read_record(stage.recorder.record).most_within(1.0)
    faults += [f"{most} mails within a second"] if most > per_second else []
    faults += [f"never more than {most} within a second: too few to tell"] if most < per_second // 4 else []
    what = f"D7 {workers} workers, {per_second} a second"
    return stage.judge(what, 1, faults, f"{most} within the fullest second")


def some_killed(stage: Stage, readers: int, kills: int, workers: int = 2, clocks: int = 2) -> Row:
    """One of the workers is killed again and again, and another takes its place."""
    seven = next_seven()
    stage.begin(readers, seven - timedelta(hours=1))
    ahead = (seven - clock.now()).total_seconds() - 1
    company = [stage.company.start(deeds.tick, stage.words, ahead=ahead) for _ in range(clocks)]
    company += [stage.company.start(deeds.work, stage.words, ahead=ahead) for _ in range(workers)]
    chance = random.Random(kills)
    for left in range(kills, 0, -1):
        waiting = readers - stage.recorder.number("readers")
        stage.comes(stage.recorder.number() + min(waiting, chance.randint(0, 2 * waiting // (left + 1))))
        victim = chance.randrange(len(company))
        company[victim].join(chance.random() / 100)
        stage.kill(company[victim])
        company[victim] = stage.company.start(
            deeds.work if victim >= clocks else deeds.tick, stage.words, ahead=ahead
        )
    faults = [] if stage.until(stage.is_done) else ["letters were left"]
    counted = read_record(stage.recorder.record).kills
    mean = sum(kill.duplicates for kill in counted) / max(kills, 1)
    faults += stage.part(company) + editions_amiss(stage, 1)
    what = f"{workers} workers and {clocks} clocks, kill -9"
    return stage.judge(what, kills, faults, f"{mean:.2f} duplicates a kill")


def same_instant(stage: Stage, readers: int, parties: int, days: int) -> Row:
    """So many clocks fire at once, each day another way: undisturbed, killed at a step, killed at any moment."""
    seven = next_seven()
    stage.begin(readers, seven - timedelta(hours=1))
    steps = ["", "claimed", "sending:1", "composed", f"accepted_unrecorded:{readers}", "recorded:1", "any"]
    kills, faults, chance = 0, list[str](), random.Random(days)
    for day in range(days):
        at, step = seven + day * DAY, steps[day % len(steps)]
        stage.room.publish(f"Of day {day}", at - timedelta(hours=2))
        is_alone = step.startswith("accepted")
        clocks = 1 if is_alone else parties
        barrier = stage.company.barrier(clocks + 1)
        words = stage.words | ({"failpoint": step} if step not in ("", "any") else {})
        stage.recorder.kill_comes()
        company = [stage.company.start(deeds.tick_once, words, at=at, barrier=barrier) for _ in range(clocks)]
        barrier.wait(120)
        if step == "any":
            for process in company[1:]:
                process.join(chance.random() / 3)
                stage.company.kill(process)
        for process in company:
            process.join(120)
        kills += sum(process.exitcode == -9 for process in company)
        faults += [f"{step}: ended with {p.exitcode}" for p in company if p.exitcode not in (0, -9)]
        stage.company.start(deeds.tick_once, stage.words, at=at).join(120)
        faults += editions_amiss(stage, day + 1)
    return stage.judge(f"S2 {parties} clocks in one instant", kills, faults, f"{days} days")


def editions_amiss(stage: Stage, wanted: int) -> list[str]:
    with stage.db.reading() as s:
        closed = s.scalar(
            select(func.count()).where(Edition.recipients > 0, Edition.state.in_(("sending", "sent")))
        )
    return [] if closed == wanted else [f"{closed} editions instead of {wanted}"]


def next_seven() -> datetime:
    """The hour of the daily list, a day ahead of now at least, so that no leases of the present are in the way."""
    today = clock.now().astimezone(UTC).replace(hour=7, minute=0, second=0, microsecond=0)
    return today + 2 * DAY
