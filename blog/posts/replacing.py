"""Another file for a picture that stays the same: its number, its words and every place that shows it are kept."""

from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from blog.accounts.people import Person
from blog.db import Database
from blog.images import imprint, intake
from blog.images.clearing import clear, leaving_nothing
from blog.images.model import Image, ImageFormer
from blog.images.storage import Storage
from blog.posts.asked import number
from blog.posts.deeds import note
from blog.posts.deriving import derive_those_showing
from blog.posts.model import Post, PostImage
from blog.posts.redescribing import must_describe
from blog.refusals import Conflict, Invalid, NotFound

SAME_FILE = "This is the very file that is here already. Choose another one."
SAME_SHAPE = 0.01
"""So much two shapes may differ, as width to height, for the focal point to stay where it is."""


def replace_file(
    db: Database,
    storage: Storage,
    image_id: int,
    file: BinaryIO | Path,
    filename: str,
    by: Person,
    at: datetime,
    *,
    zone: ZoneInfo,
) -> None:
    """Stories have the new file from the commit on; mails and other sites that ask for the old one are led to it.

    Raises NotFound, Forbidden as for new words, Invalid with a sentence for a file that cannot be taken or is the one that is
    here, and Conflict for one that is another picture of the library.
    """
    image_id = number(image_id)
    with db.reading() as s:
        old = _must_replace(s.get(Image, image_id), s, by)
        words, old_key = imprint.packet(old), old.key
    with intake.arriving(file) as arrived:
        if arrived.key == old_key:
            raise Invalid(SAME_FILE)
        developed = intake.develop(arrived, intake.header_of(arrived), words)
        with leaving_nothing(db, storage, arrived.key):
            # Before a file is written: they would stand among those of the other picture.
            with db.reading() as s:
                _must_be_new(s, arrived.key, image_id)
            intake.keep(storage, developed)
            with db.transaction() as s:
                replaced = _exchange(s, image_id, developed, filename, by)
                derive_those_showing(s, image_id, at.astimezone(zone).date())
                _note(s, image_id, developed.arrived.key, by, at)
    clear(db, storage, replaced)


def _note(s: Session, image_id: int, key: str, by: Person, at: datetime) -> None:
    """In the log of each story that shows it."""
    filename = s.scalars(select(Image.filename).where(Image.key == key)).one()
    showing = select(PostImage.post_id).where(PostImage.image_id == image_id)
    for post in s.scalars(select(Post).where(Post.id.in_(showing)).order_by(Post.id)).all():
        note(s, post, by, "new file", at, filename)


def _must_replace(image: Image | None, s: Session, by: Person) -> Image:
    if image is None:
        raise NotFound("This picture is no longer there.")
    must_describe(s, image.id, by)
    return image


def _must_be_new(s: Session, key: str, image_id: int) -> None:
    if other := s.scalar(select(Image.filename).where(Image.key == key, Image.id != image_id)):
        raise Conflict(f"This file is in the library already, as “{other}”. Use that picture instead.")


def _exchange(s: Session, image_id: int, developed: intake.Developed, filename: str, by: Person) -> str:
    """Returns the key of the file that it had."""
    key = developed.arrived.key
    held = s.scalar(select(Image).where(Image.id == image_id).with_for_update())
    image = _must_replace(held, s, by)
    if image.key == key:
        raise Invalid(SAME_FILE)
    _must_be_new(s, key, image_id)
    former = image.key
    s.execute(delete(ImageFormer).where(ImageFormer.key.in_((key, former))))
    s.add(ImageFormer(key=former, image_id=image.id))
    before = image.width / image.height
    intake.show(image, developed, filename)
    if abs(image.width / image.height / before - 1) > SAME_SHAPE:
        image.focal_x = image.focal_y = 50
    s.flush()
    return former
