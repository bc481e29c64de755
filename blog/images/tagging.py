"""The staff's own words to find pictures by. ``describing.py`` sets a picture's, the library filters by one."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from blog.db import Database
from blog.images.model import ImageTag

LONGEST, MOST = 60, 30
OFFERED = 40


@dataclass(frozen=True)
class Tag:
    name: str
    pictures: int


def split(text: str) -> tuple[str, ...]:
    """The tags of a line with commas between."""
    return tuple(text.split(","))


def retag(s: Session, image_id: int, tags: Iterable[str]) -> None:
    """These tags and no other: in small letters, each once, the first 30."""
    tidied = (_tidy(tag) for tag in tags)
    wanted = [tag for tag in dict.fromkeys(tidied) if tag][:MOST]
    s.execute(delete(ImageTag).where(ImageTag.image_id == image_id))
    s.add_all(ImageTag(image_id=image_id, tag=tag) for tag in wanted)


def tags_of(db: Database, image_id: int) -> tuple[str, ...]:
    with db.reading() as s:
        chosen = select(ImageTag.tag).where(ImageTag.image_id == image_id).order_by(ImageTag.tag)
        return tuple(s.scalars(chosen))


def all_tags(db: Database) -> tuple[Tag, ...]:
    """Those that most pictures have, by name."""
    count = func.count().label("pictures")
    most = select(ImageTag.tag, count).group_by(ImageTag.tag).order_by(count.desc(), ImageTag.tag)
    with db.reading() as s:
        rows = s.execute(most.limit(OFFERED)).all()
    return tuple(sorted((Tag(row.tag, row.pictures) for row in rows), key=lambda tag: tag.name))


def _tidy(tag: str) -> str:
    plain = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in tag)
    return " ".join(plain.lower().split())[:LONGEST].strip()
