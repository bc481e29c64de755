"""Posts as the studio sees them: the list, and one manuscript with everything its page shows. Asked through ``writing``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from blog.accounts.model import Account
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.authors.model import Author
from blog.db import Database
from blog.images.reading import Picture, pictures
from blog.posts.asked import known
from blog.posts.checks import Finding, findings, for_page
from blog.posts.desk_model import Review, ReviewState
from blog.posts.document import Node, image_ids, post_ids
from blog.posts.drafts import Draft, draft_of
from blog.posts.inspecting import faults_of
from blog.posts.leading import leads
from blog.posts.model import Manuscript, Post, PostId, PostState
from blog.posts.page_model import StandingPage, is_page
from blog.posts.paging import paged
from blog.posts.rules import may_edit, may_publish, must_see
from blog.posts.views import Page

PAGE = 20
CHANGED = "changed"
"""A state to list by that no row has: published, with a newer manuscript."""
IN_REVIEW = "review"
"""Another one: submitted, and nobody has answered."""
NOT_PUBLIC = "A story that is not public"


@dataclass(frozen=True)
class StudioPost:
    id: PostId
    state: PostState
    title: str
    """The manuscript's; ``Untitled`` where it has none yet."""
    path: str
    """Empty before the first publication."""
    authors: tuple[str, ...]
    picture: Picture | None
    created_by: int | None
    saved_at: datetime
    saved_by: str
    """Name of who saved last; empty where that account is gone."""
    publish_at: datetime | None
    published_at: datetime | None
    has_changes: bool
    """It is public, and the manuscript is newer."""
    may_edit: bool
    may_publish: bool
    """What the person who asks may do."""
    review: ReviewState | None = None
    featured: bool = False
    pinned_until: date | None = None


@dataclass(frozen=True)
class Working:
    """A post on the desk."""

    post: StudioPost
    draft: Draft
    version: int
    published_version: int
    pictures: Mapping[int, Picture]
    stories: Mapping[int, tuple[str, str]]
    """What its "Read more" lines point at: (title, path), the path empty where that post is not public."""
    findings: tuple[Finding, ...]
    sitting: str = ""
    """The open page that saved last."""
    is_page: bool = False
    """It is a standing page, no story."""


def get(db: Database, post_id: int, by: Person) -> Working:
    """NotFound, or Forbidden for somebody else's post without the right to edit any."""
    with db.reading() as s:
        row = s.execute(_rows().where(Post.id == known(s, post_id).id)).one()
        must_see(by, row.Post)
        draft = draft_of(row.Manuscript)
        shown, stories = pictures(s, [draft.lead_image, *image_ids(draft.body)]), _stories(s, draft.body, by)
        public = {i: story for i, story in stories.items() if story[1]}
        faults = faults_of(s, row.Post.id, row.Manuscript.version)
        found, page = findings(draft, shown, public, leads(s, draft.body), faults), is_page(s, row.Post.id)
        return Working(
            _listed(s, by, [row])[0], draft, row.Manuscript.version, row.Manuscript.published_version, shown, stories,
            for_page(found) if page else found, row.Manuscript.sitting, page,
        )  # fmt: skip


def listing(db: Database, by: Person, state: str = "", words: str = "", page: int = 1) -> Page[StudioPost]:
    """Last saved first; one's own where the person may not edit others'. ``state`` is a PostState or ``changed``."""
    wanted = _rows().order_by(Manuscript.saved_at.desc(), Post.id.desc())
    wanted = wanted.where(Post.id.not_in(select(StandingPage.post_id)))
    if not by.can(Right.EDIT_ANY):
        wanted = wanted.where(Post.created_by == by.id)
    if state == CHANGED:
        wanted = wanted.where(
            Post.state == PostState.PUBLISHED, Manuscript.version > Manuscript.published_version
        )
    elif state == IN_REVIEW:
        wanted = wanted.where(Review.state == ReviewState.SUBMITTED)
    elif state:
        wanted = wanted.where(Post.state == state)
    for word in words.replace("\0", "").split()[:8]:
        wanted = wanted.where(func.lower(Manuscript.title).contains(word.lower(), autoescape=True))
    with db.reading() as s:
        return paged(s, wanted, page, PAGE, lambda s, rows: _listed(s, by, rows))


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(Post, Manuscript, Account.name.label("saver"), Review.state.label("review"))
        .join(Manuscript, Manuscript.post_id == Post.id)
        .outerjoin(Account, Account.id == Manuscript.saved_by)
        .outerjoin(Review, Review.post_id == Post.id)
    )


def _listed(s: Session, by: Person, rows: Sequence[Row[*tuple[Any, ...]]]) -> tuple[StudioPost, ...]:
    shown = pictures(s, [row.Manuscript.lead_image for row in rows])
    wanted = {i for row in rows for i in row.Manuscript.author_ids}
    names = {
        author.id: author.name
        for author in s.execute(select(Author.id, Author.name).where(Author.id.in_(wanted)))
    }
    return tuple(_listed_one(row, by, names, shown) for row in rows)


def _listed_one(
    row: Row[*tuple[Any, ...]], by: Person, names: Mapping[int, str], shown: Mapping[int, Picture]
) -> StudioPost:
    post: Post = row.Post
    text: Manuscript = row.Manuscript
    return StudioPost(
        PostId(post.id), PostState(post.state), text.title or "Untitled", post.path or "",
        tuple(names[i] for i in text.author_ids if i in names), shown.get(text.lead_image or 0), post.created_by,
        text.saved_at, row.saver or "", post.publish_at, post.published_at,
        post.state == PostState.PUBLISHED and text.version > text.published_version,
        may_edit(by, post), may_publish(by, post), ReviewState(row.review) if row.review else None,
        post.featured, post.pinned_until,
    )  # fmt: skip


def _stories(s: Session, body: Node, by: Person) -> Mapping[int, tuple[str, str]]:
    wanted = (
        select(Post, Manuscript.title)
        .join(Manuscript, Manuscript.post_id == Post.id)
        .where(Post.id.in_(post_ids(body)))
    )
    return {post.id: _story(post, title, by) for post, title in s.execute(wanted)}


def _story(post: Post, title: str, by: Person) -> tuple[str, str]:
    """Title and path; what is not public of somebody else's story stays between them and the editors."""
    if post.state == PostState.PUBLISHED:
        return post.title, post.path or ""
    seen = by.can(Right.EDIT_ANY) or post.created_by == by.id
    return (title or "Untitled") if seen else NOT_PUBLIC, ""
