"""Counting a click on a story in a mail. The web door calls :func:`count`; nothing is ever counted by a GET."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from blog.db import Database
from newsletter.delivery.conflicts import insert_into
from newsletter.delivery.marks import Mark, read_mark
from newsletter.delivery.model import Letter, LetterState
from newsletter.editions.model import Edition, EditionPost
from newsletter.editions.sharing import STORY, share_of
from newsletter.figures import machines
from newsletter.figures.model import Click, ClickCount
from newsletter.subscribers.model import Subscriber


@dataclass(frozen=True)
class ReadersClick:
    post_id: int
    edition_id: int
    at: datetime


def count(db: Database, secret: str, text: str, agent: str, at: datetime) -> bool:
    """``text`` is a mark, ``agent`` the visitor's program by its own name. False where the mark is none of ours, or its letter carried
    no such story, or the story is gone.
    """
    made = read_mark(secret, text)
    if made is None or not made.post_id:
        return False
    try:
        with db.transaction() as s:
            if is_carried := _is_carried(s, made):
                _count(s, made, agent, at)
    except IntegrityError:
        return False
    return is_carried


def of_reader(s: Session, subscriber_id: int) -> tuple[ReadersClick, ...]:
    """A reader's own clicks, newest first, without those of machines."""
    rows = s.execute(
        select(Click.post_id, Click.edition_id, Click.at)
        .where(Click.subscriber_id == subscriber_id, Click.is_machine.is_(False))
        .order_by(Click.at.desc(), Click.id.desc())
    )
    return tuple(ReadersClick(row.post_id, row.edition_id, row.at) for row in rows)


def _is_carried(s: Session, made: Mark) -> bool:
    """A mark's signature says whose letter it was, not what stood where in it."""
    if made.kind == STORY:
        return made.slot == 1
    posts = share_of(s, made.edition_id, made.reader_id)
    return made.post_id in posts and 1 <= made.slot <= len(posts)


def _count(s: Session, made: Mark, agent: str, at: datetime) -> None:
    # The reader's row is held, so that clicks of one letter that arrive together see each other.
    reader = s.get(Subscriber, made.reader_id, with_for_update=True) if made.reader_id else None
    why = _why(s, made, agent, at)
    if reader is None or not reader.clicks:
        _add(s, made, at, is_machine=bool(why), nameless=1)
        return
    if _note(s, made, why, at):
        _add(s, made, at, is_machine=bool(why), readers=1)
    if made.kind == "digest":
        _set_burst_apart(s, made, at)
    reader.last_click_at = s.scalar(
        select(func.max(Click.at)).where(Click.subscriber_id == reader.id, Click.is_machine.is_(False))
    )


def _why(s: Session, made: Mark, agent: str, at: datetime) -> str:
    about = made.edition_id if made.kind == "digest" else made.post_id
    mine = (Letter.kind == made.kind, Letter.about_id == about, Letter.reader_id == made.reader_id)
    letter = s.execute(select(Letter.state, Letter.settled_at).where(*mine)).first()
    if letter is None:
        return machines.why(agent, None, at)
    accepted_at = letter.settled_at if letter.state == LetterState.ACCEPTED else None
    # One in doubt may well have arrived: its server only never told us.
    is_waiting = letter.state in (LetterState.READY, LetterState.SENDING, LetterState.RETRY)
    return machines.why(agent, accepted_at, at, is_waiting=is_waiting)


def _note(s: Session, made: Mark, why: str, at: datetime, times: int = 1) -> bool:
    """Whether it is the first of its kind."""
    row = {
        "kind": made.kind, "edition_id": made.edition_id, "post_id": made.post_id, "slot": made.slot,
        "subscriber_id": made.reader_id, "at": at, "times": times, "is_machine": bool(why), "why_machine": why,
    }  # fmt: skip
    once = ["kind", "edition_id", "subscriber_id", "post_id", "is_machine"]
    again = (
        insert_into(s, Click)
        .values(**row)
        .on_conflict_do_update(index_elements=once, set_={"times": Click.times + times})
    )
    return s.scalar(again.returning(Click.times)) == times


def _add(
    s: Session, made: Mark, at: datetime, *, is_machine: bool, readers: int = 0, nameless: int = 0
) -> None:
    place: dict[str, Any] = {
        "kind": made.kind, "edition_id": made.edition_id, "post_id": made.post_id, "slot": made.slot,
        "is_machine": is_machine,
    }  # fmt: skip
    row = insert_into(s, ClickCount).values(**place, readers=max(readers, 0), nameless=nameless, since=at)
    s.execute(
        row.on_conflict_do_update(
            index_elements=list(place),
            set_={
                "readers": ClickCount.readers + readers,
                "nameless": ClickCount.nameless + nameless,
            },
        )
    )
    if not is_machine and made.kind == "digest":
        # Lists that rank by clicks read it there.
        of_list = select(Edition.list_id).where(Edition.id == made.edition_id).scalar_subquery()
        told = update(EditionPost).where(EditionPost.post_id == made.post_id, EditionPost.list_id == of_list)
        s.execute(told.values(clicks=EditionPost.clicks + readers + nameless))


def _set_burst_apart(s: Session, made: Mark, at: datetime) -> None:
    """Where too many stories of one letter were asked for at once, the first of them were no person's either."""
    lately = (
        select(Click)
        .where(
            Click.kind == made.kind,
            Click.edition_id == made.edition_id,
            Click.subscriber_id == made.reader_id,
            Click.at > at - machines.BURST,
            Click.at < at + machines.BURST,
        )
        .order_by(Click.post_id)
        .execution_options(populate_existing=True)
    )
    clicks = s.scalars(lately).all()
    if len({click.post_id for click in clicks}) >= machines.MANY:
        for click in clicks:
            if not click.is_machine:
                _give_to_machine(s, click)
    s.flush()


def _give_to_machine(s: Session, click: Click) -> None:
    made = Mark(click.kind, click.edition_id, click.post_id, click.slot, click.subscriber_id)
    times, at = click.times, click.at
    s.delete(click)
    s.flush()
    _add(s, made, at, is_machine=False, readers=-1)
    if _note(s, made, "burst", at, times):
        _add(s, made, at, is_machine=True, readers=1)
