"""The first free name: every room that gives something an address asks for one."""

from collections.abc import Container
from itertools import count


def first_free(wish: str, taken: Container[str]) -> str:
    """``wish``, or ``wish-2``, ``wish-3``… where it is taken."""
    return next(name for n in count(1) if (name := wish if n == 1 else f"{wish}-{n}") not in taken)
