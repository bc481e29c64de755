"""The promises and how each is shown: one scenario, two sizes. ``test_promises`` plays the small one, ``bench/run faults`` the full."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.faults import places, stage
from tests.faults.scenarios import (
    answers,
    crashes,
    crowds,
    databases,
    disks,
    downtime,
    hours,
    readers,
    refusals,
    stopping,
)
from tests.faults.stage import Row

Size = Mapping[str, object]


@dataclass(frozen=True)
class Promise:
    id: str
    play: Callable[..., Row]
    small: Size
    full: Size
    runs: int = 1
    """So often in full."""
    ground: places.Ground | None = None
    """Where it needs more than just a database."""
    databases: tuple[str, ...] = places.DATABASES

    def on(self, kind: str, folder: Path, size: Size, ground: places.Ground) -> Row:
        with (self.ground or ground)(kind, folder) as place, stage.stage(place) as made:
            return self.play(made, **size)


PROMISES = (
    Promise("D1", crashes.at_random, {"readers": 400, "kills": 5}, {"readers": 20_000, "kills": 40}, 5),
    Promise(
        "D1", crashes.at_random, {"readers": 400, "kills": 5, "per_second": 400},
        {"readers": 20_000, "kills": 40, "per_second": 1000}, 5,
    ),
    Promise("D1", crashes.at_steps, {"readers": 400}, {"readers": 20_000}),
    Promise("D2", stopping.asked_to_stop, {"readers": 300, "rounds": 4}, {"readers": 20_000, "rounds": 50}),
    Promise("D2", stopping.paused_and_resumed, {"readers": 300, "rounds": 2}, {"readers": 20_000, "rounds": 100}),
    Promise("D3", answers.every_answer, {"letters": 20}, {"letters": 20_000}),
    Promise("D4", refusals.turned_away, {"readers": 100}, {"readers": 20_000, "refusals": refusals.ALL}),
    Promise("D5", disks.full_then_freed, {"readers": 1000}, {"readers": 20_000}, ground=places.small_disk),
    Promise(
        "D6", databases.away, {"readers": 300, "rounds": 1, "locked": 3},
        {"readers": 20_000, "rounds": 5, "locked": 40}, ground=places.steady,
    ),
    Promise("D6", databases.out_of_connections, {"readers": 200, "patient": False}, {"readers": 20_000, "patient": True}),
    Promise(
        "D7", crowds.together, {"readers": 300, "workers": 3, "clocks": 2},
        {"readers": 20_000, "workers": 8, "clocks": 4},
    ),
    Promise(
        "D7", crowds.limited, {"readers": 150, "workers": 3, "per_second": 60},
        {"readers": 6000, "workers": 8, "per_second": 200},
    ),
    Promise("D8", readers.who_leave, {"readers": 300, "leavers": 10}, {"readers": 20_000, "leavers": 500}),
    Promise("D9", readers.poisonous, {"readers": 60}, {"readers": 20_000}),
    Promise("D9", readers.poisonous_post, {"readers": 60}, {"readers": 20_000}),
    Promise("S1", hours.clocks_change, {"kind": "back", "every": False}, {"kind": "back", "every": True}),
    Promise("S1", hours.clocks_change, {"kind": "forward", "every": False}, {"kind": "forward", "every": True}),
    Promise("S2", crowds.same_instant, {"readers": 40, "parties": 3, "days": 7}, {"readers": 2000, "parties": 8, "days": 56}),
    Promise("S3", downtime.over_the_hour, {"readers": 5, "away": downtime.AWAY[1:3]}, {"readers": 2000}),
    Promise("S3", downtime.set_forward_and_back, {"readers": 5}, {"readers": 2000}),
    Promise(
        "P3", crowds.some_killed, {"readers": 400, "kills": 3}, {"readers": 100_000, "kills": 60},
        databases=("postgresql",),
    ),
)  # fmt: skip


def cases() -> Iterator[tuple[str, Promise]]:
    for promise in PROMISES:
        for kind in promise.databases:
            yield kind, promise
