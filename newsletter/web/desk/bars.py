"""The outcome bar of an edition: one piece for each way in which its letters ended or still wait. Pure drawing, called by ``editions``."""

from dataclasses import dataclass

from newsletter.delivery.books import Balance

WIDTH, GAP, LEAST = 1000.0, 3.0, 4.0
"""In units of the drawing; LEAST keeps a single letter visible among many thousands."""


@dataclass(frozen=True)
class Piece:
    name: str
    """Names its colour: accepted, waiting, retry, uncertain, refused or skipped."""
    word: str
    number: int
    x: float
    width: float


def outcome_bar(letters: Balance) -> tuple[Piece, ...]:
    counted = (
        ("accepted", "accepted", letters.accepted),
        ("refused", "refused", letters.refused),
        ("skipped", "skipped", letters.skipped),
        ("uncertain", "in doubt", letters.uncertain),
        ("retry", "to be tried again", letters.retry),
        ("waiting", "waiting", letters.ready + letters.sending),
    )
    shown = [piece for piece in counted if piece[2]]
    if not shown:
        return ()
    widths = _widths([number for *_, number in shown])
    starts = [sum(widths[:i]) + GAP * i for i in range(len(widths))]
    return tuple(
        Piece(name, word, number, round(x, 2), round(width, 2))
        for (name, word, number), x, width in zip(shown, starts, widths, strict=True)
    )


def _widths(numbers: list[int]) -> list[float]:
    """Shares of the bar without its gaps; what would be too thin gets LEAST, and the others give it up in proportion."""
    room = WIDTH - GAP * (len(numbers) - 1)
    total = sum(numbers)
    thin = [number * room / total < LEAST for number in numbers]
    left = room - LEAST * sum(thin)
    rest = sum(number for number, is_thin in zip(numbers, thin, strict=True) if not is_thin)
    return [LEAST if is_thin else number * left / rest for number, is_thin in zip(numbers, thin, strict=True)]
