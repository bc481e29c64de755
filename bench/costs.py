"""What a message costs its sender: processor time to a sink that costs nothing itself, memory, and a signature."""

import time
from collections.abc import Iterator

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from bench.measure import Measure, within
from bench.rates import CONNECTIONS
from bench.scene import Scene
from bench.senders import Sender, cost, growth, is_signed, keyed, order, rate
from bench.sinks import cheap, source

MICROSECONDS, MEMORY, SIZES = 45, 120, (28 * 1024, 32 * 1024)


def to_cheap_sink(scene: Scene) -> Iterator[Measure]:
    on, seconds = scene.on, scene.scale.seconds * 2
    with cheap(scene.folder) as sink:
        told = Sender(order(scene.world, sink, CONNECTIONS, seconds=seconds)).begin().told()
        size = sink.count.sample.stat().st_size
        assert SIZES[0] <= size <= SIZES[1], f"a digest of {size} bytes is none of about 30 KiB"
        theirs = source(sink.count.port, int(seconds * 1500), size, CONNECTIONS)
    yield within(f"processor time of a sender, {on}", cost(told), "µs/message", MICROSECONDS, theirs.cost)
    yield within(f"memory of a sender at its most, {on}", told.peak_mib, "MiB", MEMORY)
    first, last = growth(told)
    yield Measure(f"memory at its end beside its beginning, {on}", last, "MiB", first, 1.05, "lower")


def signed(scene: Scene) -> Iterator[Measure]:
    """Nothing counts where the mails bear no signature."""
    seconds = scene.scale.seconds
    best = signatures(seconds / 3)
    with keyed(scene.world.settings), cheap(scene.folder) as sink:
        told = Sender(order(scene.world, sink, CONNECTIONS, seconds=seconds)).begin().told()
        ours = rate(told) if is_signed(sink.count.sample) else 0.0
    best = (best + signatures(seconds / 3)) / 2
    yield Measure(f"RSA-2048 signed messages, {scene.on}", ours, "messages/s", best, 0.75)


def signatures(seconds: float) -> float:
    """RSA-2048 signatures a second that ``cryptography`` makes on one core."""
    key, words = rsa.generate_private_key(65537, 2048), b"a header" * 100
    began, made = time.perf_counter(), 0
    while time.perf_counter() - began < seconds:
        key.sign(words, padding.PKCS1v15(), SHA256())
        made += 1
    return made / (time.perf_counter() - began)
