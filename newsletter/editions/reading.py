"""Editions that have left, as pages and as the desk sees them: frozen views. Called by the public archive and the desk."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from blog import links
from blog.db import Database
from blog.images.reading import Picture, pictures
from blog.posts.reading import digest_story
from blog.refusals import NotFound
from newsletter.editions.model import Edition, EditionId, EditionKind, EditionPost, EditionState
from newsletter.lists.model import MailingList

PAGE = 30
TITLES = 3


@dataclass(frozen=True)
class EditionCard:
    id: EditionId
    local_date: date
    path: str
    state: EditionState
    subject: str
    closed_at: datetime | None
    sent_at: datetime | None
    recipients: int
    titles: tuple[str, ...]
    """The first three."""
    more: int
    """How many stories come after those."""
    picture: Picture | None


@dataclass(frozen=True)
class Past:
    """Every edition that is no longer open, empty days too, newest first."""

    editions: tuple[EditionCard, ...]
    number: int
    pages: int
    total: int


@dataclass(frozen=True)
class EditionStory:
    post_id: int
    title: str
    dek: str
    path: str
    topic: str
    byline: str
    minutes: int
    picture: Picture | None


@dataclass(frozen=True)
class EditionView:
    id: EditionId
    local_date: date
    state: EditionState
    subject: str
    preheader: str
    note: tuple[str, ...]
    """Paragraphs of plain text."""
    closed_at: datetime | None
    list_name: str
    path: str
    kind: EditionKind
    number: int | None
    """The how manieth of its list; None for one that did not go out."""
    stories: tuple[EditionStory, ...]


def past(db: Database, page: int = 1) -> Past:
    with db.reading() as s:
        return Past(*cards(s, Edition.state != EditionState.OPEN, page))


def edition_view(s: Session, edition_id: int, *, public_only: bool = False) -> EditionView:
    """A closed edition as its letters say it. Raises NotFound."""
    row = s.get(Edition, edition_id)
    if row is None:
        raise NotFound("There is no such edition.")
    stories = _stories(s, [row.id]).get(row.id, [])
    public = digest_story(s, [story.post_id for story in stories]) if public_only else None
    shown = [story for story in stories if public is None or story.post_id in public]
    seen = pictures(s, (story.image_id for story in shown))
    mailing = s.get_one(MailingList, row.list_id)
    return EditionView(
        EditionId(row.id), row.local_date, EditionState(row.state), row.subject, row.preheader, paragraphs(row.note),
        row.closed_at, mailing.name, links.edition_of(mailing.slug, row.slug), EditionKind(row.kind), row.number, tuple(edition_story(story, seen) for story in shown),
    )  # fmt: skip


def paragraphs(text: str) -> tuple[str, ...]:
    return tuple(" ".join(part.split()) for part in text.split("\n\n") if part.strip())


def went_out() -> ColumnElement[bool]:
    """Closed with something to tell."""
    return Edition.state.in_((EditionState.SENDING, EditionState.SENT))


def cards(s: Session, where: ColumnElement[bool], page: int) -> tuple[tuple[EditionCard, ...], int, int, int]:
    """Newest first: one page of them, its number, how many pages and editions there are."""
    total = s.scalar(select(func.count()).select_from(Edition).where(where)) or 0
    pages = max(1, -(-total // PAGE))
    number = min(max(1, page), pages)
    newest_first = select(Edition).where(where).order_by(Edition.local_date.desc(), Edition.id.desc())
    rows = s.scalars(newest_first.limit(PAGE).offset((number - 1) * PAGE)).all()
    slugs = list_slugs(s)
    stories = _stories(s, [row.id for row in rows])
    seen = pictures(s, (_top_image(group) for group in stories.values()))
    return (
        tuple(_card(row, stories.get(row.id, []), seen, slugs[row.list_id]) for row in rows),
        number,
        pages,
        total,
    )


def _stories(s: Session, edition_ids: Iterable[int]) -> dict[int, list[EditionPost]]:
    wanted = select(EditionPost).where(
        EditionPost.edition_id.in_(edition_ids), EditionPost.dropped.is_(False)
    )
    rows = s.scalars(wanted.order_by(EditionPost.edition_id, EditionPost.position))
    return {edition_id: list(group) for edition_id, group in groupby(rows, key=lambda row: row.edition_id)}


def _top_image(stories: Sequence[EditionPost]) -> int | None:
    return next((story.image_id for story in stories if story.image_id), None)


def list_slugs(s: Session) -> dict[int, str]:
    return {row.id: row.slug for row in s.execute(select(MailingList.id, MailingList.slug))}


def _card(
    row: Edition, stories: Sequence[EditionPost], seen: Mapping[int, Picture], list_slug: str
) -> EditionCard:
    titles = tuple(story.title for story in stories[:TITLES])
    return EditionCard(
        EditionId(row.id), row.local_date, links.edition_of(list_slug, row.slug), EditionState(row.state), row.subject, row.closed_at,
        row.sent_at, row.recipients, titles, len(stories) - len(titles), seen.get(_top_image(stories) or 0),
    )  # fmt: skip


def edition_story(row: EditionPost, seen: Mapping[int, Picture]) -> EditionStory:
    """As the edition prints it."""
    picture = seen.get(row.image_id or 0)
    return EditionStory(
        row.post_id, row.title, row.dek, row.path, row.topic, row.byline, row.minutes, picture
    )
