"""Where a published post lives: its slug, its address, and the redirects from where it lived before."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from blog import links
from blog.authors.slugs import first_free
from blog.posts.model import Post, Redirect


def place(s: Session, post: Post, wish: str, published_at: datetime, at: datetime, zone: ZoneInfo) -> None:
    """Sets slug and path. ``wish`` is the editor's slug; without one the post keeps what it has, or takes its title.
    An address that the post leaves goes on leading to it.
    """
    kept = post.slug if post.path else links.slugify(post.title)
    slug = _free(s, post, wish or kept or f"untitled-{post.id}")
    path = links.post_path(slug, published_at, zone)
    if post.path and post.path != path:
        if slug == post.slug:
            return
        path = f"{post.path.rsplit('/', 1)[0]}/{slug}"
        s.add(Redirect(path=post.path, post_id=post.id, created_at=at))
    post.slug, post.path = slug, path
    own = s.get(Redirect, path)
    if own is not None:
        s.delete(own)


def _free(s: Session, post: Post, wish: str) -> str:
    """No other post has it, and no other post ever had an address that ends in it."""
    like = wish.replace("_", r"\_")
    slugs = select(Post.slug).where(
        Post.id != post.id, or_(Post.slug == wish, Post.slug.like(f"{like}-%", escape="\\"))
    )
    former = select(Redirect.path).where(
        Redirect.post_id != post.id, Redirect.path.like(f"%/{like}%", escape="\\")
    )
    taken = {*s.scalars(slugs), *(path.rsplit("/", 1)[-1] for path in s.scalars(former))}
    return first_free(wish, taken)
