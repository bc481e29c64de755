"""One act for many readers at once, in one transaction and a few statements for each thousand. Called by the desk's bulk page.

What does not apply to somebody is skipped and counted. Every verb is told how many readers the editor was shown, and does nothing
when there are more or fewer by then.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from sqlalchemy import Select, delete, func, insert, select, update
from sqlalchemy.orm import Session

from blog.db import Database
from blog.refusals import Conflict, Invalid, NotFound
from blog.settings import Settings
from newsletter.delivery import outbox, post
from newsletter.lists.model import EVERY_DAY, MailingList
from newsletter.subscribers import erasing, fields, filtering, serving, stopping
from newsletter.subscribers.filtering import ReaderFilter
from newsletter.subscribers.model import Consent, Subscriber, SubscriberState, Subscription

PART = 1000
"""Readers in one statement."""
MOST_ERASED = 1000
"""Each erasing seals an address and visits every room, so more than these would take minutes."""
SERVED = (SubscriberState.PENDING, SubscriberState.CONFIRMED)
WHY = "Stopped by an editor."


@dataclass(frozen=True)
class Choice:
    """Whom an act is for: everybody who matches ``wanted`` at that moment, or where that is None, those with ``ids``."""

    ids: tuple[int, ...] = ()
    wanted: ReaderFilter | None = None
    zone: tzinfo = UTC


@dataclass(frozen=True)
class Done:
    done: int
    skipped: int


def count(db: Database, choice: Choice, at: datetime) -> int:
    with db.reading() as s:
        return s.scalar(select(func.count()).select_from(_chosen(choice, at).subquery())) or 0


def tag(db: Database, choice: Choice, shown: int, word: str, at: datetime) -> Done:
    """Adds ``word`` to the tags of those who lack it. Raises Invalid, Conflict."""
    word = stopping.plain(word, 60)
    if not word or "," in word:
        raise Invalid("Give one tag, without a comma.")
    return _each_part(db, choice, shown, at, lambda s, ids: fields.add_word(s, fields.TAG, word, ids))


def subscribe(
    db: Database, choice: Choice, shown: int, list_id: int, by: str, at: datetime, settings: Settings
) -> Done:
    """For those who have confirmed or may yet, and lack the list. Raises NotFound, Conflict."""

    def act(s: Session, ids: Sequence[int]) -> int:
        # After the readers, as everybody does who changes what a reader gets.
        mailing = _list(s, list_id)
        if mailing.retired_at:
            raise Conflict("That list is retired; no edition of it leaves any more.")
        takers = s.scalars(_lacking(ids, list_id).with_for_update()).all()
        _insert(s, takers, mailing, at, settings)
        _settle(s, [reader.id for reader in takers])
        return _note(s, [reader.id for reader in takers], "noted", f"Put on {mailing.name} by {by}.", at)

    return _each_part(db, choice, shown, at, act)


def unsubscribe(db: Database, choice: Choice, shown: int, list_id: int, by: str, at: datetime) -> Done:
    """Takes them off one list. Those who get nothing else keep it: whoever is to get no mail at all is stopped. Raises as subscribe."""

    def act(s: Session, ids: Sequence[int]) -> int:
        mailing = _list(s, list_id)
        others = select(Subscription.subscriber_id).join(MailingList).where(MailingList.retired_at.is_(None))
        others = others.where(Subscription.subscriber_id.in_(ids), Subscription.list_id != list_id)
        theirs = (Subscription.list_id == list_id, Subscription.subscriber_id.in_(others))
        held = s.scalars(select(Subscription.subscriber_id).where(*theirs)).all()
        s.execute(
            delete(Subscription).where(Subscription.list_id == list_id, Subscription.subscriber_id.in_(held))
        )
        return _note(s, held, "noted", f"Taken off {mailing.name} by {by}.", at)

    return _each_part(db, choice, shown, at, act)


def stop(db: Database, choice: Choice, shown: int, by: str, at: datetime) -> Done:
    """Nothing is sent to them any more; those who get nothing as it is are skipped. Raises Conflict."""

    def act(s: Session, ids: Sequence[int]) -> int:
        on = (Subscriber.id.in_(ids), Subscriber.state.in_(SERVED))
        held = s.scalars(select(Subscriber.id).where(*on)).all()
        ended = {"state": SubscriberState.LEFT, "left_at": at, "reason": WHY}
        s.execute(update(Subscriber).where(Subscriber.id.in_(held)).values(ended))
        for reader_id in post.awaiting(s, held):
            outbox.recall(s, stopping.LETTERS, reader_id, stopping.WHY[SubscriberState.LEFT], at)
        return _note(s, held, "stopped", f"By {by}.", at)

    return _each_part(db, choice, shown, at, act)


def erase(db: Database, choice: Choice, shown: int, at: datetime, settings: Settings) -> Done:
    """Each for good and in a transaction of its own, so that whoever is erased stays so. Raises Invalid, Conflict."""
    with db.transaction() as s:
        ids = _hold(s, choice, shown, at)
    if len(ids) > MOST_ERASED:
        raise Invalid(f"At most {MOST_ERASED:,} readers can be deleted at once. Narrow the filter.")
    done = sum(_erase(db, reader_id, at, settings) for reader_id in ids)
    return Done(done, len(ids) - done)


def _each_part(
    db: Database, choice: Choice, shown: int, at: datetime, act: Callable[[Session, Sequence[int]], int]
) -> Done:
    """``act`` says for how many of a part it did something."""
    with db.transaction() as s:
        ids = _hold(s, choice, shown, at)
        done = sum(act(s, part) for part in _parts(ids))
        return Done(done, len(ids) - done)


def _hold(s: Session, choice: Choice, shown: int, at: datetime) -> Sequence[int]:
    """Locked in the order of their numbers, so that two bulk acts never wait for each other."""
    chosen = _chosen(choice, at).order_by(Subscriber.id)
    ids = s.scalars(chosen.with_for_update()).all()
    if len(ids) != shown:
        raise Conflict(f"The list has changed meanwhile: it would be {len(ids):,} now, not {shown:,}.")
    return ids


def _chosen(choice: Choice, at: datetime) -> Select[int]:
    if choice.wanted is None:
        return select(Subscriber.id).where(Subscriber.id.in_(choice.ids))
    return filtering.chosen(choice.wanted, at, choice.zone).with_only_columns(Subscriber.id)


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), PART):
        yield ids[start : start + PART]


def _list(s: Session, list_id: int) -> MailingList:
    """No edition of it closes before this transaction ends."""
    found = s.get(MailingList, list_id, with_for_update={"read": True}, populate_existing=True)
    if found is None:
        raise NotFound("There is no such list any more.")
    return found


def _lacking(ids: Sequence[int], list_id: int) -> Select[Subscriber]:
    has = select(Subscription.subscriber_id).where(Subscription.list_id == list_id)
    return select(Subscriber).where(
        Subscriber.id.in_(ids), Subscriber.state.in_(SERVED), Subscriber.id.not_in(has)
    )


def _insert(
    s: Session, takers: Sequence[Subscriber], mailing: MailingList, at: datetime, settings: Settings
) -> None:
    """As ``serving.subscribe`` does for one."""
    shared = {
        "list_id": mailing.id, "days": EVERY_DAY, "at_once": mailing.weekdays == 0, "position": mailing.last_number, "since": at,
    }  # fmt: skip
    plain = Subscription(days=EVERY_DAY, at_once=mailing.weekdays == 0, position=mailing.last_number)
    rows = [
        {**shared, "subscriber_id": reader.id, "next_at": serving.next_moment(reader, plain, mailing, at, settings)}
        for reader in takers
    ]  # fmt: skip
    if rows:
        s.execute(insert(Subscription), rows)


def _settle(s: Session, ids: Sequence[int]) -> None:
    """As ``serving.settle`` does for one whose subscriptions grew: no moment changes, but plain ones may be plain no more."""
    was_plain = select(Subscriber.id).where(Subscriber.id.in_(ids), Subscriber.is_particular.is_(False))
    last = select(MailingList.last_number).where(MailingList.id == Subscription.list_id).scalar_subquery()
    up_to_now = update(Subscription).where(
        Subscription.next_at.is_(None), Subscription.subscriber_id.in_(was_plain)
    )
    s.execute(up_to_now.values(position=last).execution_options(synchronize_session=False))
    several = select(Subscription.subscriber_id).group_by(Subscription.subscriber_id)
    several = several.where(Subscription.subscriber_id.in_(ids)).having(func.count() > 1)
    at_once = select(Subscription.subscriber_id).where(Subscription.at_once.is_(True))
    apart = Subscriber.id.in_(several) | Subscriber.id.in_(at_once) | Subscriber.only_followed
    s.execute(
        update(Subscriber)
        .where(Subscriber.id.in_(ids), apart)
        .values(is_particular=True)
        .execution_options(synchronize_session=False)
    )


def _note(s: Session, ids: Sequence[int], deed: str, detail: str, at: datetime) -> int:
    line = {"deed": deed, "at": at, "source": "desk", "detail": stopping.plain(detail, 300)}
    if ids:
        s.execute(insert(Consent), [{**line, "subscriber_id": reader_id} for reader_id in ids])
    return len(ids)


def _erase(db: Database, reader_id: int, at: datetime, settings: Settings) -> int:
    try:
        erasing.erase(db, reader_id, at, settings)
    except NotFound:
        return 0
    return 1
