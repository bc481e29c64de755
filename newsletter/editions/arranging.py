"""What an editor may do to an open edition before it leaves. Called by the desk; how it stands is told by ``coming``."""

from datetime import datetime

from sqlalchemy.orm import Session

from blog.db import Database
from blog.posts.offering import pictures_by_post
from blog.refusals import Invalid, NotFound
from newsletter.editions.choosing import Place
from newsletter.editions.coming import Coming, ComingStory, coming, standing
from newsletter.editions.handling import LEFT, to_change
from newsletter.editions.model import Edition, EditionPost
from newsletter.lists.wording import line as one_line
from newsletter.lists.wording import prose

__all__ = [
    "LEFT", "Coming", "ComingStory", "coming", "drop", "illustrate", "move", "pin", "put_back", "retitle", "unpin", "word",
]  # fmt: skip

LONGEST = {"subject": 200, "preheader": 200, "note": 2000}


def pin(db: Database, edition_id: int, post_id: int, at: datetime) -> None:
    """To the top, below what is pinned already. Raises Conflict when the edition has left, NotFound for a story it has not."""
    with to_change(db, edition_id, at) as (s, mailing, edition):
        chosen = standing(s, mailing, edition, at)
        row = _row(s, edition, _place(chosen, post_id))
        if not row.pinned:
            row.pinned = True
            row.position = 1 + max(
                (p.row.position for p in chosen if p.row and p.pinned and p.row is not row), default=0
            )


def unpin(db: Database, edition_id: int, post_id: int, at: datetime) -> None:
    """Back among the others, newest first. Raises as pin does."""
    with to_change(db, edition_id, at) as (s, mailing, edition):
        row = _row(s, edition, _place(standing(s, mailing, edition, at), post_id))
        if row.pinned:
            row.pinned, row.position = False, 0


def move(db: Database, edition_id: int, post_id: int, at: datetime, *, up: bool) -> None:
    """One place up or down among the pinned or among the others; at the end of its group it stays. Raises as pin does."""
    with to_change(db, edition_id, at) as (s, mailing, edition):
        chosen = standing(s, mailing, edition, at)
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
    """Leaves a story out of this edition, and so out of the list for good, unless it is put back. One that was added goes back
    to where it was. Raises as pin does.
    """
    with to_change(db, edition_id, at) as (s, mailing, edition):
        row = _row(s, edition, _place(standing(s, mailing, edition, at), post_id))
        row.dropped, row.pinned, row.position, row.added = True, False, 0, False
        s.flush()
        if post_id not in {place.story.id for place in standing(s, mailing, edition, at)}:
            s.delete(row)


def put_back(db: Database, edition_id: int, post_id: int, at: datetime) -> None:
    """Raises as pin does."""
    with to_change(db, edition_id, at) as (s, mailing, edition):
        _row(s, edition, _place(standing(s, mailing, edition, at), post_id)).dropped = False


def retitle(db: Database, edition_id: int, post_id: int, title: str, at: datetime) -> None:
    """Another title in the mail only; empty gives it its own back. Raises as pin does, and Invalid."""
    title = _line("title", title, 200)
    with to_change(db, edition_id, at) as (s, mailing, edition):
        place = _place(standing(s, mailing, edition, at), post_id)
        _row(s, edition, place).retitled = "" if title == place.story.title else title


def illustrate(db: Database, edition_id: int, post_id: int, image_id: int | None, at: datetime) -> None:
    """Another picture of the story in the mail only; None gives it its own back. Raises as pin does."""
    with to_change(db, edition_id, at) as (s, mailing, edition):
        place = _place(standing(s, mailing, edition, at), post_id)
        known = {picture.id for picture in pictures_by_post(s, [post_id]).get(post_id, ())}
        if image_id and image_id not in known:
            raise NotFound("That picture is not one of the story's.")
        _row(s, edition, place).chosen_image_id = None if image_id == place.story.image_id else image_id


def word(db: Database, edition_id: int, subject: str, preheader: str, note: str, at: datetime) -> None:
    """The editor's own subject, preheader and note; an empty one is chosen from the stories. Raises Conflict or Invalid."""
    subject, preheader = (
        _line("subject", subject, LONGEST["subject"]),
        _line("preheader", preheader, LONGEST["preheader"]),
    )
    note = prose(note)
    _check("note", note, LONGEST["note"])
    with to_change(db, edition_id, at) as (_, _, edition):
        edition.subject, edition.preheader, edition.note = subject, preheader, note


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
        added=False,
    )
    s.add(row)
    return row


def _line(field: str, words: str, longest: int) -> str:
    words = one_line(words)
    _check(field, words, longest)
    return words


def _check(field: str, words: str, longest: int) -> None:
    if len(words) > longest:
        sentence = f"The {field} has {len(words)} characters; {longest} fit."
        raise Invalid(sentence, {field: [sentence]})
