"""D1: killed by -9, whole process group, at random moments and at every named step."""

import random
from collections.abc import Sequence

from newsletter.delivery.failpoints import Step
from tests.faults.recording import read_record
from tests.faults.stage import Row, Stage

STEPS = [
    f"{step}:{time}"
    for step, times in {
        Step.CLAIMED: (1, 3), Step.COMPOSED: (1, 3), Step.SENDING: (1, 40), Step.DATA_SENT: (1, 40),
        Step.ACCEPTED_UNRECORDED: (1, 40), Step.RECORDED: (1, 3),
    }.items()
    for time in times
]  # fmt: skip
"""Each the first time, and again when it is in full swing."""
ENOUGH = 20
"""Kills of which a mean says something."""


def at_random(stage: Stage, readers: int, kills: int, per_second: int = 0) -> Row:
    """As many kills as are asked for, over the whole edition: between two mails, or while one is answered. At full speed there is always
    a mail on each line; at a pace that the server follows with ease, most kills find none."""
    stage.close_edition(readers)
    if per_second:
        stage.words["smtp_url"] = f"{stage.words['smtp_url']}?per_second={per_second}"
    chance = random.Random(readers + kills)
    done = 0
    while done < kills:
        share = (readers - stage.recorder.number("readers")) // (kills - done + 1)
        worker = stage.work()
        stage.comes(stage.recorder.number() + chance.randint(0, 2 * share))
        worker.join(chance.random() / 100)
        stage.kill(worker)
        done += 1
    faults = stage.finish()
    counted = read_record(stage.recorder.record).kills
    mean = sum(kill.duplicates for kill in counted) / kills
    faults += [f"{mean:.2f} duplicates a kill"] if per_second and mean >= 1 and kills >= ENOUGH else []
    lines = sum(kill.connections for kill in counted) / kills
    note = f"{mean:.2f} duplicates a kill, of {lines:.1f} open connections"
    speed = f"{per_second} a second" if per_second else "full speed"
    return stage.judge(f"D1 kill -9 at random, {speed}", kills, faults, note)


def at_steps(stage: Stage, readers: int, steps: Sequence[str] = STEPS) -> Row:
    stage.close_edition(readers)
    faults = []
    for step in steps:
        stage.recorder.kill_comes()
        worker = stage.work(failpoint=step)
        worker.join(30)
        if worker.exitcode != -9:
            faults.append(f"{step} was not reached")
            stage.company.kill(worker)
    return stage.judge("D1 kill -9 at every step", len(steps), faults + stage.finish())
