"""What a manuscript was: listed, set side by side, brought back; and words kept aside where two people wrote. The studio asks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row as Found
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from blog.accounts.model import Account
from blog.accounts.people import Person
from blog.authors.model import Author
from blog.db import Database
from blog.images.model import Image
from blog.images.reading import Picture, pictures
from blog.posts import comparing, prose
from blog.posts.asked import known, number
from blog.posts.comparing import Row, Stretch
from blog.posts.deeds import note
from blog.posts.document import Node
from blog.posts.drafts import Draft, checked, draft_of
from blog.posts.model import Manuscript, PostId, Revision, RevisionKind, Topic
from blog.posts.paging import paged
from blog.posts.remembering import remember, set_aside
from blog.posts.rules import must_edit, must_see
from blog.posts.views import Page
from blog.posts.writing import Saved, replace_with, saved, standing
from blog.refusals import NotFound

PAGE = 30


@dataclass(frozen=True)
class Entry:
    """A manuscript of the past."""

    id: int
    version: int
    kind: RevisionKind
    title: str
    words: int
    saved_at: datetime
    saved_by: str
    """Empty where that account is gone."""


@dataclass(frozen=True)
class Side:
    """One of two that are compared; ``id`` is 0 for the manuscript as it stands, or for words that are nowhere yet."""

    id: int
    saved_at: datetime
    saved_by: str
    kind: RevisionKind | None
    lead: Picture | None


@dataclass(frozen=True)
class Comparison:
    before: Side
    after: Side
    fields: tuple[Row, ...]
    """Of the fields beside the body, those that differ."""
    body: tuple[Stretch, ...]
    version: int
    """The one that stands now; restoring names it."""

    @property
    def same(self) -> bool:
        return not self.fields and all(stretch.same for stretch in self.body)


@dataclass(frozen=True)
class _Pair:
    """Two drafts with everything that is asked of the database for their comparison."""

    sides: tuple[Side, Side]
    fields: tuple[dict[str, str], dict[str, str]]
    bodies: tuple[Node, Node]
    version: int


def listing(db: Database, post_id: int, by: Person, page: int = 1) -> Page[Entry]:
    """Newest first."""
    with db.reading() as s:
        must_see(by, known(s, post_id))
        wanted = (
            _outlines()
            .where(Revision.post_id == post_id)
            .order_by(Revision.kept_at.desc(), Revision.id.desc())
        )
        return paged(s, wanted, page, PAGE, lambda s, rows: tuple(_entry(s, row) for row in rows))


def compare(db: Database, post_id: int, revision_id: int, by: Person, other: int = 0) -> Comparison:
    """A revision beside a later one, or beside the manuscript as it stands where ``other`` is 0."""
    with db.reading() as s:
        must_see(by, known(s, post_id))
        manuscript = s.get_one(Manuscript, post_id)
        old, before = _kept(s, post_id, revision_id)
        new, after = _kept(s, post_id, other) if other else _now(s, manuscript)
        pair = _paired(s, (old, before), (new, after), manuscript.version)
    return _compared(pair)


def compare_with(db: Database, post_id: int, mine: Draft, by: Person, at: datetime) -> Comparison:
    """The manuscript as it stands beside words that were not saved, because it is newer than they know."""
    with db.reading() as s:
        must_see(by, known(s, post_id))
        manuscript, draft = s.get_one(Manuscript, post_id), checked(s, mine)
        side = Side(0, at, by.name, None, pictures(s, [draft.lead_image]).get(draft.lead_image or 0))
        pair = _paired(s, _now(s, manuscript), (side, draft), manuscript.version)
    return _compared(pair)


def restore(
    db: Database, post_id: int, revision_id: int, version: int, by: Person, at: datetime, sitting: str = ""
) -> Saved:
    """The revision is the next version; what stood goes into the history. Conflict where ``version`` stands no more. A lead
    picture that has gone from the library is left out.
    """
    with db.transaction() as s:
        post = known(s, post_id, lock=True)
        must_edit(by, post)
        manuscript = standing(s, post_id, version)
        _, draft = _kept(s, post_id, revision_id)
        if draft.lead_image and s.get(Image, draft.lead_image) is None:
            draft = replace(draft, lead_image=None)
        draft = checked(s, draft)
        if draft != draft_of(manuscript):
            remember(s, manuscript, at)
            replace_with(s, manuscript, draft, by, at, sitting)
            note(s, post, by, "restored", at)
        return saved(manuscript)


def keep_aside(db: Database, post_id: int, mine: Draft, by: Person, at: datetime) -> int:
    """Puts words into the history without their ever having stood, so that somebody else's may stay; returns the revision."""
    with db.transaction() as s:
        post = known(s, post_id, lock=True)
        must_edit(by, post)
        note(s, post, by, "set aside", at)
        return set_aside(s, s.get_one(Manuscript, post_id), checked(s, mine), by, at).id


def _rows() -> Select[*tuple[Any, ...]]:
    return select(Revision, Account.name.label("saver")).outerjoin(Account, Account.id == Revision.saved_by)


def _outlines() -> Select[*tuple[Any, ...]]:
    """Without the bodies, each of which may be half a megabyte."""
    told = (Revision.id, Revision.version, Revision.kind, Revision.title, Revision.words, Revision.saved_at)
    return select(*told, Account.name.label("saver")).outerjoin(Account, Account.id == Revision.saved_by)


def _entry(s: Session, row: Found[*tuple[Any, ...]]) -> Entry:
    words = row.words
    if words is None:
        words = prose.count(s.scalars(select(Revision.body).where(Revision.id == row.id)).one())[0]
    return Entry(
        row.id, row.version, RevisionKind(row.kind), row.title or "Untitled", words, row.saved_at, row.saver or ""
    )  # fmt: skip


def _kept(s: Session, post_id: int, revision_id: int) -> tuple[Side, Draft]:
    wanted = _rows().where(Revision.id == number(revision_id), Revision.post_id == PostId(post_id))
    row = s.execute(wanted).one_or_none()
    if row is None:
        raise NotFound("We can't find that version. The story's history may have gone with it.")
    draft, one = draft_of(row.Revision), row.Revision
    lead = pictures(s, [draft.lead_image]).get(draft.lead_image or 0)
    return Side(one.id, one.saved_at, row.saver or "", RevisionKind(one.kind), lead), draft


def _now(s: Session, manuscript: Manuscript) -> tuple[Side, Draft]:
    draft = draft_of(manuscript)
    saver = s.scalar(select(Account.name).where(Account.id == manuscript.saved_by))
    lead = pictures(s, [draft.lead_image]).get(draft.lead_image or 0)
    return Side(0, manuscript.saved_at, saver or "", None, lead), draft


def _paired(s: Session, before: tuple[Side, Draft], after: tuple[Side, Draft], version: int) -> _Pair:
    (old_side, old), (new_side, new) = before, after
    return _Pair((old_side, new_side), (_fields(s, old), _fields(s, new)), (old.body, new.body), version)


def _compared(pair: _Pair) -> Comparison:
    """Asked for after the database was let go, since it may take a while."""
    left, right = pair.fields
    rows = (comparing.field(label, left[label], right[label]) for label in left)
    body = comparing.compare(*(comparing.lines(body) for body in pair.bodies))
    return Comparison(*pair.sides, tuple(row for row in rows if not row.same), body, pair.version)


def _fields(s: Session, draft: Draft) -> dict[str, str]:
    """What stands beside the body, as words under the names that the editor's page has for them."""
    return {
        "Title": draft.title,
        "Dek": draft.dek,
        "Lead picture": f"No. {draft.lead_image}" if draft.lead_image else "",
        "Authors": _names(s, Author, draft.author_ids),
        "Topics": _names(s, Topic, draft.topic_ids),
        "In the daily digest": "Yes" if draft.in_digest else "No",
        "Slug": draft.slug,
        "Title for search engines": draft.search_title,
        "Description for search engines": draft.search_description,
        "Title for cards": draft.social_title,
        "Text for cards": draft.social_description,
        "Canonical address": draft.canonical_url,
        "Sources": "\n".join(f"{n}. {source.line}" for n, source in enumerate(draft.sources, 1)),
    }


def _names(s: Session, model: type[Author] | type[Topic], ids: Sequence[int]) -> str:
    names = {row.id: row.name for row in s.execute(select(model.id, model.name).where(model.id.in_(ids)))}
    return ", ".join(names[i] for i in ids if i in names)
