"""What every row of ``bench/run digest`` is given: a world whose edition is closed, and how much of everything."""

from dataclasses import dataclass
from pathlib import Path

from bench.databases import Places
from bench.filling import World


@dataclass(frozen=True)
class Scale:
    readers: int
    steps: tuple[int, ...]
    """Smaller ledgers, to see whether cost grows."""
    sent: int
    """Mails from each of these ledgers, in each round."""
    rounds: int
    seconds: float
    """Of each run of a sender."""


@dataclass(frozen=True)
class Scene:
    world: World
    on: str
    """The database's name."""
    server: int
    """The process of PostgreSQL; 0 on SQLite."""
    places: Places
    folder: Path
    scale: Scale
