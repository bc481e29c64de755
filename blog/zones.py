"""The names of the world's time zones. Finding them out reads a folder of six hundred files, so it is done once a process."""

from difflib import get_close_matches
from functools import cache
from zoneinfo import available_timezones


@cache
def names() -> frozenset[str]:
    return frozenset(available_timezones())


def find_near(name: str) -> str | None:
    """The zone that somebody who wrote ``name`` most likely meant."""
    return next(iter(get_close_matches(name, sorted(names()), 1)), None)
