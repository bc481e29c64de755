"""The shelf of all pictures: look through it, and take one away for good. The studio asks it."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, String, and_, cast, exists, false, func, or_, select
from sqlalchemy.orm import Session

from blog.db import Database
from blog.images import likeness
from blog.images.clearing import clear
from blog.images.kinds import kind_of
from blog.images.model import Image, ImageFormer, ImageTag
from blog.images.reading import Picture, picture_of, pictures
from blog.images.storage import KEY, Storage
from blog.refusals import Conflict, NotFound

ON_A_PAGE = 24
LACKING = ("alt", "credit", "licence", "confirming")
Condition = ColumnElement[bool]


@dataclass(frozen=True)
class Page:
    """Newest pictures first; ``number`` counts from one."""

    items: tuple[Picture, ...]
    number: int
    pages: int
    total: int


def search(
    db: Database,
    words: str,
    page: int,
    missing: str = "",
    only: Callable[[Session], Condition] | None = None,
    tag: str = "",
) -> Page:
    """Pictures in which each of ``words`` stands somewhere; ``missing`` is ``alt``, ``credit``, ``licence``, ``confirming`` or
    nothing; ``only`` is what another room asks of them besides.

    A page beyond the last one is the last one.
    """
    with db.reading() as s:
        asked = [only(s)] if only else []
        wanted = and_(*[_says(word) for word in _words(words)], _lacks(missing), *_tagged(tag), *asked)
        total = s.scalar(select(func.count()).select_from(Image).where(wanted)) or 0
        pages = max(1, -(-total // ON_A_PAGE))
        number = min(max(1, page), pages)
        newest = select(Image).where(wanted).order_by(Image.created_at.desc(), Image.id.desc())
        images = s.scalars(newest.limit(ON_A_PAGE).offset((number - 1) * ON_A_PAGE))
        return Page(tuple(picture_of(image) for image in images), number, pages, total)


def lacking(db: Database) -> dict[str, int]:
    """How many pictures still lack something, by what ``search`` calls it."""
    figures = [func.count(Image.id).filter(_lacks(missing)).label(missing) for missing in LACKING]
    with db.reading() as s:
        return dict(s.execute(select(*figures)).one()._mapping)


def count(db: Database, only: Callable[[Session], Condition]) -> int:
    with db.reading() as s:
        return s.scalar(select(func.count(Image.id)).where(only(s))) or 0


def choice(db: Database, chosen: int | None) -> tuple[Picture, ...]:
    """The newest pictures to choose from, the chosen one before them where it is older."""
    with db.reading() as s:
        newest = s.scalars(select(Image).order_by(Image.created_at.desc(), Image.id.desc()).limit(ON_A_PAGE))
        offered = tuple(picture_of(image) for image in newest)
        if not chosen or chosen in [picture.id for picture in offered]:
            return offered
        return (*pictures(s, [chosen]).values(), *offered)


def alike(db: Database, image_id: int) -> tuple[Picture, ...]:
    """Pictures that look nearly the same: other sizes, formats or crops of one, the newest first and at most eight."""
    looks = select(Image.id, Image.likeness).where(Image.likeness != "").order_by(Image.id.desc())
    with db.reading() as s:
        known = {row.id: row.likeness for row in s.execute(looks)}
        own = known.pop(image_id, "")
        near = [other for other, look in known.items() if likeness.is_near(own, look)][:8]
        return tuple(pictures(s, near).values())


def with_key(db: Database, storage: Storage, key: str) -> Picture | None:
    """The picture of that very file, if its original is still there."""
    if not KEY.fullmatch(key):
        return None
    with db.reading() as s:
        image = s.scalar(select(Image).where(Image.key == key))
        whole = image and storage.has(key, kind_of(image.media_type).original)
        return picture_of(image) if image and whole else None


def successor(db: Database, key: str) -> str | None:
    """The key of the file that has replaced this one."""
    with db.reading() as s:
        former = select(Image.key).join(ImageFormer, ImageFormer.image_id == Image.id)
        return s.scalar(former.where(ImageFormer.key == key))


def delete(db: Database, storage: Storage, image_id: int, used_in: Callable[[Session, int], int]) -> None:
    """Takes the picture and all its files away. ``used_in`` tells how many stories and authors need it: more than none is a Conflict."""
    with db.transaction() as s:
        image = s.get(Image, image_id, with_for_update=True)
        if image is None:
            raise NotFound("This picture is no longer there.")
        if count := used_in(s, image_id):
            places = "1 place" if count == 1 else f"{count} places"
            raise Conflict(f"This picture is used in {places}. Take it out there first, then delete it here.")
        s.delete(image)
    clear(db, storage, image.key)


def _words(text: str) -> list[str]:
    plain = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text)
    return plain.split()[:8]


def _says(word: str) -> Condition:
    columns = (
        Image.title,
        Image.alt,
        Image.caption,
        Image.credit,
        Image.filename,
        Image.objects,
        Image.instrument,
    )
    return or_(*(column.icontains(word, autoescape=True) for column in columns), *_tagged(word.lower()))


def _tagged(tag: str) -> list[Condition]:
    if "\0" in tag:
        return [false()]  # No database takes it, so no tag has it.
    return [exists().where(ImageTag.image_id == Image.id, ImageTag.tag == tag)] if tag else []


def _lacks(missing: str) -> Condition:
    if missing == "alt":
        return and_(Image.alt == "", Image.decorative.is_(False))
    if missing == "confirming":
        return cast(Image.unconfirmed, String) != "[]"
    return {"credit": Image.credit == "", "licence": Image.licence == ""}.get(missing, Image.id.is_not(None))
