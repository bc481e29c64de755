"""The Moon drawn: a small disc for the page's strip, a portrait, a month. Pages, mails and the demo call it.

Star charts are in starchart.py, paths of planets in orbits.py; all are offered from here.
"""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from math import cos, pi, radians, sin

from blog.sky import svg
from blog.sky.almanac import Moon, moon
from blog.sky.orbits import analemma, galilean_moons, orbit_diagram, retrograde_loop
from blog.sky.spectrum import spectrum
from blog.sky.starchart import figure_chart, star_chart

__all__ = [
    "analemma",
    "figure_chart",
    "galilean_moons",
    "moon_calendar",
    "moon_disc",
    "moon_portrait",
    "orbit_diagram",
    "retrograde_loop",
    "spectrum",
    "star_chart",
]

# Longitude, latitude and half-width in degrees of the seas as they stand on the near side.
SEAS = (
    (-16, 33, 18), (17, 27, 11), (30, 9, 13), (59, 17, 7.5), (51, -7, 10), (35, -15, 6), (-17, -21, 11), (-39, -24, 7),
    (-56, 20, 15), (-50, 4, 15), (-58, 40, 11), (-23, -9, 8), (3, 13, 5), (-30, 57, 6), (-10, 58, 6), (10, 57, 6), (28, 56, 5),
)  # fmt: skip
RAYS = ((-11, -43, 4.5), (-20, 10, 3.4), (-38, 8, 2.6), (-47, 24, 2.2), (61, -9, 2.4))


def moon_disc(shown: Moon, size: int = 20) -> str:
    """The disc alone, north up, in the colour of the text around it; ``.moon-lit`` and ``.moon-dark`` may be styled."""
    title = f"Moon: {shown.phase_name}, {shown.lit}% lit"
    dark = '<circle class="moon-dark" cx="50" cy="50" r="46" fill="currentColor" fill-opacity=".16"/>'
    lit = f'<path class="moon-lit" d="{_lit(shown.angle, 50, 50, 46)}" fill="currentColor"/>'
    edge = '<circle cx="50" cy="50" r="46" fill="none" stroke="currentColor" stroke-opacity=".55" stroke-width="4"/>'
    return (
        f'<svg class="moon-disc" viewBox="0 0 100 100" width="{size}" height="{size}" role="img">'
        f"<title>{title}</title>{dark}{lit}{edge}</svg>"
    )


def moon_portrait(angle: float, name: str, note: str = "") -> str:
    """The near side, seas and bright craters, lit as at ``angle`` degrees from the Sun; the rest in earthshine."""
    x, y, r = 1330.0, 650.0, 520.0
    lit = round(50 * (1 - cos(radians(angle))))
    clips = f'<clipPath id="moon-lit-part"><path d="{_lit(angle, x, y, r)}"/></clipPath>'
    face = f'<g clip-path="url(#moon-lit-part)">{_face(x, y, r)}</g>'
    shine = f'<g opacity=".16">{_face(x, y, r)}</g>'
    lines = [f"{lit} % of the disc is lit", *([note] if note else [])]
    parts = [
        f"<defs>{clips}</defs>",
        shine,
        face,
        svg.ring(x, y, r, svg.LINE, 2),
        svg.heading(name, lines),
    ]
    return svg.frame(f"{name}: the Moon {lit} % lit", parts)


def moon_calendar(year: int, month: int) -> str:
    """One disc a day at 21:00 UTC, weeks from Monday; the days of the four named phases are ringed."""
    first, days = monthrange(year, month)
    rows = (first + days + 6) // 7
    step = min(196, 1000 / rows)
    title = f"{date(year, month, 1):%B %Y}"
    week = [
        svg.text(240 + 253 * i, 268, day, 32, svg.PALE, "middle")
        for i, day in enumerate(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"])
    ]
    ringed = _named_days(datetime(year, month, 1, tzinfo=UTC), days)
    cells = (
        _day(datetime(year, month, day, 21, tzinfo=UTC), first + day - 1, step, day in ringed)
        for day in range(1, days + 1)
    )
    return svg.frame(f"The Moon in {title}", [svg.heading(f"The Moon in {title}", y=130), *week, *cells])


def _named_days(first: datetime, days: int) -> set[int]:
    """The days, by UTC, in which a quarter of the round is completed."""
    corners = [int(moon(first + timedelta(days=day)).angle // 90) for day in range(days + 1)]
    return {day + 1 for day in range(days) if corners[day] != corners[day + 1]}


def _day(at: datetime, cell: int, step: float, named: bool) -> str:
    shown = moon(at)
    x, y, r = 240 + 253 * (cell % 7), 385 + step * (cell // 7), step * 0.36
    number = svg.text(x - 118, y + 12, str(at.day), 36, svg.STAR if named else svg.PALE)
    lit = f'<path d="{_lit(shown.angle, x, y, r)}" fill="{svg.INK}"/>'
    return number + svg.dot(x, y, r, "#1B2138") + lit + (svg.ring(x, y, r + 10, svg.STAR, 3) if named else "")


def _lit(angle: float, x: float, y: float, r: float) -> str:
    """Outline of the lit part: half the limb, then half an ellipse, the terminator, of half-width r·|cos(angle)|."""
    waxing = angle % 360 < 180
    bulges_to_limb = cos(radians(angle)) > 0
    limb = 1 if waxing else 0
    back = 1 - limb if bulges_to_limb else limb
    width = r * abs(cos(radians(angle)))
    return f"M{x} {y - r}A{r} {r} 0 0 {limb} {x} {y + r}A{width:.3f} {r} 0 0 {back} {x} {y - r}Z"


def _face(x: float, y: float, r: float) -> str:
    shores = "".join(_spot(x, y, r, spot, "#8C8B92", 0.34, 1.1) for spot in SEAS)
    seas = "".join(_spot(x, y, r, spot, "#85848D", 0.72, 0.94) for spot in SEAS)
    rays = "".join(_spot(x, y, r, spot, "#FFFDF6", 0.5, 1.0) for spot in RAYS)
    return svg.dot(x, y, r, "#E4E1DA") + shores + seas + rays


def _spot(
    x: float, y: float, r: float, spot: tuple[float, float, float], fill: str, opacity: float, grown: float
) -> str:
    """A ragged patch on the globe; its shore is a sum of waves, so that it is the same on every drawing."""
    lon, lat, size = map(radians, spot)
    east, north = x + r * cos(lat) * sin(lon), y - r * sin(lat)
    wide, tall = r * sin(size) * max(0.2, cos(lon)), r * sin(size) * max(0.25, cos(lat))
    shore = []
    for turn in (2 * pi * step / 72 for step in range(72)):
        rough = (
            1
            + 0.1 * sin(3 * turn + spot[0])
            + 0.07 * sin(5 * turn + spot[1])
            + 0.04 * sin(11 * turn + spot[2])
        )
        shore.append(
            f"{east + grown * rough * wide * cos(turn):.1f} {north + grown * rough * tall * sin(turn):.1f}"
        )
    return f'<path d="M{"L".join(shore)}Z" fill="{fill}" fill-opacity="{opacity}"/>'
