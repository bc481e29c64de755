"""What stays as it is until something public changes: read once, then at hand for every page that is made. Called by the web's frame."""

from collections.abc import Callable
from typing import Any, TypeVar

from blog.pagecache.generation import Generation

T = TypeVar("T")


class Remembered:
    """One worker's. A page that is made under a generation is never made of something older than it."""

    def __init__(self, generation: Generation) -> None:
        self._generation = generation
        self._kept: dict[str, tuple[int, Any]] = {}

    def get(self, name: str, read: Callable[[], T]) -> T:
        """What ``read`` answers, asked anew after each change. Raises what the database raises."""
        # Before it is read: what changes in between is found next time.
        now = self._generation.current()
        kept = self._kept.get(name)
        if kept is None or kept[0] != now:
            kept = self._kept[name] = (now, read())
        value: T = kept[1]
        return value
