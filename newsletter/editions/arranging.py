"""What an editor may do to the coming edition before it leaves, and how it stands. Called by the desk."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blog.db import Database
from blog.images.reading import Picture, pictures
from blog.refusals import Conflict, Invalid, NotFound
from blog.settings import Settings
from newsletter.editions import lists
from newsletter.editions.choosing import Place, places
from newsletter.editions.compiling import default_preheader
from newsletter.editions.model import Edition, EditionId, EditionPost, EditionState, MailingList
from newsletter.editions.opening import due_for, find_open
from newsletter.subscribers import reading as readers

LEFT = "That edition has left; the next one is open."
LONGEST = {"subject": 200, "preheader": 200, "note": 2000}


@dataclass(frozen=True)
class ComingStory:
    post_id: int
    title: str
    """As the edition will print it."""
    own_title: str
    dek: str
    path: str
    topic: str
    byline: str
    minutes: int
    released_at: datetime
    picture: Picture | None
    pinned: bool
    dropped: bool
    retitled: bool
    can_rise: bool
    can_sink: bool


@dataclass(frozen=True)
class Coming:
    edition_id: EditionId
    """0 until the clock has opened the first edition; until then it can be looked at, not arranged."""
    local_date: date
    due_at: datetime
    timezone: str
    subject: str
    """What the editor wrote; empty means ``likely_subject``. The same for the preheader."""
    preheader: str
    note: str
    likely_subject: str
    likely_preheader: str
    stories: tuple[ComingStory, ...]
    dropped: tuple[ComingStory, ...]
    readers: int
    """Confirmed readers now: as many letters as it would have if it left now."""


def coming(db: Database, now: datetime, settings: Settings) -> Coming:
    """The edition that leaves next, as it would be at ``now``. Changes nothing."""
    with db.reading() as s:
        mailing = lists.find_list(s) or MailingList(id=0, slug=lists.DAILY, name="", created_at=now)
        edition = find_open(s, mailing.id) or Edition(
            id=0, list_id=mailing.id, subject="", preheader="", note=""
        )
        due, rhythm = due_for(s, mailing, now, settings), lists.rhythm(mailing, settings)
        chosen = places(s, mailing, edition, now)
        shown = [place for place in chosen if not place.dropped]
        likely = (shown[0].title, default_preheader(shown)) if shown else ("", "")
        seen = _seen(s, chosen)
        count = s.scalar(select(func.count()).select_from(readers.confirmed().subquery())) or 0
        return Coming(
            EditionId(edition.id), due.local_date, due.due_at, rhythm.zone.key, edition.subject, edition.preheader, edition.note,
            *likely, tuple(v for v in seen if not v.dropped), tuple(v for v in seen if v.dropped), count,
        )  # fmt: skip


def pin(db: Database, edition_id: int, post_id: int, at: datetime) -> None:
    """To the top, below what is pinned already. Raises Conflict when the edition has left, NotFound for a story it has not."""
    with _held(db, edition_id) as (s, mailing, edition):
        chosen = places(s, mailing, edition, at)
        row = _row(s, edition, _place(chosen, post_id))
        if not row.pinned:
            row.pinned = True
            row.position = 1 + max(
                (p.row.position for p in chosen if p.row and p.pinned and p.row is not row), default=0
            )


def unpin(db: Database, edition_id: int, post_id: int, at: datetime) -> None:
    """Back among the others, newest first. Raises as pin does."""
    with _held(db, edition_id) as (s, mailing, edition):
        row = _row(s, edition, _place(places(s, mailing, edition, at), post_id))
        if row.pinned:
            row.pinned, row.position = False, 0


def move(db: Database, edition_id: int, post_id: int, at: datetime, *, up: bool) -> None:
    """One place up or down among the pinned or among the others; at the end of its group it stays. Raises as pin does."""
    with _held(db, edition_id) as (s, mailing, edition):
        chosen = places(s, mailing, edition, at)
        moved = _place(chosen, post_id)
        group = [p for p in chosen if not p.dropped and p.pinned == moved.pinned]
        if moved not in group:
            return
        here = group.index(moved)
        there = here - 1 if up else here + 1
        if not 0 <= there < len(group):
            return
        group[here], group[there] = group[there], group[here]
        # Only down to the last one that moved: what comes below stays "newest first", new stories too.
        placed_by_hand = [i for i, place in enumerate(group) if place.row and place.row.position]
        for position, place in enumerate(group[: 1 + max(here, there, *placed_by_hand)], 1):
            _row(s, edition, place).position = position


def drop(db: Database, edition_id: int, post_id: int, at: datetime) -> None:
    """Leaves a story out of this edition, and so out of the list for good, unless it is put back. Raises as pin does."""
    with _held(db, edition_id) as (s, mailing, edition):
        row = _row(s, edition, _place(places(s, mailing, edition, at), post_id))
        row.dropped, row.pinned, row.position = True, False, 0


def put_back(db: Database, edition_id: int, post_id: int, at: datetime) -> None:
    """Raises as pin does."""
    with _held(db, edition_id) as (s, mailing, edition):
        _row(s, edition, _place(places(s, mailing, edition, at), post_id)).dropped = False


def retitle(db: Database, edition_id: int, post_id: int, title: str, at: datetime) -> None:
    """Another title in the mail only; empty gives it its own back. Raises as pin does, and Invalid."""
    title = _line("title", title, 200)
    with _held(db, edition_id) as (s, mailing, edition):
        place = _place(places(s, mailing, edition, at), post_id)
        _row(s, edition, place).retitled = "" if title == place.story.title else title


def word(db: Database, edition_id: int, subject: str, preheader: str, note: str) -> None:
    """The editor's own subject, preheader and note; an empty one is chosen from the stories. Raises Conflict or Invalid."""
    subject, preheader = (
        _line("subject", subject, LONGEST["subject"]),
        _line("preheader", preheader, LONGEST["preheader"]),
    )
    note = note.replace("\r\n", "\n").strip()
    _check("note", note, LONGEST["note"])
    with _held(db, edition_id) as (_, _, edition):
        edition.subject, edition.preheader, edition.note = subject, preheader, note


@contextmanager
def _held(db: Database, edition_id: int) -> Iterator[tuple[Session, MailingList, Edition]]:
    """The open edition, with its list locked against the clock that might be closing it."""
    with db.transaction() as s:
        of_edition = (
            select(MailingList)
            .join(Edition, Edition.list_id == MailingList.id)
            .where(Edition.id == edition_id)
        )
        mailing = s.scalar(of_edition.with_for_update(of=MailingList))
        edition = s.get(Edition, edition_id)
        if mailing is None or edition is None:
            raise NotFound("There is no such edition.")
        if edition.state != EditionState.OPEN:
            raise Conflict(LEFT)
        yield s, mailing, edition


def _place(chosen: tuple[Place, ...], post_id: int) -> Place:
    for place in chosen:
        if place.story.id == post_id:
            return place
    raise NotFound("That story is not in the coming edition. It may have been withdrawn or already sent.")


def _row(s: Session, edition: Edition, place: Place) -> EditionPost:
    if place.row:
        return place.row
    row = EditionPost(
        edition_id=edition.id,
        list_id=edition.list_id,
        post_id=place.story.id,
        position=0,
        pinned=False,
        dropped=False,
    )
    s.add(row)
    return row


def _line(field: str, words: str, longest: int) -> str:
    """One line, since a mail's header cannot have two."""
    words = " ".join(words.split())
    _check(field, words, longest)
    return words


def _check(field: str, words: str, longest: int) -> None:
    if len(words) > longest:
        sentence = f"The {field} has {len(words)} characters; {longest} fit."
        raise Invalid(sentence, {field: [sentence]})


def _seen(s: Session, chosen: tuple[Place, ...]) -> list[ComingStory]:
    shown = pictures(s, (place.story.image_id for place in chosen))
    kept = [place for place in chosen if not place.dropped]
    return [_story(place, shown.get(place.story.image_id or 0), kept) for place in chosen]


def _story(place: Place, picture: Picture | None, kept: list[Place]) -> ComingStory:
    group = [other for other in kept if other.pinned == place.pinned]
    story = place.story
    return ComingStory(
        story.id, place.title, story.title, story.dek, story.path, story.topic, story.byline, story.minutes, story.released_at,
        picture, place.pinned, place.dropped, place.title != story.title,
        place in group and place != group[0], place in group and place != group[-1],
    )  # fmt: skip
