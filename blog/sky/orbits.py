"""Where the planets go: orbits from above, Mars's loop, Jupiter's moons, the Sun's figure of eight. For pages and the demo."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import cos, degrees, pi, sin
from typing import Literal

import ephem

from blog.sky import svg
from blog.sky.almanac import Place, observer, stamp

# Length of a round in days and colour; the Earth is read from ephem's Sun, which carries it.
ROUNDS = {
    "Mercury": (88.0, "#B5BBD0"), "Venus": (224.7, "#FFE3B0"), "Earth": (365.25, "#7CCBE8"), "Mars": (687.0, "#FF9A6B"),
    "Jupiter": (4332.6, "#F0C89A"), "Saturn": (10759.0, "#F4DDA0"), "Uranus": (30687.0, "#9BE3E0"), "Neptune": (60190.0, "#8EA6FF"),
}  # fmt: skip
INNER, OUTER = ("Mercury", "Venus", "Earth", "Mars"), ("Jupiter", "Saturn", "Uranus", "Neptune")
GALILEAN = {"Io": "#FFE27A", "Europa": "#E9E4D6", "Ganymede": "#C8B6A0", "Callisto": "#8FA0C8"}
CENTRE = (1290.0, 650.0)
Point = tuple[float, float]


def orbit_diagram(at: datetime, which: Literal["inner", "outer"] = "inner") -> str:
    """The four inner or the four outer planets from above the north of the solar system, orbits and places to scale."""
    planets = INNER if which == "inner" else OUTER
    scale = 590 / (1.67 if which == "inner" else 30.4)
    rings = [_orbit(name, at, scale) for name in planets]
    bodies = [_planet(name, at, scale) for name in planets]
    note = (
        "Planets and the Sun are drawn larger than life"
        if which == "inner"
        else "The inner planets lie within the Sun’s dot"
    )
    title = f"The {which} planets"
    lines = [f"{at:%-d %B %Y}", "Seen from the north", "Orbits to scale"]
    sun = svg.dot(*CENTRE, 26, svg.STAR) + svg.ring(*CENTRE, 38, svg.STAR, 2)
    return svg.frame(
        f"{title} on {at:%-d %B %Y}",
        [*rings, sun, *bodies, svg.heading(title, lines), svg.text(90, 1210, note, 28, svg.PALE)],
    )


def retrograde_loop(start: datetime, days: int, name: str = "Mars") -> str:
    """A planet's path among the stars, a dot every ten days, right ascension growing to the left."""
    spots = [_among_stars(name, start + timedelta(days=d)) for d in range(days + 1)]
    place = _fitter(spots)
    track = [place(spot) for spot in spots]
    dots = "".join(svg.dot(*point, 8, svg.STAR) for point in track[::10])
    middle = sum(y for _, y in track) / len(track)
    months = [
        svg.text(
            point[0], point[1] + (-24 if point[1] < middle else 50), f"{day:%-d %b}", 29, svg.INK, "middle"
        )
        for day, point in ((start + timedelta(days=d), track[d]) for d in range(days + 1))
        if day.day == 1
    ]
    lines = [f"{start:%B %Y} to {start + timedelta(days=days):%B %Y}", "A dot every ten days"]
    line = svg.path(track, "#FF9A6B", 4)
    return svg.frame(
        f"The path of {name} among the stars", [line, dots, *months, svg.heading(f"{name} turns back", lines)]
    )


def galilean_moons(start: datetime, days: int = 16) -> str:
    """Io, Europa, Ganymede and Callisto to either side of Jupiter, time running down, as Galileo plotted them."""
    top, step, wide = 150.0, 1040.0 / days, 590 / 27
    middle = 1345.0
    rows = [
        svg.path(((middle - 610, top + step * d), (middle + 610, top + step * d)), svg.LINE, 1.5)
        for d in range(days + 1)
    ]
    labels = [
        svg.text(
            middle - 640, top + step * d + 10, f"{start + timedelta(days=d):%-d %b}", 27, svg.PALE, "end"
        )
        for d in range(0, days + 1, 2)
    ]
    planet = f'<rect x="{middle - wide:.1f}" y="{top}" width="{2 * wide:.1f}" height="1040" fill="#F0C89A" fill-opacity=".75"/>'
    waves = [_wave(moon, colour, start, days, (middle, top, step, wide)) for moon, colour in GALILEAN.items()]
    key = [
        svg.dot(106, 520 + 62 * i, 12, c) + svg.text(140, 532 + 62 * i, m, 34)
        for i, (m, c) in enumerate(GALILEAN.items())
    ]
    lines = [f"{start:%B %Y}", "East is left, time runs down,", "the band is Jupiter"]
    return svg.frame(
        "The moons of Jupiter", [*rows, planet, *waves, *labels, *key, svg.heading("Jupiter’s moons", lines)]
    )


def analemma(year: int, place: Place) -> str:
    """The Sun at noon of the clock's mean time, every fifth day of a year, looking south (or north) at that height."""
    noon = datetime(year, 1, 1, 12, tzinfo=UTC) - timedelta(hours=place.lon / 15)
    days = [noon + timedelta(days=d) for d in range(365)]
    spots = [_sun(day, place) for day in days]
    low, high = min(alt for _, alt in spots), max(alt for _, alt in spots)
    scale = 1020 / (high - low)
    points = [(1330 + scale * across, 1160 - scale * (alt - low)) for across, alt in spots]
    suns = "".join(svg.dot(*point, 15, svg.STAR) for point in points[::5])
    marks = "".join(
        _mark(points[d], f"{days[d]:%-d %b}") for d in (20, 59, 104, 171, 211, 243, 304, 330, 354)
    )
    lines = [f"{place.name}, {year}", "The Sun at the same mean time,", "every fifth day"]
    line = svg.path([*points, points[0]], svg.STAR, 2, 'stroke-opacity=".4"')
    return svg.frame(
        f"The Sun’s figure of eight over {place.name}",
        [line, suns, marks, svg.heading("The analemma", lines)],
    )


def _mark(point: Point, words: str) -> str:
    """To the right of points right of the middle, else to the left."""
    if point[0] >= 1330:
        return svg.text(point[0] + 34, point[1] + 10, words, 29)
    return svg.text(point[0] - 34, point[1] + 10, words, 29, anchor="end")


def _orbit(name: str, at: datetime, scale: float) -> str:
    days, _ = ROUNDS[name]
    points = [_seen(name, at + timedelta(days=days * share / 240), scale) for share in range(241)]
    return svg.path(points, "#3A4266", 3)


def _planet(name: str, at: datetime, scale: float) -> str:
    x, y = _seen(name, at, scale)
    return svg.dot(x, y, 17, ROUNDS[name][1]) + (
        svg.text(x + 30, y + 12, name, 36) if x < 1740 else svg.text(x - 30, y + 12, name, 36, anchor="end")
    )


def _seen(name: str, at: datetime, scale: float) -> Point:
    """Heliocentric longitude runs anticlockwise from the right; the distance is the true one."""
    body = (ephem.Sun if name == "Earth" else getattr(ephem, name))(stamp(at))
    far = body.earth_distance if name == "Earth" else body.sun_distance
    return CENTRE[0] + scale * far * cos(body.hlon), CENTRE[1] - scale * far * sin(body.hlon)


def _among_stars(name: str, at: datetime) -> Point:
    body = getattr(ephem, name)(stamp(at), epoch=ephem.J2000)
    return degrees(body.a_ra), degrees(body.a_dec)


def _fitter(spots: list[Point]) -> Callable[[Point], Point]:
    """A map of sky to paper that fills the right part of the chart; one degree is as long across as up."""
    mid_ra = (max(ra for ra, _ in spots) + min(ra for ra, _ in spots)) / 2
    mid_dec = (max(dec for _, dec in spots) + min(dec for _, dec in spots)) / 2
    shrink = cos(mid_dec * pi / 180)
    across = max(abs(ra - mid_ra) for ra, _ in spots) * shrink
    up = max(abs(dec - mid_dec) for _, dec in spots)
    scale = min(850 / across, 330 / up)
    return lambda spot: (1000 - scale * shrink * (spot[0] - mid_ra), 800 - scale * (spot[1] - mid_dec))


def _wave(moon: str, colour: str, start: datetime, days: int, at: tuple[float, float, float, float]) -> str:
    middle, top, step, wide = at
    hours = range(days * 24 + 1)
    points = (
        (middle - wide * _elongation(moon, start + timedelta(hours=h)), top + step * h / 24) for h in hours
    )
    return svg.path(points, colour, 5)


def _elongation(moon: str, at: datetime) -> float:
    """Jupiter radii east of Jupiter."""
    return float(getattr(ephem, moon)(stamp(at)).x)


def _sun(at: datetime, place: Place) -> Point:
    """Degrees across (west positive) and up, at ``at``."""
    sun = ephem.Sun(observer(at, place))
    toward = 180.0 if degrees(sun.az) > 90 and degrees(sun.az) < 270 else 0.0
    across = (degrees(sun.az) - toward + 180) % 360 - 180
    return across * cos(sun.alt), degrees(sun.alt)
