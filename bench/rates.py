"""Messages a second where something else sets the pace: Debian's smtp-sink, and a relay that answers late."""

from collections.abc import Iterator
from statistics import median

from bench.filling import World
from bench.measure import Measure
from bench.scene import Scene
from bench.senders import Sender, accepted, order, rate
from bench.sinks import cheap, round_trip, smtp_sink, source

CONNECTIONS, FAR = 8, 64
SIZE = 30 * 1024
LATE = 10
"""Milliseconds."""


def to_smtp_sink(scene: Scene) -> Iterator[Measure]:
    """In turns with smtp-source, since a shared machine is not the same from one minute to the next."""
    ours, theirs, seconds = [], [], scene.scale.seconds
    with smtp_sink() as port:
        mails = 2000
        for _ in range(scene.scale.rounds):
            theirs.append(source(port, mails, SIZE, CONNECTIONS).rate)
            mails = int(theirs[-1] * seconds)
            ours.append(_one_run(scene.world, port, seconds))
    yield Measure(f"messages to smtp-sink, {scene.on}", median(ours), "messages/s", median(theirs), 0.9)


def _one_run(world: World, port: int, seconds: float) -> float:
    before = accepted(world)
    told = Sender(order(world, port, CONNECTIONS, seconds=seconds)).begin().told()
    return (accepted(world) - before) / told.seconds


def through_late_relay(scene: Scene) -> Iterator[Measure]:
    """Every reply comes 10 ms late; what one connection can do at best is a message a round trip."""
    with cheap(scene.folder, LATE) as sink:
        best = FAR / round_trip(sink.count.port)
        chosen = order(scene.world, sink, FAR, seconds=scene.scale.seconds)
        told = Sender(chosen).begin().told()
    yield Measure(
        f"messages through a relay {LATE} ms late, {FAR} connections, {scene.on}",
        rate(told),
        "messages/s",
        best,
        0.85,
    )
