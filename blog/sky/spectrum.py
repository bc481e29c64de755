"""Coloured light with the dark or bright lines of an element; drawn for stories about starlight."""

from blog.sky import svg

HYDROGEN = (656.28, 486.13, 434.05, 410.17)
SODIUM = (589.00, 589.59)
SUNLIGHT = (
    393.37,
    396.85,
    410.17,
    430.78,
    434.05,
    486.13,
    516.73,
    517.27,
    518.36,
    527.04,
    589.00,
    589.59,
    627.66,
    656.28,
    686.72,
)
SHORT, LONG = 380.0, 700.0
STOPS = ((380, "#3A1466"), (420, "#4B23B8"), (450, "#2B44E0"), (485, "#1FA8E8"), (510, "#27C46B"), (550, "#9BE03A"),
         (580, "#F6E03A"), (610, "#F59A2C"), (650, "#E23B2E"), (700, "#7A1512"))  # fmt: skip


def spectrum(title: str, note: str, lines: tuple[float, ...], *, bright: bool) -> str:
    """Wavelengths in nanometres: bright lines on black as a glowing gas sends them, or dark ones in a full band."""
    stops = "".join(
        f'<stop offset="{(nm - SHORT) / (LONG - SHORT):.3f}" stop-color="{c}"/>' for nm, c in STOPS
    )
    hues = f'<defs><linearGradient id="spectrum-hues">{stops}</linearGradient><clipPath id="spectrum-lines">{_bars(lines, 8)}</clipPath></defs>'
    band = '<rect x="120" y="430" width="1760" height="480" fill="url(#spectrum-hues)" {}/>'
    ground = f'<rect x="120" y="430" width="1760" height="480" fill="#05060C" stroke="{svg.LINE}" stroke-width="2"/>'
    drawn = (
        (ground + band.format('clip-path="url(#spectrum-lines)"'))
        if bright
        else (band.format("") + f'<g fill="#05060C">{_bars(lines, 6)}</g>')
    )
    ticks = "".join(_tick(nm) for nm in range(400, 701, 50))
    return svg.frame(title, [hues, svg.heading(title, [note], x=120), drawn, ticks])


def _bars(lines: tuple[float, ...], width: float) -> str:
    return "".join(
        f'<rect x="{_x(nm) - width / 2:.1f}" y="430" width="{width}" height="480"/>' for nm in lines
    )


def _tick(nm: int) -> str:
    line = f'<path d="M{_x(nm):.1f} 910v26" stroke="{svg.PALE}" stroke-width="3"/>'
    return line + svg.text(_x(nm), 985, f"{nm} nm", 34, svg.PALE, "middle")


def _x(nm: float) -> float:
    return 120 + 1760 * (nm - SHORT) / (LONG - SHORT)
