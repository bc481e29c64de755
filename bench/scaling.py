"""What must not grow, and what must: the cost of a message with the ledger, and the speed with the workers."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bench.filling import World, freeze, furnish
from bench.measure import Measure
from bench.rates import CONNECTIONS
from bench.scene import Scene
from bench.senders import Sender, cost, is_signed, keyed, order
from bench.sinks import Sink, cheap

AT_START = 1.5
"""Seconds in which workers get going."""


def of_ledgers(scene: Scene) -> Iterator[Measure]:
    """As many mails from each of three ledgers, in turns."""
    scale, folder, on = scene.scale, scene.folder, scene.on
    worlds = [furnish(scene.places(f"step{many}"), folder / f"step{many}", many) for many in scale.steps]
    for world in worlds:
        freeze(world)
    worlds.append(scene.world)
    costs: dict[int, list[float]] = {world.readers: [] for world in worlds}
    for _ in range(scale.rounds):
        for world in worlds:
            costs[world.readers].append(_cost(world, folder, scale.sent))
    least, *_ = found = [median(costs[world.readers]) for world in worlds]
    for world, one in zip(worlds[1:], found[1:], strict=True):
        name = f"a message's cost at {world.readers:,} letters beside {worlds[0].readers:,}, {on}"
        yield Measure(name, one, "µs/message", least, 1.25, "lower")


def _cost(world: World, folder: Path, sent: int) -> float:
    with cheap(folder) as sink:
        return cost(Sender(order(world, sink, CONNECTIONS, mails=sent)).begin().told())


def of_workers(scene: Scene) -> Iterator[Measure]:
    """One worker with the sink and the database on one core, beside two workers with the same on two: so what is compared is
    twice the machine with twice the workers. Signed, so that the processor is what limits; nothing counts where no signature is.
    """
    if not scene.server or len(os.sched_getaffinity(0)) < 2:
        return
    one: list[float] = []
    two: list[float] = []
    signed = False
    with keyed(scene.world.settings):
        for _ in range(scene.scale.rounds):
            for cores, found in (((0,), one), ((0, 1), two)):
                with _confined(scene.server, cores), cheap(scene.folder) as sink:
                    os.sched_setaffinity(sink.pid, cores)
                    found.append(_together(scene.world, sink, cores, scene.scale.seconds))
                    signed = is_signed(sink.count.sample)
    ours = median(two) if signed else 0.0
    yield Measure("two workers beside one, RSA-2048 signed, PostgreSQL", ours, "messages/s", median(one), 1.7)


def _together(world: World, sink: Sink, cores: Sequence[int], seconds: float) -> float:
    """Messages a second of a worker on each core, once all are under way."""
    count = sink.count
    until = AT_START + seconds
    workers = [Sender(order(world, sink, CONNECTIONS, seconds=until, core=core)) for core in cores]
    for worker in workers:
        worker.begin()
    time.sleep(AT_START)
    began, before = time.perf_counter(), count.mails
    time.sleep(seconds * 0.9)
    found = (count.mails - before) / (time.perf_counter() - began)
    for worker in workers:
        worker.told()
    return found


@contextmanager
def _confined(server: int, cores: Sequence[int]) -> Iterator[None]:
    """What PostgreSQL starts for new connections stays on these cores."""
    before = os.sched_getaffinity(server)
    os.sched_setaffinity(server, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(server, before)
