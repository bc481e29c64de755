"""What the public text follows from: the document, its pictures and the stories it points at. Derived again when one of them
changes, in the transaction that changes it. ``publishing`` and ``redescribing`` call it.
"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from blog.images.model import Image
from blog.images.reading import pictures
from blog.posts import prose
from blog.posts.document import Node, image_ids, post_ids, promotion_ends
from blog.posts.drafts import Draft
from blog.posts.figures import Resolve
from blog.posts.model import (
    Manuscript,
    Post,
    PostAuthor,
    PostId,
    PostImage,
    PostReference,
    PostState,
    PostTopic,
)
from blog.posts.sources import Source, sources_of


def resolve(s: Session, body: Node, sources: tuple[Source, ...] = ()) -> Resolve:
    """The pictures that the document shows, the public stories that it points at, and the story's own ``sources``."""
    columns = select(Post.id, Post.title, Post.path).where(Post.id.in_(post_ids(body)))
    public = s.execute(columns.where(Post.state == PostState.PUBLISHED))
    return Resolve(
        pictures(s, image_ids(body)),
        {row.id: (row.title, row.path) for row in public},
        sources,
    )


def hold(s: Session, post_id: int) -> None:
    """Locks, before a post is published or taken back, the pictures of its manuscript and every post that will be derived.

    Pictures first, posts in the order of their ids: all who take both do so in this order, and nobody waits in a circle.
    SQLite has one writer at a time and needs none of it.
    """
    text = s.execute(
        select(Manuscript.body, Manuscript.lead_image).where(Manuscript.post_id == post_id)
    ).first()
    shown = [*image_ids(text.body), text.lead_image or 0] if text else []
    s.execute(select(Image.id).where(Image.id.in_(shown)).order_by(Image.id).with_for_update(read=True)).all()
    pointing = select(PostReference.post_id).where(PostReference.target_id == post_id)
    concerned = select(Post.id).where(or_(Post.id == post_id, Post.id.in_(pointing)))
    s.execute(concerned.order_by(Post.id).with_for_update()).all()


def derive(s: Session, post: Post, today: date | None) -> None:
    """Writes HTML, text, excerpt, count and what else follows from the post's body."""
    assert post.body is not None, "only what was published is derived"
    sources = sources_of(post.sources)
    post.body_html = prose.page_html(post.body, resolve(s, post.body, sources), today)
    post.body_text = prose.whole_text(post.body, sources)
    post.excerpt, post.mail_words = prose.excerpt(post.body), prose.mail_words(post.body)
    post.promotion_ends = min(
        (day for day in promotion_ends(post.body) if not today or day >= today), default=None
    )
    post.words, post.minutes = prose.count(post.body)


def derive_those_pointing_at(s: Session, target: PostId, today: date | None) -> None:
    """The stories whose "Read more" leads to ``target``: its title, address or being public has changed."""
    pointing = select(PostReference.post_id).where(
        PostReference.target_id == target, PostReference.post_id != target
    )
    _derive_all(s, s.scalars(pointing).all(), today)


def derive_those_showing(s: Session, image_id: int, today: date | None) -> None:
    """The stories that show the picture, public or taken back: its words have changed."""
    _derive_all(s, s.scalars(select(PostImage.post_id).where(PostImage.image_id == image_id)).all(), today)


def relate(s: Session, post: Post, draft: Draft) -> None:
    """Rows for the post's authors, topics, pictures and references, in their order; the old ones go."""
    for model in (PostAuthor, PostTopic, PostImage, PostReference):
        s.execute(delete(model).where(model.post_id == post.id))
    lead = [draft.lead_image] if draft.lead_image else []
    shown = dict.fromkeys([*lead, *image_ids(draft.body)])
    first = 0 if lead else 1
    s.add_all(PostAuthor(post_id=post.id, author_id=a, position=n) for n, a in enumerate(draft.author_ids))
    s.add_all(PostTopic(post_id=post.id, topic_id=t, position=n) for n, t in enumerate(draft.topic_ids))
    s.add_all(PostImage(post_id=post.id, image_id=i, position=n) for n, i in enumerate(shown, first))
    there = s.scalars(select(Post.id).where(Post.id.in_(post_ids(draft.body))))
    s.add_all(PostReference(post_id=post.id, target_id=target) for target in there.all())


def _derive_all(s: Session, ids: Iterable[int], today: date | None) -> None:
    # In the order of their ids, so that two transactions that derive the same posts wait for each other and never lock up.
    wanted = select(Post).where(Post.id.in_(ids), Post.body.is_not(None)).order_by(Post.id).with_for_update()
    for post in s.scalars(wanted).all():
        derive(s, post, today)
