"""The list of what the demonstration brought. ``loading.py`` writes it, ``removing.py`` crosses it off."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from blog.accounts.model import AccountId
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.authors.model import Author
from blog.demo.model import DemoItem
from blog.demo.script import PictureEntry
from blog.images.describing import Description
from blog.images.model import Image
from blog.posts.model import Post, Topic

Brought = dict[tuple[str, str], int]
"""(kind, key) -> number of the row."""
STAGEHAND = Person(AccountId(0), "", "", frozenset({Right.PUBLISH_ANY}))
"""Nobody: the demonstration's stories have no account behind them."""
KINDS = {"post": Post, "author": Author, "topic": Topic, "picture": Image}


def brought(s: Session) -> Brought:
    """What is still here. An item whose row somebody has deleted is crossed off."""
    here: Brought = {}
    for item in s.scalars(select(DemoItem).order_by(DemoItem.id)).all():
        if s.get(KINDS[item.kind], item.ref_id) is None:
            s.delete(item)
        else:
            here[item.kind, item.key] = item.ref_id
    s.flush()
    return here


def remember(s: Session, kind: str, key: str, ref_id: int) -> int:
    s.add(DemoItem(kind=kind, key=key, ref_id=ref_id))
    return ref_id


def description_of(entry: PictureEntry) -> Description:
    return Description(
        entry.alt, False, entry.long_description, entry.caption, entry.credit, entry.licence, entry.source_url,
        entry.focal_x, entry.focal_y,
    )  # fmt: skip
