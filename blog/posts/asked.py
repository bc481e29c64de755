"""What arrives in an address: numbers and words that no row can have become ones that none has before a database sees them, and the
post of a number.
"""

from sqlalchemy.orm import Session

from blog.posts.model import Post
from blog.refusals import NotFound


def number(given: int) -> int:
    """``given`` where a 64-bit key can hold it, otherwise 0, which no row bears."""
    return given if 0 < given < 2**63 else 0


def word(given: str) -> str:
    """``given`` where a database can hold it, otherwise empty."""
    return "" if "\0" in given else given


def known(s: Session, post_id: int, lock: bool = False) -> Post:
    """The post, its row locked until the transaction ends where ``lock``; NotFound where there is none."""
    post = s.get(Post, number(post_id), with_for_update=lock or None)
    if post is None:
        raise NotFound("We can't find that story. It may have been deleted.")
    return post
