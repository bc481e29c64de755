"""Whether the links of a text lead anywhere on this site. Other sites are asked by nobody here: publishing waits for no network."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from blog.posts.checks import addresses
from blog.posts.document import Node
from blog.posts.model import Post, PostState, Redirect

_STORY = re.compile(r"/[0-9]{4}/[0-9]{2}/[a-z0-9-]+")


def dead(s: Session, body: Node) -> frozenset[str]:
    """Addresses of stories on this site, as the text's links have them, at which no story is public."""
    wanted = {address for address in addresses(body) if _STORY.fullmatch(address)}
    if not wanted:
        return frozenset()
    there = select(Post.path).where(Post.path.in_(wanted), Post.state == PostState.PUBLISHED)
    moved = (
        select(Redirect.path)
        .join(Post, Post.id == Redirect.post_id)
        .where(Redirect.path.in_(wanted), Post.state == PostState.PUBLISHED)
    )
    return frozenset(wanted - {*s.scalars(there), *s.scalars(moved)})
