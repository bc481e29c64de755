"""D2: asked to stop, paused, and set up differently, in the middle of an edition. Nothing is lost, and nothing comes twice."""

import random
import time

from blog import clock
from newsletter.delivery import pausing
from tests.faults.company import WELL
from tests.faults.recording import recorder
from tests.faults.stage import Row, Stage


def asked_to_stop(stage: Stage, readers: int, rounds: int) -> Row:
    """Each worker is told to end by SIGTERM; the next one uses as many connections as it likes, to either of two servers."""
    stage.close_edition(readers)
    chance, faults, slowest = random.Random(readers), list[str](), 0.0
    with recorder(stage.recorder.record) as other:
        servers = (stage.recorder, other)
        for left in range(rounds, 0, -1):
            server = chance.choice(servers)
            waiting = readers - sum(one.number() for one in servers)
            worker = stage.work(
                smtp_url=f"smtp://127.0.0.1:{server.port}", smtp_connections=chance.randint(1, 12)
            )
            share = min(chance.randint(0, 2 * waiting // (left + 1)), waiting)
            stage.comes(server.number() + share, recorder=server)
            began = time.monotonic()
            code = stage.company.stop(worker)
            slowest = max(slowest, time.monotonic() - began)
            faults += [f"a worker ended with {code}"] if code not in WELL else []
            faults += [] if stage.is_quiet() else ["a worker left letters in its hands"]
        faults += stage.finish()
    return stage.judge("D2 SIGTERM, other settings", rounds, faults, f"out within {slowest:.1f} s")


def paused_and_resumed(stage: Stage, readers: int, rounds: int) -> Row:
    stage.close_edition(readers)
    worker, faults = stage.work(), list[str]()
    share = readers // (2 * rounds)
    for _ in range(rounds):
        stage.comes(min(stage.recorder.number() + share, readers))
        pausing.pause(stage.db, clock.now(), "A look at it first.")
        stage.until(lambda: stage.is_quiet() and is_silent(stage))
        faults += [] if is_silent(stage) else ["letters left during a pause"]
        pausing.resume(stage.db, clock.now())
    stage.until(stage.is_done)
    faults += stage.part([worker])
    return stage.judge("D2 paused and resumed", rounds, faults)


def is_silent(stage: Stage) -> bool:
    return not stage.recorder.until(stage.recorder.number() + 1, within=0.15)
