"""What a picture looks like, in 64 bits that a crop at the edge, another size or another format hardly change.

The bits of the low frequencies of a 32 × 32 grey copy (the "pHash"): two pictures are near the same when few of them differ.
"""

import math
from collections.abc import Sequence

SIDE, LOW = 32, 8
NEAR = 10
"""So many bits may differ between two versions of one picture; of two pictures, about 32 do."""
_FLAT = 2.0
"""Mean deviation of the grey, of 255, below which a picture looks like any other flat one."""
_COSINES = [[math.cos((2 * x + 1) * u * math.pi / (2 * SIDE)) for x in range(SIDE)] for u in range(LOW + 1)]


def likeness_of(grey: bytes) -> str:
    """16 hex digits for 32 × 32 bytes of grey; nothing for a flat picture, or what is no such copy."""
    if len(grey) != SIDE * SIDE or _deviation(grey) < _FLAT:
        return ""
    across = [
        [_dot(_COSINES[u], grey[y * SIDE : (y + 1) * SIDE]) for u in range(LOW + 1)] for y in range(SIDE)
    ]
    columns = [[across[y][u] for y in range(SIDE)] for u in range(LOW + 1)]
    # The first row and column say how bright it is, not what it shows.
    waves = [_dot(_COSINES[v], columns[u]) for v in range(1, LOW + 1) for u in range(1, LOW + 1)]
    middle = sorted(waves)[len(waves) // 2]
    return f"{sum(1 << at for at, wave in enumerate(waves) if wave > middle):016x}"


def is_near(one: str, other: str) -> bool:
    return bool(one and other) and (int(one, 16) ^ int(other, 16)).bit_count() <= NEAR


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def _deviation(grey: bytes) -> float:
    mean = sum(grey) / len(grey)
    return sum(abs(value - mean) for value in grey) / len(grey)
