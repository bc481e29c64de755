"""What the sky does: the Moon's phase, and the coming night at a place. Called by pages, the digest and the charts.

Ephem's objects are not safe between threads, so every call makes its own.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import degrees
from zoneinfo import ZoneInfo

import ephem

from blog.language.saying import said

NAKED_EYE = ("Mercury", "Venus", "Mars", "Jupiter", "Saturn")
WINDS = [
    "north",
    "north-northeast",
    "northeast",
    "east-northeast",
    "east",
    "east-southeast",
    "southeast",
    "south-southeast",
    "south",
    "south-southwest",
    "southwest",
    "west-southwest",
    "west",
    "west-northwest",
    "northwest",
    "north-northwest",
]
QUARTERS = (
    ("new moon", ephem.next_new_moon),
    ("first quarter", ephem.next_first_quarter_moon),
    ("full moon", ephem.next_full_moon),
    ("last quarter", ephem.next_last_quarter_moon),
)
STEP = timedelta(minutes=10)


@dataclass(frozen=True)
class Place:
    """Degrees, north and east positive; ``timezone`` is a name such as ``Africa/Lagos``."""

    name: str
    lat: float
    lon: float
    timezone: str


@dataclass(frozen=True)
class Moon:
    """``lit`` is percent of the disc; ``angle`` is degrees of ecliptic longitude from the Sun (0 new, 180 full)."""

    phase_name: str
    lit: int
    age_days: float
    waxing: bool
    angle: float


@dataclass(frozen=True)
class Planet:
    """A planet while it stands in a dark sky. ``best`` is when it is highest then; altitude in degrees at that time."""

    name: str
    magnitude: float
    first: datetime
    best: datetime
    last: datetime
    direction: str
    altitude: float
    words: str


@dataclass(frozen=True)
class Tonight:
    """The night that begins on ``evening``. A time is None where the thing does not happen that night."""

    evening: date
    place: Place
    sunset: datetime | None
    dark: datetime | None
    dawn: datetime | None
    sunrise: datetime | None
    moonrise: datetime | None
    moonset: datetime | None
    moon: Moon
    planets: tuple[Planet, ...]


def moon(at: datetime) -> Moon:
    """The Moon as seen from the Earth's centre. The four named phases last half a day to either side of their moment."""
    body, sun = ephem.Moon(stamp(at)), ephem.Sun(stamp(at))
    body_lon, sun_lon = ephem.Ecliptic(body, epoch=stamp(at)).lon, ephem.Ecliptic(sun, epoch=stamp(at)).lon
    angle = degrees(body_lon - sun_lon) % 360
    new = moment(ephem.previous_new_moon(stamp(at)))
    age = (at - new) / timedelta(days=1)
    return Moon(_phase_name(angle), round(body.phase), round(age, 1), angle < 180, round(angle, 2))


def quarters_after(at: datetime) -> tuple[tuple[str, datetime], ...]:
    """The next moment of each named phase, nearest first, under the names that ``Moon.phase_name`` has."""
    coming = ((name, moment(find(stamp(at)))) for name, find in QUARTERS)
    return tuple(sorted(coming, key=lambda quarter: quarter[1]))


def tonight(at: datetime, place: Place) -> Tonight:
    """The night around or after ``at``: before five in the morning, place's time, it is still the night of yesterday."""
    zone = ZoneInfo(place.timezone)
    local = at.astimezone(zone)
    evening = (local - timedelta(hours=5)).date()
    noon = datetime(evening.year, evening.month, evening.day, 12, tzinfo=zone).astimezone(UTC)
    sunset, dark = _sun(noon, place, "-0:34", rising=False), _sun(noon, place, "-18", rising=False)
    dawn, sunrise = _sun(noon, place, "-18", rising=True), _sun(noon, place, "-0:34", rising=True)
    rise = _event(ephem.Moon(), noon, place, "-0:34", rising=True, centre=False)
    fall = _event(ephem.Moon(), noon, place, "-0:34", rising=False, centre=False)
    night = moon(noon + timedelta(hours=9))
    return Tonight(evening, place, sunset, dark, dawn, sunrise, rise, fall, night, _planets(noon, place))


def sentences(night: Tonight) -> tuple[str, ...]:
    """At most three plain sentences for a page or a mail: darkness, Moon, planets. Times are the place's own."""
    zone = ZoneInfo(night.place.timezone)
    if not night.planets:
        return _darkness(night, zone), _moonlight(night, zone), "No planet stands in a dark sky tonight."
    return _darkness(night, zone), _moonlight(night, zone), " ".join(planet.words for planet in night.planets)


def stamp(at: datetime) -> ephem.Date:
    """Ephem's own date, which is UTC."""
    return ephem.Date(at.astimezone(UTC).replace(tzinfo=None))


def moment(day: float) -> datetime:
    """An ephem date as aware UTC, to the second."""
    found: datetime = ephem.Date(day).datetime().replace(tzinfo=UTC)
    return (found + timedelta(milliseconds=500)).replace(microsecond=0)


def observer(at: datetime, place: Place) -> ephem.Observer:
    """No refraction (pressure 0): the horizon angles already hold it."""
    seat = ephem.Observer()
    seat.lat, seat.lon = str(place.lat), str(place.lon)
    seat.pressure, seat.date = 0, stamp(at)
    return seat


def wind(azimuth: float) -> str:
    """Degrees from north by east, as one of sixteen directions in words."""
    return WINDS[round(azimuth / 22.5) % 16]


def _phase_name(angle: float) -> str:
    near = {
        0: said("new moon"),
        90: said("first quarter"),
        180: said("full moon"),
        270: said("last quarter"),
        360: said("new moon"),
    }
    for quarter, name in near.items():
        if abs(angle - quarter) <= 6.1:
            return name
    crescents = (
        said("waxing crescent"),
        said("waxing gibbous"),
        said("waning gibbous"),
        said("waning crescent"),
    )
    return crescents[int(angle // 90)]


def _sun(noon: datetime, place: Place, horizon: str, *, rising: bool) -> datetime | None:
    return _event(ephem.Sun(), noon, place, horizon, rising=rising, centre=horizon != "-0:34")


def _event(
    body: ephem.Body, noon: datetime, place: Place, horizon: str, *, rising: bool, centre: bool
) -> datetime | None:
    seat = observer(noon, place)
    seat.horizon = horizon
    find = seat.next_rising if rising else seat.next_setting
    try:
        found = moment(find(body, use_center=centre))
    except (ephem.AlwaysUpError, ephem.NeverUpError):
        return None
    return found if found - noon <= timedelta(days=1) else None


def _planets(noon: datetime, place: Place) -> tuple[Planet, ...]:
    nights = [noon + STEP * step for step in range(145)]
    dark = [at for at in nights if _altitude("Sun", at, place) < -6]
    seen = (_planet(name, dark, place) for name in NAKED_EYE)
    return tuple(sorted((planet for planet in seen if planet), key=lambda planet: planet.first))


def _planet(name: str, dark: list[datetime], place: Place) -> Planet | None:
    heights = {at: height for at in dark if (height := _altitude(name, at, place)) > 6}
    if not heights:
        return None
    best = max(heights, key=lambda at: heights[at])
    body = getattr(ephem, name)(observer(best, place))
    if body.mag > 2.5:
        return None
    first, last, direction = min(heights), max(heights), wind(degrees(body.az))
    words = _planet_words(name, heights[best], direction, (first, best, last), (dark[0], dark[-1]), place)
    return Planet(name, round(body.mag, 1), first, best, last, direction, round(heights[best], 1), words)


def _altitude(name: str, at: datetime, place: Place) -> float:
    return degrees(getattr(ephem, name)(observer(at, place)).alt)


def _planet_words(
    name: str,
    altitude: float,
    direction: str,
    shown: tuple[datetime, datetime, datetime],
    night: tuple[datetime, datetime],
    place: Place,
) -> str:
    zone, (first, best, last) = ZoneInfo(place.timezone), shown
    height = "low" if altitude < 18 else "high" if altitude > 45 else "halfway up"
    where = f"{name} is {height} in the {direction}" if altitude < 75 else f"{name} is almost overhead"
    if best == night[0]:
        return f"{where} as darkness falls, until about {clock(last, zone)}."
    if best == night[1]:
        return f"{where} before dawn, up from about {clock(first, zone)}."
    return f"{where} at its best, about {clock(best, zone)}."


def _darkness(night: Tonight, zone: ZoneInfo) -> str:
    if night.sunset is None:
        midday = datetime(night.evening.year, night.evening.month, night.evening.day, 12, tzinfo=zone)
        side = "above" if _altitude("Sun", midday, night.place) > 0 else "below"
        return f"The Sun stays {side} the horizon all day."
    if night.dark is None:
        return f"The Sun sets at {clock(night.sunset, zone)}; twilight lasts all night."
    return (
        f"The Sun sets at {clock(night.sunset, zone)} and the sky is fully dark by {clock(night.dark, zone)}."
    )


def _moonlight(night: Tonight, zone: ZoneInfo) -> str:
    shown = f"The Moon is a {night.moon.phase_name}" if " " in night.moon.phase_name else "The Moon"
    shown = shown.replace("a new moon", "new").replace("a full moon", "full")
    shown = shown.replace("a first", "at first").replace("a last", "at last") + f", {night.moon.lit} % lit"
    times = [(night.moonrise, "rises"), (night.moonset, "sets")]
    told = [
        f"{verb} at {clock(at, zone)}"
        for at, verb in sorted((t for t in times if t[0]), key=lambda t: str(t[0]))
    ]
    return f"{shown}; it {' and '.join(told)}." if told else f"{shown}."


def clock(at: datetime | None, zone: ZoneInfo) -> str:
    """Hours and minutes on the place's own clock, rounded to the minute."""
    return "" if at is None else f"{(at + timedelta(seconds=30)).astimezone(zone):%H:%M}"
