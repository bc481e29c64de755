"""Which readers an address line of the desk, or one of its forms, speaks of. Called by the list, segments, exports and bulk acts."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request
from sqlalchemy import Select

from blog import clock
from blog.posts import reading as posts
from blog.web.wiring import house
from newsletter.lists import reading as lists
from newsletter.lists.reading import ListView
from newsletter.subscribers import filtering, reading, segments
from newsletter.subscribers.filtering import ReaderFilter
from newsletter.subscribers.model import Subscriber, SubscriberState

STATES = {
    SubscriberState.CONFIRMED: "Confirmed",
    SubscriberState.PENDING: "Unconfirmed",
    SubscriberState.LEFT: "Left",
    SubscriberState.BOUNCED: "Bounced",
    SubscriberState.COMPLAINED: "Complained",
}
FORMS = {
    "band": "Sign-up band",
    "page": "Sign-up page",
    "embed": "Form on another site",
    "api": "API",
    "import": "Import",
    "desk": "By hand",
}


@dataclass(frozen=True)
class Asked:
    filter: ReaderFilter
    segment_id: int = 0
    """Set where the filter is that of a saved segment."""
    segment: str = ""
    """Its name."""

    @property
    def pairs(self) -> dict[str, str]:
        """What a link needs to mean the same readers."""
        return {"segment": str(self.segment_id)} if self.segment_id else self.own

    @property
    def own(self) -> dict[str, str]:
        """The filter itself, to be narrowed or widened from here."""
        return filtering.written(self.filter)


@dataclass(frozen=True)
class Offer:
    """What the filter's fields offer, as (value, word)."""

    lists: tuple[ListView, ...]
    topics: tuple[tuple[str, str], ...]
    authors: tuple[tuple[str, str], ...]
    sources: tuple[str, ...]
    segments: tuple[tuple[int, str], ...]


def asked(said: Mapping[str, str]) -> Asked:
    """Raises NotFound for a segment that is gone."""
    segment_id = filtering.number(said.get("segment", ""))
    if not segment_id:
        return Asked(filtering.read(said))
    name, wanted = segments.look_up(house().db, segment_id)
    return Asked(wanted, segment_id, name)


def chosen(wanted: ReaderFilter) -> Select[Subscriber]:
    return filtering.chosen(wanted, clock.now(), house().settings.zone)


def sort() -> str:
    """The column that the address asks for, or nothing."""
    column = request.args.get("sort", "")
    return column if column.removeprefix("-") in reading.SORTS else ""


def offer() -> Offer:
    db = house().db
    return Offer(
        every_list(),
        tuple((str(topic.id), topic.name) for topic, _ in posts.topics(db)),
        tuple((str(author.id), author.name) for author in posts.authors(db)),
        reading.sources(db),
        tuple(segments.names(db)),
    )


def every_list() -> tuple[ListView, ...]:
    with house().db.reading() as s:
        return lists.every_list(s)
