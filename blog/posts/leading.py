"""Whether the links of a text lead anywhere: on this site as it stands now, elsewhere as ``outside`` has found it lately."""

import re
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from blog.posts import outside
from blog.posts.checks import Leads
from blog.posts.document import Node, addresses
from blog.posts.model import Post, PostState, Redirect

_STORY = re.compile(r"/[0-9]{4}/[0-9]{2}/[a-z0-9-]+")


def leads(s: Session, body: Node) -> Leads:
    """Publishing waits for no network: a link to another site that nobody has looked at yet counts as good."""
    wanted = addresses(body)
    elsewhere = outside.answers(s, wanted)
    gone = {address for address, answer in elsewhere.items() if answer == outside.GONE}
    return Leads(_dead(s, wanted) | gone, frozenset(elsewhere.keys() - gone))


def _dead(s: Session, all_wanted: Collection[str]) -> frozenset[str]:
    """Addresses of stories on this site, as the text's links have them, at which no story is public."""
    wanted = {address for address in all_wanted if _STORY.fullmatch(address)}
    if not wanted:
        return frozenset()
    there = select(Post.path).where(Post.path.in_(wanted), Post.state == PostState.PUBLISHED)
    moved = (
        select(Redirect.path)
        .join(Post, Post.id == Redirect.post_id)
        .where(Redirect.path.in_(wanted), Post.state == PostState.PUBLISHED)
    )
    return frozenset(wanted - {*s.scalars(there), *s.scalars(moved)})
