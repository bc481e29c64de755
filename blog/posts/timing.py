"""What the clock will do with a story that is public: put newer words in its place, and take it back. The studio and the clock call it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from blog.accounts.people import Person
from blog.db import Database
from blog.posts import publishing, waiving
from blog.posts.asked import known, number
from blog.posts.deeds import note
from blog.posts.desk_model import Plan
from blog.posts.model import Post, PostState
from blog.posts.rules import must_publish
from blog.refusals import Conflict, Invalid

log = structlog.get_logger()


@dataclass(frozen=True)
class Planned:
    change_at: datetime | None = None
    withdraw_at: datetime | None = None


def find(db: Database, post_id: int) -> Planned:
    with db.reading() as s:
        plan = s.get(Plan, number(post_id))
        return Planned(plan.change_at, plan.withdraw_at) if plan else Planned()


def plan_change(
    db: Database,
    post_id: int,
    by: Person,
    at: datetime,
    moment: datetime,
    *,
    version: int | None = None,
    waive: str = "",
) -> None:
    """The manuscript, as it stands then, becomes public at ``moment``. ``version`` and ``waive`` as in ``publishing.publish``."""
    with db.transaction() as s:
        post = _post(s, post_id, by)
        if post.state != PostState.PUBLISHED:
            raise Conflict("This story is not public. Schedule it instead.")
        publishing.must_stand(s, post, version)
        publishing.must_be_ahead(moment, at)
        waiving.waive(s, post, by, at, waive)
        publishing.ready(s, post)
        _plan(s, post).change_at = moment.astimezone(UTC)
        note(s, post, by, "planned a change", at, moment.astimezone(UTC).isoformat(timespec="minutes"))


def plan_withdrawal(db: Database, post_id: int, by: Person, at: datetime, moment: datetime) -> None:
    """It is taken back at ``moment``; a story that is only scheduled must be public by then."""
    with db.transaction() as s:
        post = _post(s, post_id, by)
        if post.state not in (PostState.PUBLISHED, PostState.SCHEDULED):
            raise Conflict("This story is neither public nor scheduled.")
        publishing.must_be_ahead(moment, at)
        if post.publish_at and moment <= post.publish_at:
            raise Invalid("It goes live after that.", {"publish_at": ["Choose a time after it goes live."]})
        _plan(s, post).withdraw_at = moment.astimezone(UTC)
        note(s, post, by, "planned to withdraw", at, moment.astimezone(UTC).isoformat(timespec="minutes"))


def drop_plans(db: Database, post_id: int, by: Person, at: datetime) -> None:
    """The clock leaves it alone."""
    with db.transaction() as s:
        post = _post(s, post_id, by)
        plan = s.get(Plan, post.id)
        if plan is None:
            raise Conflict("Nothing is planned for this story.")
        s.delete(plan)
        waiving.spend(s, post)
        note(s, post, by, "dropped the plan", at)


def keep_due(db: Database, now: datetime, *, zone: ZoneInfo) -> int:
    """Does what is planned for ``now`` or earlier, each once whatever number of clocks calls; returns how many.

    A change that a check blocks by now stays planned until it is mended.
    """
    due = select(Plan.post_id).where(or_(Plan.change_at <= now, Plan.withdraw_at <= now))
    with db.reading() as s:
        ids = s.scalars(due.order_by(Plan.post_id)).all()
    return sum(_keep(db, post_id, now, zone) for post_id in ids)


def _keep(db: Database, post_id: int, now: datetime, zone: ZoneInfo) -> bool:
    try:
        with db.transaction() as s:
            post = publishing.held(s, post_id)
            plan = s.scalar(select(Plan).where(Plan.post_id == post_id).with_for_update(skip_locked=True))
            if plan is None or post.state != PostState.PUBLISHED:
                return False
            if plan.withdraw_at and plan.withdraw_at <= now:
                publishing.take_back(s, post, None, now, zone)
            elif plan.change_at and plan.change_at <= now:
                publishing.release(s, post, now, None, zone)
                note(s, post, None, "published", now)
            else:
                return False
            return True
    except (Invalid, IntegrityError):
        return False
    except Exception as error:
        log.error("planned change of a post not made", post=post_id, kind=type(error).__name__)
        return False


def _post(s: Session, post_id: int, by: Person) -> Post:
    post = known(s, post_id, lock=True)
    must_publish(by, post)
    return post


def _plan(s: Session, post: Post) -> Plan:
    plan = s.get(Plan, post.id) or Plan(post_id=post.id)
    s.add(plan)
    return plan
