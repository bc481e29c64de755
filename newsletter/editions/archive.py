"""What went out, for everybody: by list and month, one edition with its neighbours, found by words. Called by the public archive."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from blog import links
from blog.db import Database
from blog.refusals import NotFound
from newsletter.editions.model import Edition, EditionId, EditionPost
from newsletter.editions.reading import EditionCard, EditionView, cards, edition_view, list_slugs, went_out
from newsletter.lists.model import MailingList
from newsletter.lists.reading import DAILY


@dataclass(frozen=True)
class Month:
    first_day: date
    editions: tuple[EditionCard, ...]


@dataclass(frozen=True)
class Shelf:
    """One list's part of the archive."""

    slug: str
    name: str
    description: str
    path: str


@dataclass(frozen=True)
class Span:
    """A month in the archive's index."""

    first_day: date
    path: str
    editions: int


@dataclass(frozen=True)
class Archive:
    shelf: Shelf
    shelves: tuple[Shelf, ...]
    """All that readers may see, this one too."""
    spans: tuple[Span, ...]
    """Every month that has an edition, newest first."""
    months: tuple[Month, ...]
    number: int
    pages: int
    total: int


@dataclass(frozen=True)
class Neighbour:
    id: EditionId
    local_date: date
    path: str
    subject: str


@dataclass(frozen=True)
class EditionPage:
    edition: EditionView
    shelf: Shelf
    previous: Neighbour | None
    next: Neighbour | None


@dataclass(frozen=True)
class Found:
    words: str
    editions: tuple[EditionCard, ...]
    number: int
    pages: int
    total: int


def archive(db: Database, page: int = 1, slug: str = DAILY, month: date | None = None) -> Archive:
    """A list's editions, newest first; all of them, or those of one month, given by its first day. Raises NotFound."""
    with db.reading() as s:
        shelves = _shelves(s)
        shelf = _shelf(shelves, slug)
        mine = _of_list(slug)
        spans = _spans(s, shelf)
        if month and month not in [span.first_day for span in spans]:
            raise NotFound("No digest left in that month.")
        within = and_(mine, Edition.local_date.between(month, _last_day(month))) if month else mine
        shown, number, pages, total = cards(s, within, page)
    months = groupby(shown, key=lambda card: card.local_date.replace(day=1))
    by_month = tuple(Month(first, tuple(group)) for first, group in months)
    return Archive(shelf, shelves, spans, by_month, number, pages, total)


def search(db: Database, words: str, page: int = 1) -> Found:
    """Editions of every list that hold each of the words in their subject, note or a story's title or dek; newest first."""
    wanted = words.split()[:8]
    with db.reading() as s:
        if not wanted:
            return Found(words, (), 1, 1, 0)
        visible = Edition.list_id.in_(_visible().with_only_columns(MailingList.id))
        return Found(words, *cards(s, and_(went_out(), visible, *map(_holds, wanted)), page))


def latest(s: Session) -> Neighbour | None:
    """The daily list's edition that went out last."""
    newest = select(Edition).where(_of_list(DAILY)).order_by(Edition.number.desc()).limit(1)
    return _neighbour(s, s.scalar(newest))


def edition_page(db: Database, slug: str, list_slug: str = DAILY) -> EditionPage:
    """Raises NotFound. Stories that were withdrawn since are left out."""
    with db.reading() as s:
        shelf = _shelf(_shelves(s), list_slug)
        mine = _of_list(list_slug)
        row = s.scalar(select(Edition).where(mine, Edition.slug == slug))
        if row is None:
            raise NotFound("There is no edition of that day.")
        before = (
            select(Edition).where(mine, Edition.number < row.number).order_by(Edition.number.desc()).limit(1)
        )
        after = select(Edition).where(mine, Edition.number > row.number).order_by(Edition.number).limit(1)
        view = edition_view(s, row.id, public_only=True)
        return EditionPage(view, shelf, _neighbour(s, s.scalar(before)), _neighbour(s, s.scalar(after)))


def _visible() -> Select[MailingList]:
    return select(MailingList).where(or_(MailingList.is_offered, MailingList.slug == DAILY))


def _shelves(s: Session) -> tuple[Shelf, ...]:
    rows = sorted(s.scalars(_visible()), key=lambda row: (row.slug != DAILY, row.name.casefold()))
    found = tuple(
        Shelf(row.slug, row.name, row.description, links.archive(row.slug))
        for row in rows
        if row.slug == DAILY or row.last_number
    )
    return found or (Shelf(DAILY, "Daily digest", "", links.EDITIONS),)


def _shelf(shelves: tuple[Shelf, ...], slug: str) -> Shelf:
    for shelf in shelves:
        if shelf.slug == slug:
            return shelf
    raise NotFound("There is no such digest.")


def _of_list(slug: str) -> ColumnElement[bool]:
    return and_(went_out(), Edition.list_id.in_(select(MailingList.id).where(MailingList.slug == slug)))


def _spans(s: Session, shelf: Shelf) -> tuple[Span, ...]:
    year, month = func.extract("year", Edition.local_date), func.extract("month", Edition.local_date)
    counted = select(year, month, func.count()).where(_of_list(shelf.slug)).group_by(year, month)
    firsts = sorted(((date(int(y), int(m), 1), number) for y, m, number in s.execute(counted)), reverse=True)
    return tuple(Span(first, f"{shelf.path}/{first:%Y-%m}", number) for first, number in firsts)


def _last_day(first: date) -> date:
    following = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    return date.fromordinal(following.toordinal() - 1)


def _holds(word: str) -> ColumnElement[bool]:
    told = [EditionPost.title, EditionPost.dek]
    in_story = exists().where(
        EditionPost.edition_id == Edition.id,
        EditionPost.dropped.is_(False),
        or_(*(column.icontains(word, autoescape=True) for column in told)),
    )
    said = [Edition.subject, Edition.note]
    return or_(*(column.icontains(word, autoescape=True) for column in said), in_story)


def _neighbour(s: Session, row: Edition | None) -> Neighbour | None:
    if row is None:
        return None
    path = links.edition_of(list_slugs(s)[row.list_id], row.slug)
    return Neighbour(EditionId(row.id), row.local_date, path, row.subject)
