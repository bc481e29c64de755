"""Publishing over a check that blocks: once, for the words that stand now, by whoever has the right, with a reason that is kept."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.posts.deeds import note
from blog.posts.desk_model import Waiver
from blog.posts.model import Manuscript, Post
from blog.refusals import Forbidden, Invalid

LONGEST = 500


def waive(s: Session, post: Post, by: Person, at: datetime, reason: str) -> None:
    """For the manuscript as it stands; without a reason nothing is waived."""
    reason = " ".join(reason.replace("\0", "").split())
    if not reason:
        return
    if not by.can(Right.OVERRIDE):
        raise Forbidden(
            "Your role does not let you publish over a check. Mend what is marked, or ask an editor."
        )
    if len(reason) > LONGEST:
        raise Invalid("That is too long.", {"reason": [f"{LONGEST} characters fit."]})
    spend(s, post)
    s.add(Waiver(post_id=post.id, version=_version(s, post)))
    note(s, post, by, "overrode", at, reason)
    s.flush()


def is_waived(s: Session, post: Post) -> bool:
    """Whether somebody waived the checks for just these words."""
    waiver = s.get(Waiver, post.id)
    return waiver is not None and waiver.version == _version(s, post)


def waived_version(s: Session, post: Post) -> int | None:
    waiver = s.get(Waiver, post.id)
    return waiver.version if waiver else None


def waive_again(s: Session, post: Post, version: int) -> None:
    """What it was spent on was undone."""
    s.merge(Waiver(post_id=post.id, version=version))


def spend(s: Session, post: Post) -> None:
    """It was for one time."""
    s.execute(delete(Waiver).where(Waiver.post_id == post.id))


def _version(s: Session, post: Post) -> int:
    return s.scalars(select(Manuscript.version).where(Manuscript.post_id == post.id)).one()
