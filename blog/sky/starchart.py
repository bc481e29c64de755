"""Star charts: the whole sky over a place at a moment, and one constellation close up. Pages and the demo call it."""

from collections.abc import Iterator
from datetime import datetime
from math import asin, atan2, cos, degrees, radians, sin
from zoneinfo import ZoneInfo

import ephem
from ephem import stars as named

from blog.sky import svg
from blog.sky.almanac import NAKED_EYE, Place, observer
from blog.sky.stars import Star, bright, figures

COLOURS = {"b": "#BFD0FF", "w": "#F4F5FF", "y": "#FFF0C9", "r": "#FFC79B"}
CENTRE, RADIUS = (1290.0, 650.0), 580.0
LABELLED = 1.5
"""Stars at least as bright as this carry their name."""
# Second names of the same stars.
SPELLINGS = {"Adara", "Agena", "Albereo", "Alcaid", "Etamin", "Formalhaut", "Gienah", "Sirrah"}

Point = tuple[float, float]


def star_chart(at: datetime, place: Place) -> str:
    """The sky as held overhead: north up, east left. Horizon at the rim, distance from the middle is distance from the zenith."""
    seat = observer(at, place)
    spots = {number: _fixed(star.ra, star.dec, seat) for number, star in bright().items()}
    local = at.astimezone(ZoneInfo(place.timezone))
    ground = svg.dot(*CENTRE, RADIUS, svg.SKY)
    clip = f'<defs><clipPath id="chart-sky"><circle cx="{CENTRE[0]}" cy="{CENTRE[1]}" r="{RADIUS}"/></clipPath></defs>'
    inside = [
        *_altitude_rings(),
        _ecliptic(seat),
        *_figure_lines(spots),
        *_dots(spots),
        *_names(spots),
        *_wanderers(seat),
    ]
    told = [
        f"{local:%-d %B %Y}, {local:%H:%M}",
        f"{abs(place.lat):.0f}° {'north' if place.lat >= 0 else 'south'}",
    ]
    parts = [
        clip,
        ground,
        f'<g clip-path="url(#chart-sky)">{"".join(inside)}</g>',
        *_rim(),
        svg.heading(place.name, told),
        *_legend(),
    ]
    return svg.frame(f"The sky over {place.name}, {told[0]}", parts)


def figure_chart(name: str, width: float = 40) -> str:
    """One constellation that is about ``width`` degrees wide, and the sky around it; north up, east left."""
    chains = figures()[name]
    members = [bright()[number] for chain in chains for number in chain]
    middle = _middle(members)
    scale = 1200 / width
    near = {
        n: _flat(star, middle, scale) for n, star in bright().items() if _apart(star, middle) < width * 1.2
    }
    spots = {n: (x, y) for n, (x, y) in near.items() if x > 760 or y > 300}
    lines = [
        svg.path((spots[n] for n in chain if n in spots), svg.BLUE, 4, 'stroke-opacity=".55"')
        for chain in chains
    ]
    dots = [_star(x, y, bright()[n], 2.2) for n, (x, y) in spots.items()]
    labels = _labels([bright()[n] for n in spots if bright()[n].magnitude < 3.2], spots, 34)
    note = f"About {width * svg.WIDTH / 1200:.0f}° of sky from side to side"
    return svg.frame(f"The constellation {name}", [*lines, *dots, *labels, svg.heading(name, [note])])


def _fixed(ra: float, dec: float, seat: ephem.Observer) -> Point | None:
    """Where a fixed place of J2000 stands on the chart, or None below the horizon."""
    body = ephem.FixedBody()
    body._ra, body._dec, body._epoch = radians(ra), radians(dec), ephem.J2000
    body.compute(seat)
    return _over(body.az, body.alt) if body.alt > 0 else None


def _over(azimuth: float, altitude: float) -> Point:
    far = RADIUS * (90 - degrees(altitude)) / 90
    return CENTRE[0] - far * sin(azimuth), CENTRE[1] - far * cos(azimuth)


def _altitude_rings() -> Iterator[str]:
    for share in (1 / 3, 2 / 3):
        yield svg.ring(*CENTRE, RADIUS * share, svg.LINE, 2, "4 10")


def _ecliptic(seat: ephem.Observer) -> str:
    runs: list[list[Point]] = [[]]
    for lon in range(0, 361, 2):
        spot = ephem.Equatorial(ephem.Ecliptic(radians(lon), 0, epoch=ephem.J2000), epoch=ephem.J2000)
        point = _fixed(degrees(spot.ra), degrees(spot.dec), seat)
        if point:
            runs[-1].append(point)
        elif runs[-1]:
            runs.append([])
    return "".join(
        svg.path(run, svg.STAR, 3, 'stroke-opacity=".5" stroke-dasharray="14 12"')
        for run in runs
        if len(run) > 1
    )


def _figure_lines(spots: dict[int, Point | None]) -> Iterator[str]:
    for chains in figures().values():
        for chain in chains:
            for one, two in zip(chain, chain[1:], strict=False):
                start, end = spots.get(one), spots.get(two)
                if start and end:
                    yield svg.path((start, end), svg.BLUE, 2.5, 'stroke-opacity=".38"')


def _dots(spots: dict[int, Point | None]) -> Iterator[str]:
    for number, point in spots.items():
        if point:
            yield _star(*point, bright()[number], 1.6)


def _star(x: float, y: float, star: Star, scale: float) -> str:
    return svg.dot(x, y, scale * max(1.0, 6.2 - 1.15 * star.magnitude), COLOURS[star.colour])


def _names(spots: dict[int, Point | None]) -> Iterator[str]:
    shown = [
        star for number, star in bright().items() if _inside(spots[number]) and star.magnitude <= LABELLED
    ]
    yield from _labels(shown, {n: point for n, point in spots.items() if point}, 26)


def _inside(point: Point | None) -> bool:
    """Far enough from the rim for a name to be read whole."""
    return (
        point is not None and (point[0] - CENTRE[0]) ** 2 + (point[1] - CENTRE[1]) ** 2 < (0.9 * RADIUS) ** 2
    )


def _labels(shown: list[Star], spots: dict[int, Point], size: float) -> Iterator[str]:
    """Names beside their stars, brightest first; a name that would run into another moves below or is left out."""
    taken: list[Point] = []
    for star, name in sorted(_named(shown), key=lambda pair: pair[0].magnitude):
        x, y = spots[star.number]
        for place in ((x + 16, y - 10), (x + 16, y + size), (x - 20 - 0.6 * size * len(name), y - 10)):
            if 10 < place[0] < svg.WIDTH - 0.6 * size * len(name) and all(
                abs(place[0] - tx) > size * 6 or abs(place[1] - ty) > size for tx, ty in taken
            ):
                taken.append(place)
                yield svg.text(*place, name, size, "#C9CEE0")
                break


def _named(shown: list[Star]) -> Iterator[tuple[Star, str]]:
    """Each star with its proper name: ephem's named place within a third of a degree of it."""
    for name in named.stars:
        body = ephem.star(name)
        place = degrees(body._ra), degrees(body._dec)
        near = min(shown, key=lambda star: _apart(star, place), default=None)
        if near and name not in SPELLINGS and _apart(near, place) < 0.3:
            yield near, name


def _wanderers(seat: ephem.Observer) -> Iterator[str]:
    for name in (*NAKED_EYE, "Moon"):
        body = getattr(ephem, name)(seat)
        if body.alt <= 0:
            continue
        x, y = _over(body.az, body.alt)
        size, fill = (22, svg.INK) if name == "Moon" else (11, svg.STAR)
        # Near the western rim the name goes inwards, or the rim would cut it.
        aside, anchor = (-size - 9, "end") if x > CENTRE[0] + RADIUS * 0.7 else (size + 9, "start")
        yield svg.dot(x, y, size, fill) + svg.text(x + aside, y + 11, name, 32, svg.STAR, anchor)


def _rim() -> Iterator[str]:
    yield svg.ring(*CENTRE, RADIUS, svg.PALE, 4)
    x, y = CENTRE
    far = RADIUS + 42
    for letter, dx, dy in (("N", 0, -far + 16), ("S", 0, far + 14), ("E", -far, 14), ("W", far, 14)):
        yield svg.text(x + dx, y + dy, letter, 40, svg.INK, "middle")


def _legend() -> Iterator[str]:
    yield svg.text(90, 880, "Magnitude", 30, svg.PALE)
    for step, magnitude in enumerate((0, 1, 2, 3, 4)):
        yield svg.dot(106 + 84 * step, 930, 1.6 * max(1.0, 6.2 - 1.15 * magnitude), svg.INK)
        yield svg.text(106 + 84 * step, 985, str(magnitude), 28, svg.PALE, "middle")
    yield svg.path(((90, 1050), (190, 1050)), svg.STAR, 3, 'stroke-dasharray="14 12"')
    yield svg.text(214, 1061, "Ecliptic, the planets’ road", 30, svg.PALE)
    yield svg.dot(140, 1110, 11, svg.STAR)
    yield svg.text(214, 1121, "Planet", 30, svg.PALE)


def _middle(members: list[Star]) -> Point:
    x = sum(cos(radians(s.dec)) * cos(radians(s.ra)) for s in members)
    y = sum(cos(radians(s.dec)) * sin(radians(s.ra)) for s in members)
    z = sum(sin(radians(s.dec)) for s in members)
    return degrees(atan2(y, x)) % 360, degrees(atan2(z, (x * x + y * y) ** 0.5))


def _flat(star: Star, middle: Point, scale: float) -> Point:
    """Zenithal equidistant around ``middle``, east to the left, in the right two thirds of the chart."""
    away, turn = radians(star.ra - middle[0]), _apart(star, middle)
    east = cos(radians(star.dec)) * sin(away)
    north = sin(radians(star.dec)) * cos(radians(middle[1])) - cos(radians(star.dec)) * sin(
        radians(middle[1])
    ) * cos(away)
    length = (east * east + north * north) ** 0.5 or 1
    return 1180 - scale * turn * east / length, 690 - scale * turn * north / length


def _apart(star: Star, other: Point) -> float:
    """Degrees between a star and a place, by the haversine formula."""
    d_ra, d_dec = radians(star.ra - other[0]), radians(star.dec - other[1])
    half = sin(d_dec / 2) ** 2 + cos(radians(star.dec)) * cos(radians(other[1])) * sin(d_ra / 2) ** 2
    return degrees(2 * asin(min(1.0, half**0.5)))
