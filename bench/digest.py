"""The delivery engine beside what this machine can do at best: speed, cost, signatures, a late relay, a million readers, two workers.

On each database one world of readers is filled and its edition closed while visitors look on; every row then sends from that ledger.
"""

import tempfile
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from bench import costs, freezing, rates, scaling
from bench.databases import Places, postgresql, sqlite
from bench.filling import freeze, furnish
from bench.measure import Measure
from bench.scene import Scale, Scene
from tests.postgres import Server

CLOSING = "closing"
ROWS: dict[str, Callable[[Scene], Iterator[Measure]]] = {
    CLOSING: freezing.closing,
    "smtp-sink": rates.to_smtp_sink,
    "cost": costs.to_cheap_sink,
    "relay": rates.through_late_relay,
    "ledgers": scaling.of_ledgers,
    "signed": costs.signed,
    "workers": scaling.of_workers,
}
FULL = Scale(1_000_000, (10_000, 100_000), 3000, 3, 6.0)
QUICK = Scale(200_000, (3_000, 10_000), 3000, 1, 2.0)


def run(*, quick: bool, only: Collection[str] = ()) -> Iterator[Measure]:
    scale, chosen = QUICK if quick else FULL, set(only or ROWS)
    with tempfile.TemporaryDirectory(prefix="perijove-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield from _on(sqlite, folder / "sqlite", scale, chosen)
        if Server.is_installed():
            with postgresql(folder) as places:
                yield from _on(places, folder / "postgresql", scale, chosen)


def _on(places: Places, folder: Path, scale: Scale, chosen: Collection[str]) -> Iterator[Measure]:
    folder.mkdir()
    place = places("whole")
    world = furnish(place, folder / "whole", scale.readers)
    if CLOSING not in chosen:
        freeze(world)
    scene = Scene(world, place.label, place.server, places, folder, scale)
    for name, row in ROWS.items():
        if name in chosen:
            yield from row(scene)
