"""The geometry of the plots: numbers in, shapes of an SVG out. Pure; the templates' macros call it.

Every plot is drawn on a sheet of WIDTH by HEIGHT that the page stretches, so all words stand beside it, in HTML.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 600.0, 160.0
GAP = 0.28
"""Of a column's share that stays empty."""
LEAST = 1.5
"""So high is a column at least that is not nothing."""
STEPS = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)


@dataclass(frozen=True)
class Column:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Line:
    path: str
    """The line alone."""
    area: str
    """The line and what lies under it."""
    end_x: float
    end_y: float


@dataclass(frozen=True)
class Tide:
    """Columns up and down from one level."""

    up: tuple[Column, ...]
    down: tuple[Column, ...]
    level: float
    top: int
    bottom: int


def ceiling(numbers: Sequence[float]) -> int:
    """The round number that the axis ends with; at least 1."""
    most = max([*numbers, 1])
    power = 1
    while power * 10 <= most:
        power *= 10
    return int(next(step * power for step in STEPS if step * power >= most and step * power % 1 == 0))


def columns(numbers: Sequence[float], top: float = 0, height: float = HEIGHT) -> tuple[Column, ...]:
    """One beside the other, standing on the ground; ``top`` is the number that fills the height."""
    top = top or ceiling(numbers)
    share = WIDTH / max(len(numbers), 1)
    made = []
    for place, number in enumerate(numbers):
        tall = _height(number, top, height)
        made.append(Column(_r(share * (place + GAP / 2)), _r(height - tall), _r(share * (1 - GAP)), _r(tall)))
    return tuple(made)


def line(numbers: Sequence[float], bottom: float = 0, top: float = 0, height: float = HEIGHT) -> Line:
    """From the left edge to the right one."""
    top = top or ceiling(numbers)
    span = max(top - bottom, 1e-9)
    step = WIDTH / max(len(numbers) - 1, 1)
    values = [*numbers, *numbers] if len(numbers) == 1 else [*numbers]
    points = [(_r(step * i), _r(height - height * (n - bottom) / span)) for i, n in enumerate(values)]
    if not points:
        return Line("", "", 0, height)
    path = "M" + " L".join(f"{x:g} {y:g}" for x, y in points)
    return Line(path, f"{path} L{points[-1][0]:g} {height:g} L0 {height:g} Z", *points[-1])


def tide(up: Sequence[float], down: Sequence[float], height: float = HEIGHT) -> Tide:
    """Both on one scale, so that their lengths compare."""
    top = ceiling(up)
    # Room for a column of LEAST at the least, where there is one.
    bottom = max(ceiling(down), -(-top // 10)) if any(down) else 0
    room = height / (top + bottom)
    level = top * room
    risen = columns(up, top, level)
    sunk = columns(down, bottom or 1, bottom * room)
    fallen = tuple(Column(one.x, _r(level), one.width, one.height) for one in sunk)
    return Tide(risen, fallen, _r(level), top, bottom)


def around(numbers: Sequence[float]) -> tuple[float, float]:
    """Bottom and top for a line whose changes matter more than its height: a tenth of room on either side."""
    low, high = min(numbers, default=0), max(numbers, default=0)
    room = max((high - low) / 10, 1)
    return max(0, low - room), high + room


def ticks(words: Sequence[str], most: int = 4) -> tuple[str, ...]:
    """At most so many of the words, evenly spread, the first and the last among them."""
    if len(words) <= most:
        return tuple(words)
    last = len(words) - 1
    return tuple(words[round(last * i / (most - 1))] for i in range(most))


def _height(number: float, top: float, height: float) -> float:
    return max(LEAST, height * min(number / top, 1)) if number > 0 else 0.0


def _r(number: float) -> float:
    return round(number, 2)
