"""Who received which stories: the digests of every list with their shares, and the stories that were mailed at once.

Called by ``dispatching`` and ``announcing``, which give nobody a story twice, by the composer and by corrections.
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, Select, String, and_, bindparam, cast, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from newsletter.delivery.model import Letter, LetterState
from newsletter.editions.model import Edition, EditionPost, EditionShare
from newsletter.subscribers.model import Subscriber, SubscriberState
from newsletter.subscribers.served import Asked, Batch

DIGEST, STORY = "digest", "story"
_IN_VAIN = (LetterState.REFUSED, LetterState.SKIPPED)
_edition, _posts, _shares = (table.__table__.c for table in (Edition, EditionPost, EditionShare))
_KEPT = and_(_posts.edition_id == _edition.id, _posts.dropped.is_(False))
_WHOLE = (
    select(_edition.list_id, _posts.post_id)
    .select_from(Edition.__table__.outerjoin(EditionPost.__table__, _KEPT))
    .where(_edition.id == bindparam("edition_id"))
    .order_by(_posts.position)
)
_SHARES = Asked(
    select(_shares.subscriber_id, _shares.posts).where(_shares.edition_id == bindparam("edition_id")),
    _shares.subscriber_id,
)


def received(
    s: Session, subscriber_ids: Iterable[int], post_ids: Iterable[int]
) -> Mapping[int, frozenset[int]]:
    """Of each reader, which of these posts a letter brought or will bring. Readers without any are left out."""
    readers, posts = list(subscriber_ids), set(post_ids)
    if not readers or not posts:
        return {}
    told: dict[int, set[int]] = {}
    for reader_id, post_id in s.execute(_letters(STORY, readers, posts)):
        told.setdefault(reader_id, set()).add(post_id)
    carriers = _carriers(s, posts)
    letters = s.execute(_letters(DIGEST, readers, carriers)).all()
    given = _given(s, {reader_id for reader_id, _ in letters}, carriers)
    for reader_id, edition_id in letters:
        content = given.get((edition_id, reader_id), carriers[edition_id])
        if common := posts.intersection(content):
            told.setdefault(reader_id, set()).update(common)
    return {reader_id: frozenset(found) for reader_id, found in told.items()}


def whole_of(s: Session, edition_id: int) -> tuple[int, tuple[int, ...]]:
    """Whose list an edition is, 0 where there is none such, and its posts in the editors' order."""
    rows = s.execute(_WHOLE, {"edition_id": edition_id}).all()
    return rows[0].list_id if rows else 0, tuple(row.post_id for row in rows if row.post_id)


def shares(s: Session, edition_id: int, readers: Batch) -> Mapping[int, tuple[int, ...]]:
    """The posts in the letter of each reader for whom it is not simply all of the edition's."""
    rows = readers.of(s, _SHARES, edition_id=edition_id)
    return {reader_id: tuple(posts) for reader_id, posts in rows}


def share_of(s: Session, edition_id: int, reader_id: int) -> tuple[int, ...]:
    """The posts in one reader's letter about this edition."""
    _, whole = whole_of(s, edition_id)
    return shares(s, edition_id, Batch([reader_id])).get(reader_id, whole)


def stories_of(s: Session, edition_ids: Iterable[int]) -> Mapping[int, Sequence[int]]:
    """The posts that each closed edition carries, in its order."""
    kept = select(EditionPost.edition_id, EditionPost.post_id).where(
        EditionPost.edition_id.in_(list(edition_ids)), EditionPost.dropped.is_(False)
    )
    found: dict[int, list[int]] = {}
    for edition_id, post_id in s.execute(kept.order_by(EditionPost.edition_id, EditionPost.position)):
        found.setdefault(edition_id, []).append(post_id)
    return found


def carried_to(s: Session, edition_id: int, post_id: int | None = None) -> tuple[tuple[int, str], ...]:
    """Id and address of every reader whose accepted letter carried a story of this edition, or this one story of it.

    Whoever takes their mail weekly got it with a later edition of the list; they are among them.
    """
    wanted, later = _bearing(s, edition_id, post_id)
    accepted = select(Letter.reader_id, Letter.about_id).where(
        Letter.kind == DIGEST, Letter.about_id.in_(later), Letter.state == LetterState.ACCEPTED
    )
    letters = s.execute(accepted).all()
    given = _given(s, None, later)
    readers = {
        reader_id
        for reader_id, about_id in letters
        if not wanted or wanted.intersection(given.get((about_id, reader_id), later[about_id]))
    }
    return _on_the_list(s, sorted(readers))


def count_carried_to(s: Session, edition_id: int, post_id: int | None = None) -> int:
    """How many ``carried_to`` would name, without reading them all: readers who had all of an edition are counted by the database."""
    wanted, later = _bearing(s, edition_id, post_id)
    if not wanted:
        return s.scalar(_accepted(func.count(), later)) or 0
    share = (EditionShare.edition_id == Letter.about_id) & (EditionShare.subscriber_id == Letter.reader_id)
    whole = [about_id for about_id, own in later.items() if wanted.intersection(own)]
    plain = _accepted(func.count(Letter.reader_id.distinct()), whole)
    counted = s.scalar(plain.where(~select(EditionShare.edition_id).where(share).exists())) or 0
    # Of the shares only those that may hold one of the stories, as far as their text tells.
    posts = cast(EditionShare.posts, String)
    near = _accepted(EditionShare.subscriber_id, later).add_columns(EditionShare.posts).where(share)
    rows = s.execute(near.where(or_(*(posts.contains(str(one)) for one in wanted))))
    return counted + len({reader_id for reader_id, given in rows if wanted.intersection(given)})


def _bearing(
    s: Session, edition_id: int, post_id: int | None
) -> tuple[set[int], Mapping[int, Sequence[int]]]:
    """The stories asked about, and the editions that may have brought them, with what each carries."""
    own = set(stories_of(s, [edition_id]).get(edition_id, ()))
    wanted = own & {post_id} if post_id else own
    return wanted, _carriers(s, wanted, only=edition_id) if wanted else {edition_id: ()}


def _accepted(what: ColumnElement[int] | InstrumentedAttribute[int], editions: Iterable[int]) -> Select[int]:
    return (
        select(what)
        .select_from(Letter)
        .join(Subscriber, Subscriber.id == Letter.reader_id)
        .where(
            Letter.kind == DIGEST,
            Letter.about_id.in_(list(editions)),
            Letter.state == LetterState.ACCEPTED,
            Subscriber.state == SubscriberState.CONFIRMED,
        )
    )


def _on_the_list(s: Session, ids: Sequence[int]) -> tuple[tuple[int, str], ...]:
    found: list[tuple[int, str]] = []
    for start in range(0, len(ids), 1000):
        some = select(Subscriber.id, Subscriber.address).where(
            Subscriber.id.in_(ids[start : start + 1000]), Subscriber.state == SubscriberState.CONFIRMED
        )
        found += [(row.id, row.address) for row in s.execute(some.order_by(Subscriber.id))]
    return tuple(found)


def _letters(kind: str, readers: Sequence[int], about: Iterable[int]) -> Select[int, int]:
    return select(Letter.reader_id, Letter.about_id).where(
        Letter.kind == kind,
        Letter.about_id.in_(list(about)),
        Letter.reader_id.in_(readers),
        Letter.state.not_in(_IN_VAIN),
    )


def _carriers(s: Session, posts: Iterable[int], only: int | None = None) -> dict[int, Sequence[int]]:
    """Every edition that may have brought one of these posts, with its own stories: of each list (or of the edition ``only``'s)
    the first that carries one and all that went out later, since a share reaches back. Their numbers say which is later, for a
    clock may have been set back.
    """
    first = (
        select(Edition.list_id, func.min(Edition.number).label("number"))
        .join(EditionPost, EditionPost.edition_id == Edition.id)
        .where(EditionPost.post_id.in_(list(posts)), Edition.number.is_not(None))
        .group_by(Edition.list_id)
    )
    began = (first.where(Edition.id == only) if only else first).subquery()
    later = (Edition.list_id == began.c.list_id) & (Edition.number >= began.c.number)
    ids = s.scalars(select(Edition.id).join(began, later)).all()
    own = stories_of(s, ids)
    return {edition_id: own.get(edition_id, ()) for edition_id in ids}


def _given(
    s: Session, readers: Iterable[int] | None, editions: Iterable[int]
) -> Mapping[tuple[int, int], Sequence[int]]:
    """The shares by (edition, reader)."""
    of_editions = select(EditionShare).where(EditionShare.edition_id.in_(list(editions)))
    if readers is not None:
        of_editions = of_editions.where(EditionShare.subscriber_id.in_(list(readers)))
    return {(row.edition_id, row.subscriber_id): row.posts for row in s.scalars(of_editions)}
