"""Figures as plots: a title, one line that says what it comes to, shapes to draw, and the same as a table. Pure; called by ``figures``."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from blog.templating import number, plural
from newsletter.figures import drawing
from newsletter.figures.departures import Departure, Pace
from newsletter.figures.drawing import Column, Line
from newsletter.figures.growth import Growth
from newsletter.figures.sources import Origin
from newsletter.figures.stories import Story

Row = tuple[str | int, ...]
ESTIMATE = "estimate: some mail apps open everything"


@dataclass(frozen=True)
class Piece:
    """A column and its words; ``kind`` is one, two, three (its colour) or hatched."""

    kind: str
    column: Column
    words: str


@dataclass(frozen=True)
class Bar:
    words: str
    address: str
    number: int
    width: float
    """Of drawing.WIDTH."""


@dataclass(frozen=True)
class Plot:
    """Either ``bars``, lying under their words, or shapes between two axes."""

    id: str
    title: str
    summary: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]
    bars: tuple[Bar, ...] = ()
    pieces: tuple[Piece, ...] = ()
    line: Line | None = None
    level: float | None = None
    """Where the line lies that columns rise and fall from."""
    high: str = ""
    low: str = "0"
    ticks: tuple[str, ...] = ()
    key: tuple[tuple[str, str], ...] = ()


def growth_plots(told: Growth) -> tuple[Plot, Plot]:
    """The number of readers, and who came and went."""
    months = [f"{one.starts:%b %Y}" for one in told.stretches]
    rows: tuple[Row, ...] = tuple(
        (month, one.joined, one.left, one.total) for month, one in zip(months, told.stretches, strict=True)
    )
    return _total(told, months, rows), _tide(told, months, rows)


def _total(told: Growth, months: Sequence[str], rows: tuple[Row, ...]) -> Plot:
    totals = [one.total for one in told.stretches]
    top, more = drawing.ceiling(totals), told.joined - told.left
    than = (
        f"{number(abs(more))} {'more' if more > 0 else 'fewer'} than" if more else "as many as"
    ) + " twelve months ago."
    return Plot(
        "readers", "Readers", f"{plural(told.total, 'reader')} now, {than}", ("Month", "Joined", "Left", "At its end"), rows,
        line=drawing.line(totals, 0, top), high=number(top), ticks=drawing.ticks(months, 3),
    )  # fmt: skip


def _tide(told: Growth, months: Sequence[str], rows: tuple[Row, ...]) -> Plot:
    tide = drawing.tide([one.joined for one in told.stretches], [one.left for one in told.stretches])
    came = [Piece("three", tide.up[i], f"{months[i]}: {rows[i][1]} joined") for i in range(len(rows))]
    went = [Piece("two", tide.down[i], f"{months[i]}: {rows[i][2]} left") for i in range(len(rows))]
    return Plot(
        "tide", "Joined and left", f"{number(told.joined)} joined and {number(told.left)} left in twelve months.",
        ("Month", "Joined", "Left", "At its end"), rows, pieces=(*came, *went), level=tide.level, high=f"+{number(tide.top)}",
        low=f"−{number(tide.bottom)}" if tide.bottom else "0", ticks=drawing.ticks(months, 3),
        key=(("three", "Joined, above the line"), ("two", "Left, below it")),
    )  # fmt: skip


def editions_plots(gone: Sequence[Departure], *, with_opens: bool) -> tuple[Plot, Plot]:
    """Accepted letters, and which share of them was clicked."""
    days = [short(one) for one in gone]
    accepted = [one.accepted for one in gone]
    shapes, top = drawing.columns(accepted), drawing.ceiling(accepted)
    letters = Plot(
        "accepted", "Letters accepted",
        f"{number(accepted[-1])} by the last edition, {number(sum(accepted) // len(accepted))} on the average of {len(gone)}.",
        ("Edition", "List", "Letters", "Accepted", "Refused", "Left by it"),
        tuple((day, one.list_name, one.letters, one.accepted, one.refused, one.left) for day, one in zip(days, gone, strict=True)),
        pieces=tuple(Piece("one", shapes[i], f"{days[i]}: {number(accepted[i])}") for i in range(len(gone))),
        high=number(top), ticks=drawing.ticks(days, 3),
    )  # fmt: skip
    return letters, _shares(gone, days, with_opens)


def _shares(gone: Sequence[Departure], days: Sequence[str], with_opens: bool) -> Plot:
    best = max(gone, key=lambda one: one.share_clicked)
    of_all = 100 * sum(one.clicked for one in gone) / max(sum(one.accepted for one in gone), 1)
    top = drawing.ceiling([part for one in gone for part in _parts(one, with_opens)])
    clicked = drawing.columns([one.share_clicked for one in gone], top)
    opened = drawing.columns([one.share_opened for one in gone], top) if with_opens else ()
    pieces = [
        Piece("one", _left(clicked[i], with_opens), f"{days[i]}: {percent(gone[i].share_clicked)} clicked")
        for i in range(len(gone))
    ] + [
        Piece("hatched", _right(one), f"{days[i]}: ~{percent(gone[i].share_opened)} opened ({ESTIMATE})")
        for i, one in enumerate(opened)
    ]
    return Plot(
        "clicked", "Readers who clicked",
        f"{percent(of_all)} of the accepted letters; the most by “{best.subject}”, {percent(best.share_clicked)}.",
        ("Edition", "Subject", "Clicked", "Share") + (("Opened, estimate",) if with_opens else ()),
        tuple(_share_row(day, one, with_opens) for day, one in zip(days, gone, strict=True)),
        pieces=tuple(pieces), high=f"{top}%", ticks=drawing.ticks(days, 3),
        key=(("one", "Clicked"), ("hatched", f"~ Opened ({ESTIMATE})")) if with_opens else (),
    )  # fmt: skip


def origins_plot(name: str, title: str, word: str, found: Sequence[Origin]) -> Plot:
    """Where readers came from. The names are as they shall be shown."""
    first = found[0]
    summary = f"Most by “{first.name}”: {number(first.joined)} of those who joined in twelve months."
    rows: tuple[Row, ...] = tuple((one.name, one.joined, one.stayed) for one in found)
    return Plot(
        name, title, summary, (word, "Joined", "Still reading"), rows,
        bars=_bars([(one.name, one.path, one.joined) for one in found]),
    )  # fmt: skip


def stories_plot(name: str, title: str, found: Sequence[Story]) -> Plot:
    total = sum(one.clicks for one in found)
    those = "this story" if len(found) == 1 else f"these {len(found)} stories"
    return Plot(
        name, title, f"{plural(total, 'click')} on {those}, most on “{found[0].title}”.",
        ("Story", "Authors", "Clicks"), tuple((one.title, ", ".join(one.authors), one.clicks) for one in found),
        bars=_bars([(one.title, one.path, one.clicks) for one in found]),
    )  # fmt: skip


def slots_plot(slots: Sequence[tuple[int, int]]) -> Plot:
    """Clicks by the place of a story in its letter."""
    last, counted = slots[-1][0], dict(slots)
    numbers = [counted.get(slot, 0) for slot in range(1, last + 1)]
    places = [f"{slot}." for slot in range(1, last + 1)]
    first = 100 * numbers[0] / max(sum(numbers), 1)
    return Plot(
        "slots", "Clicks by place", f"The first place got {percent(first)} of all clicks.", ("Place", "Clicks"),
        tuple(zip(places, numbers, strict=True)),
        pieces=tuple(
            Piece("one", column, f"Place {slot}: {number(one)}")
            for slot, (column, one) in enumerate(zip(drawing.columns(numbers), numbers, strict=True), 1)
        ),
        high=number(drawing.ceiling(numbers)), ticks=drawing.ticks(places, 10 if last <= 10 else 3),
    )  # fmt: skip


def pace_plot(pace: Pace, zone: ZoneInfo) -> Plot:
    hours = [f"{start.astimezone(zone):%H:%M}" for start in pace.starts]
    rate = -(-max(pace.numbers) // pace.minutes)
    step = "one minute" if pace.minutes == 1 else f"{pace.minutes} minutes"
    return Plot(
        "pace", "How fast it went", f"At its fastest {plural(rate, 'letter')} a minute {'was' if rate == 1 else 'were'} accepted.",
        ("From", f"Accepted in {step}"),
        tuple(zip(hours, pace.numbers, strict=True)), line=drawing.line(pace.numbers),
        high=number(drawing.ceiling(pace.numbers)), ticks=drawing.ticks(hours, 3),
    )  # fmt: skip


def short(one: Departure) -> str:
    return f"{one.local_date.day} {one.local_date:%b}"


def percent(share: float) -> str:
    return f"{share:.1f}%" if 0 < share < 10 else f"{share:.0f}%"


def _parts(one: Departure, with_opens: bool) -> tuple[float, ...]:
    return (one.share_clicked, one.share_opened) if with_opens else (one.share_clicked,)


def _share_row(day: str, one: Departure, with_opens: bool) -> Row:
    row: Row = (day, one.subject, one.clicked, percent(one.share_clicked))
    return (*row, f"~{number(one.opened)}") if with_opens else row


def _left(one: Column, is_pair: bool) -> Column:
    return Column(one.x, one.y, round(one.width / 2, 2), one.height) if is_pair else one


def _right(one: Column) -> Column:
    return Column(round(one.x + one.width / 2, 2), one.y, round(one.width / 2, 2), one.height)


def _bars(rows: Sequence[tuple[str, str, int]]) -> tuple[Bar, ...]:
    most = max((row[2] for row in rows), default=1) or 1
    return tuple(
        Bar(words, address, one, round(max(drawing.WIDTH * one / most, 3 if one else 0), 1))
        for words, address, one in rows
    )
