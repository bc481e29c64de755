"""The few strokes all charts share: palette, frame, text, dots. Only sky's own drawing files call it."""

from collections.abc import Iterable
from html import escape

NIGHT, SKY, LINE, STAR, INK, PALE, BLUE, TEAL = (
    "#0B0E1A", "#10152A", "#2A3048", "#F4B942", "#ECEEF6", "#939AB3", "#A9B8FF", "#5FD0C5",
)  # fmt: skip
SANS = "Figtree, 'Chart Sans', DejaVu Sans, Liberation Sans, Arial, sans-serif"
SERIF = "'Source Serif 4', 'Chart Serif', 'DejaVu Serif', Georgia, serif"
WIDTH, HEIGHT = 2000, 1300


def frame(title: str, parts: Iterable[str], width: int = WIDTH, height: int = HEIGHT) -> str:
    """A whole chart on the night's ground. ``title`` is what a screen reader says of it."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" font-family="{SANS}"><title>{escape(title)}</title>'
    )
    return head + f'<rect width="{width}" height="{height}" fill="{NIGHT}"/>' + "".join(parts) + "</svg>"


def heading(title: str, lines: Iterable[str] = (), x: float = 90, y: float = 150) -> str:
    """A title with an amber dot before a hairline under it, then small lines."""
    rule = f'<path d="M{x} {y + 44}h420" stroke="{LINE}" stroke-width="3"/><circle cx="{x}" cy="{y + 44}" r="9" fill="{STAR}"/>'
    small = "".join(text(x, y + 110 + 52 * row, line, 34, PALE) for row, line in enumerate(lines))
    return f'<g font-family="{SERIF}">{text(x, y, title, 66, INK)}</g>{rule}{small}'


def text(x: float, y: float, words: str, size: float = 34, fill: str = INK, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{fill}" text-anchor="{anchor}">{escape(words)}</text>'


def dot(x: float, y: float, radius: float, fill: str = INK, opacity: float = 1) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{fill}" fill-opacity="{opacity}"/>'


def ring(x: float, y: float, radius: float, stroke: str = LINE, width: float = 3, dash: str = "") -> str:
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<circle cx="{x}" cy="{y}" r="{radius:.1f}" fill="none" stroke="{stroke}" stroke-width="{width}"{dashes}/>'


def path(points: Iterable[tuple[float, float]], stroke: str, width: float = 3, more: str = "") -> str:
    d = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return (
        f'<path d="{d}" fill="none" stroke="{stroke}" stroke-width="{width}" stroke-linejoin="round" {more}/>'
    )
