"""The publication's mark: a picture of the library, taken in like any other, shown square beside the name and on browsers' tabs."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from blog.accounts.people import Person
from blog.db import Database
from blog.images.model import Image, ImageFormer
from blog.images.reading import Picture
from blog.publication.changing import hold, put
from blog.publication.reading import held, laid_over, variable
from blog.refusals import Invalid
from blog.settings import Settings


def choose(db: Database, given: Settings, picture: Picture, by: Person, at: datetime) -> None:
    """Where the picture has no words yet it gets those that a mark has. Raises Invalid where the environment names the logo."""
    with db.transaction() as s:
        row = hold(s)
        _check(given)
        now = laid_over(given, row.chosen)
        image = s.get_one(Image, picture.id, with_for_update=True)
        if not (image.alt or image.credit):
            image.alt, image.credit = f"Logo of {now.site_name}", now.site_name
            image.rendered_at = None
        if now.logo != picture.key:
            put(s, row, {"logo": picture.key}, by, at)


def remove(db: Database, given: Settings, by: Person, at: datetime) -> None:
    """The usual mark again; the picture stays in the library."""
    with db.transaction() as s:
        row = hold(s)
        _check(given)
        if laid_over(given, row.chosen).logo:
            put(s, row, {"logo": ""}, by, at)


def uses(s: Session, given: Settings, image_id: int) -> int:
    """1 where the picture, or a former file of it, is the logo: then it cannot be deleted."""
    keys = {*s.scalars(select(Image.key).where(Image.id == image_id))}
    keys |= {*s.scalars(select(ImageFormer.key).where(ImageFormer.image_id == image_id))}
    return int(laid_over(given, hold(s).chosen).logo in keys)


def _check(given: Settings) -> None:
    if "logo" in held(given):
        told = f"The logo is set by the environment ({variable('logo')}); change it there."
        raise Invalid(told, {"file": [told]})
