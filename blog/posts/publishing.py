"""A manuscript becomes public, at once or at a set time, and is taken back. The studio and the clock call it.

``zone`` is the publication's time zone: the month in an address and the last day of a promotion go by it.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from blog.accounts.people import Person
from blog.db import Database
from blog.images.reading import pictures
from blog.posts import featuring, undoing, waiving
from blog.posts.asked import known, number
from blog.posts.checks import findings, gate
from blog.posts.deeds import note
from blog.posts.deriving import derive, derive_those_pointing_at, hold, relate, resolve
from blog.posts.desk_model import Before, Plan
from blog.posts.document import image_ids
from blog.posts.drafts import Draft, checked, draft_of, show
from blog.posts.inspecting import faults_of
from blog.posts.leading import leads
from blog.posts.model import Manuscript, Post, PostId, PostState, RevisionKind
from blog.posts.page_model import is_page
from blog.posts.placing import place
from blog.posts.previewing import preview
from blog.posts.redescribing import end_promotions, redescribe
from blog.posts.remembering import remember
from blog.posts.reviewing import close
from blog.posts.rules import must_publish
from blog.posts.vocabulary import learn
from blog.refusals import Conflict, Invalid

__all__ = [
    "end_promotions", "preview", "publish", "publish_due", "redescribe", "schedule", "unschedule", "withdraw",
]  # fmt: skip

UNSEEN = "Somebody saved a newer version while you were looking. Read it, then publish."
FARTHEST = timedelta(days=5 * 365 + 2)
"""How far ahead a story may be scheduled: five years."""
TOO_FAR = "Choose a time within the next five years."

_UTC = ZoneInfo("UTC")

log = structlog.get_logger()


def publish(
    db: Database,
    post_id: int,
    by: Person,
    at: datetime,
    backdate: datetime | None = None,
    *,
    zone: ZoneInfo = _UTC,
    version: int | None = None,
    waive: str = "",
) -> str:
    """Makes the manuscript public and returns its path. Published again, a post keeps its date and address; ``backdate``
    sets the date that readers see, never the moment that the digest goes by. Raises Invalid where a check blocks, and
    Conflict where ``version``, which the person has read, is not the one that stands now.
    """
    if backdate is not None and backdate > at:
        raise Invalid(
            "A story can be dated back, not forward. Schedule it instead.",
            {"backdate": ["This is in the future."]},
        )
    try:
        with db.transaction() as s:
            post = held(s, post_id)
            must_publish(by, post)
            must_stand(s, post, version)
            undoing.remember(s, post, by, at)
            waiving.waive(s, post, by, at, waive)
            release(s, post, at, backdate, zone)
            note(s, post, by, "published", at)
            return post.path or ""
    except IntegrityError:
        raise Conflict("Another story took this address in the same moment. Publish again.") from None


def schedule(
    db: Database,
    post_id: int,
    by: Person,
    at: datetime,
    publish_at: datetime,
    *,
    version: int | None = None,
    waive: str = "",
) -> None:
    """Sets or changes the time at which the manuscript, as it stands then, goes live. ``version`` and ``waive`` as in
    :func:`publish`; what was waived is so for the words of now, not for later ones.
    """
    with db.transaction() as s:
        post = known(s, post_id, lock=True)
        must_publish(by, post)
        if post.state == PostState.PUBLISHED:
            raise Conflict("This story is public already.")
        must_be_ahead(publish_at, at)
        must_stand(s, post, version)
        _must_precede_its_end(s, post, publish_at)
        waiving.waive(s, post, by, at, waive)
        ready(s, post)
        post.state, post.publish_at = PostState.SCHEDULED, publish_at.astimezone(UTC)
        note(s, post, by, "scheduled", at, publish_at.astimezone(UTC).isoformat(timespec="minutes"))


def unschedule(db: Database, post_id: int, by: Person, at: datetime) -> None:
    """Back to a draft, or to withdrawn where it was public once."""
    with db.transaction() as s:
        post = known(s, post_id, lock=True)
        must_publish(by, post)
        if post.state != PostState.SCHEDULED:
            raise Conflict("This story is not scheduled.")
        post.state = PostState.WITHDRAWN if post.released_at else PostState.DRAFT
        post.publish_at = None
        s.execute(delete(Plan).where(Plan.post_id == post.id))
        waiving.spend(s, post)
        note(s, post, by, "unscheduled", at)


def withdraw(db: Database, post_id: int, by: Person, at: datetime, *, zone: ZoneInfo = _UTC) -> None:
    """Its address answers that it was taken back; stories that point at it no longer do."""
    with db.transaction() as s:
        post = held(s, post_id)
        must_publish(by, post)
        if post.state != PostState.PUBLISHED:
            raise Conflict("This story is not public.")
        take_back(s, post, by, at, zone)


def publish_due(db: Database, now: datetime, *, zone: ZoneInfo = _UTC) -> int:
    """Publishes what is scheduled for ``now`` or earlier, each post once whatever number of clocks calls; returns how many.

    A post that a check blocks by now stays scheduled and goes out as soon as it is mended; so does one that fails in any
    other way, and it holds up no other. One that by now was to be taken back again waits for a person.
    """
    due = (
        select(Post.id)
        .where(Post.state == PostState.SCHEDULED, Post.publish_at <= now)
        .order_by(Post.publish_at)
    )
    with db.reading() as s:
        ids = s.scalars(due).all()
    published = sum(_publish_if_due(db, post_id, now, zone) for post_id in ids)
    end_promotions(db, now, zone=zone)
    featuring.unpin_due(db, now, zone=zone)
    return published


def must_be_ahead(moment: datetime, at: datetime) -> None:
    if moment <= at:
        raise Invalid("Choose a time that is still to come.", {"publish_at": ["This time has passed."]})
    if moment > at + FARTHEST:
        raise Invalid(TOO_FAR, {"publish_at": [TOO_FAR]})


def take_back(s: Session, post: Post, by: Person | None, at: datetime, zone: ZoneInfo) -> None:
    """``by`` None is the clock. What was planned for it is over."""
    post.state, post.withdrawn_at = PostState.WITHDRAWN, at
    for over in (Plan, Before):
        s.execute(delete(over).where(over.post_id == post.id))
    s.flush()
    derive_those_pointing_at(s, PostId(post.id), at.astimezone(zone).date())
    note(s, post, by, "withdrawn", at)


def held(s: Session, post_id: int) -> Post:
    hold(s, number(post_id))
    return known(s, post_id)


def must_stand(s: Session, post: Post, version: int | None) -> None:
    """The post's row is locked by now, and who saves a manuscript locks it too."""
    if version is None:
        return
    stands = s.scalars(select(Manuscript.version).where(Manuscript.post_id == post.id)).one()
    if version != stands:
        raise Conflict(UNSEEN, stands)


def _must_precede_its_end(s: Session, post: Post, publish_at: datetime) -> None:
    if _is_over(s, post, publish_at):
        fault = "It is to be taken back before that. Choose an earlier time, or drop that plan first."
        raise Invalid(fault, {"publish_at": [fault]})


def _is_over(s: Session, post: Post, at: datetime) -> bool:
    """Whether it is planned to be taken back by then."""
    plan = s.get(Plan, post.id)
    return plan is not None and plan.withdraw_at is not None and plan.withdraw_at <= at


def _publish_if_due(db: Database, post_id: int, now: datetime, zone: ZoneInfo) -> bool:
    still_due = (Post.id == post_id, Post.state == PostState.SCHEDULED, Post.publish_at <= now)
    try:
        with db.transaction() as s:
            hold(s, post_id)
            post = s.scalar(select(Post).where(*still_due).with_for_update(skip_locked=True))
            if post is None or _is_over(s, post, now):
                return False
            release(s, post, now, post.publish_at, zone)
            note(s, post, None, "published", now)
            return True
    except (Invalid, IntegrityError):
        return False
    except Exception as error:
        # Its message may quote the story; the kind and the post's number are enough to find it.
        log.error("scheduled post not published", post=post_id, kind=type(error).__name__)
        return False


def release(s: Session, post: Post, at: datetime, dated: datetime | None, zone: ZoneInfo) -> None:
    manuscript, draft = ready(s, post)
    changed = manuscript.version > manuscript.published_version
    show(post, draft)
    _date(post, at, dated, changed)
    place(s, post, draft.slug, post.published_at or at, at, zone)
    post.state, post.publish_at, post.withdrawn_at = PostState.PUBLISHED, None, None
    if changed:
        remember(s, manuscript, at, RevisionKind.PUBLISHED)
    manuscript.slug, manuscript.published_version = post.slug, manuscript.version
    s.flush()
    relate(s, post, draft)
    close(s, post)
    waiving.spend(s, post)
    s.execute(update(Plan).where(Plan.post_id == post.id).values(change_at=None))
    # Published by hand after it was to be taken back, it is to be public.
    s.execute(update(Plan).where(Plan.post_id == post.id, Plan.withdraw_at <= at).values(withdraw_at=None))
    today = at.astimezone(zone).date()
    derive(s, post, today)
    learn(s, post)
    derive_those_pointing_at(s, PostId(post.id), today)


def ready(s: Session, post: Post) -> tuple[Manuscript, Draft]:
    """The manuscript, checked again: what it names may have gone since it was saved."""
    manuscript = s.scalars(select(Manuscript).where(Manuscript.post_id == post.id)).one()
    if is_page(s, post.id):
        raise Conflict("This is no story but a page that always stands. Put it up from the list of pages.")
    draft = checked(s, draft_of(manuscript))
    shown = pictures(s, [draft.lead_image, *image_ids(draft.body)])
    faults = faults_of(s, post.id, manuscript.version)
    found = findings(draft, shown, resolve(s, draft.body).stories, leads(s, draft.body), faults)
    gate(found, waived=waiving.is_waived(s, post))
    return manuscript, draft


def _date(post: Post, at: datetime, dated: datetime | None, changed: bool) -> None:
    if post.released_at is None:
        post.published_at, post.released_at = (dated or at).astimezone(UTC), at
    else:
        # A post that was public keeps its date, unless an editor sets another by hand.
        post.published_at = (
            dated.astimezone(UTC) if dated and post.state != PostState.SCHEDULED else post.published_at
        )
        post.updated_at = at if changed else post.updated_at
