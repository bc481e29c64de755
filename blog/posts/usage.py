"""Where the pictures of the library stand: asked before one's words change, before it is deleted, and for those that nobody needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, String, and_, bindparam, cast, exists, or_, select
from sqlalchemy.orm import Session

from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.authors.model import Author, AuthorId
from blog.db import Database
from blog.images.model import Image
from blog.images.reading import Picture, pictures
from blog.posts.asked import number
from blog.posts.document import image_ids
from blog.posts.model import Manuscript, Post, PostId, PostImage, PostState
from blog.refusals import NotFound

HIDDEN = "a draft of somebody else's"


@dataclass(frozen=True)
class Use:
    """A post that shows the picture, in public or in its manuscript."""

    id: PostId
    title: str
    state: PostState
    path: str
    """Empty where it is not public."""
    opens: bool
    """Whether the person who asks may see its manuscript; where not, the title is the public one or HIDDEN."""


@dataclass(frozen=True)
class Face:
    """An author whose picture it is."""

    id: AuthorId
    name: str


def picture(db: Database, image_id: int) -> Picture:
    with db.reading() as s:
        found = pictures(s, [number(image_id)]).get(image_id)
    if found is None:
        raise NotFound("This picture is no longer there.")
    return found


def stories(db: Database, image_id: int, by: Person) -> tuple[Use, ...]:
    """The posts that show it, newest first. What is not public of somebody else's story stays between them and the editors."""
    with db.reading() as s:
        return tuple(_use(post, title, by) for post, title in _shown_in(s, number(image_id)))


def faces(db: Database, image_id: int) -> tuple[Face, ...]:
    """The authors whose picture it is, by name."""
    shown = select(Author).where(Author.image_id == number(image_id)).order_by(Author.name, Author.id)
    with db.reading() as s:
        return tuple(Face(AuthorId(author.id), author.name) for author in s.scalars(shown))


def unused(s: Session) -> ColumnElement[bool]:
    """The pictures that no post, manuscript or author needs, which are those that can be deleted; for ``images.library.search``."""
    # Literal numbers: a statement takes a limited count of parameters.
    drafted: BindParameter[Any] = bindparam(
        "drafted", sorted(_in_unpublished_words(s)), expanding=True, literal_execute=True
    )
    return and_(
        ~exists().where(PostImage.image_id == Image.id),
        ~exists().where(Post.lead_image_id == Image.id),
        ~exists().where(Manuscript.lead_image == Image.id),
        ~exists().where(Author.image_id == Image.id),
        Image.id.not_in(drafted),
    )


def count(s: Session, image_id: int) -> int:
    """How many posts and author pages need it; what ``images.library.delete`` is handed."""
    authors = s.scalars(select(Author.id).where(Author.image_id == image_id)).all()
    return len(_shown_in(s, image_id)) + len(authors)


def _shown_in(s: Session, image_id: int) -> Sequence[tuple[Post, str]]:
    in_public = select(PostImage.post_id).where(PostImage.image_id == image_id)
    in_words = _in_manuscripts(s, image_id)
    found = (
        select(Post, Manuscript.title)
        .join(Manuscript, Manuscript.post_id == Post.id)
        .where(or_(Post.id.in_(in_public), Post.id.in_(in_words), Post.lead_image_id == image_id))
        .order_by(Post.published_at.desc(), Post.id.desc())
    )
    return [(post, title) for post, title in s.execute(found)]


def _in_manuscripts(s: Session, image_id: int) -> list[int]:
    """Posts whose working copy shows it. JSON is searched as text first, then read: few documents hold the number."""
    hits = select(Manuscript.post_id, Manuscript.lead_image, Manuscript.body).where(
        or_(Manuscript.lead_image == image_id, _mentions(image_id))
    )
    return [
        row.post_id
        for row in s.execute(hits)
        if row.lead_image == image_id or image_id in image_ids(row.body)
    ]


def _in_unpublished_words(s: Session) -> set[int]:
    """Pictures in working copies that differ from what is public; ``PostImage`` knows those of all others."""
    ahead = select(Manuscript.body).where(Manuscript.version > Manuscript.published_version)
    return {image_id for body in s.scalars(ahead) for image_id in image_ids(body)}


def _mentions(image_id: int) -> ColumnElement[bool]:
    return cast(Manuscript.body, String).like(f'%"image": {image_id}%')


def _use(post: Post, title: str, by: Person) -> Use:
    opens = by.can(Right.EDIT_ANY) or post.created_by == by.id
    public = post.state == PostState.PUBLISHED
    known = (title or post.title or "Untitled") if opens else post.title if public else HIDDEN
    return Use(PostId(post.id), known, PostState(post.state), post.path or "" if public else "", opens)
