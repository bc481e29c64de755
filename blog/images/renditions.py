"""Makes the sizes of pictures that readers' browsers choose from. The clock or a worker asks each second; several may."""

import logging
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select, update

from blog.db import Database
from blog.images import foreman, imprint
from blog.images.clearing import clear
from blog.images.kinds import kind_of
from blog.images.model import Image
from blog.images.reading import DEEP, FORMATS, ladder
from blog.images.storage import Storage
from blog.refusals import NotFound, Refusal

SQUARE_NAME = "square.jpg"
TILES_NAME = "zoom.zip"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Due:
    id: int
    key: str
    media_type: str
    width: int
    height: int
    focal: tuple[int, int]
    title: str
    credit: str
    rights: str
    licence: str
    source_url: str
    imprint: str
    """What its renditions carry by now."""


@dataclass(frozen=True)
class Rest:
    """A picture that failed lets the others pass."""

    tries: int
    until: datetime


_resting: dict[str, Rest] = {}
"""By the key of the picture; each process remembers for itself."""


def render_due(db: Database, storage: Storage, at: datetime, most: int = 4) -> int:
    """Renders up to ``most`` pictures that wait, oldest first; tells how many are complete now.

    Work done twice by two processes does no harm: files are written whole, and the last one to finish changes nothing.
    """
    done = 0
    for due in _waiting(db, at, most):
        try:
            likeness = _render(storage, due)
        except Refusal as refusal:
            _rest(due, at, refusal)
        else:
            done += _finish(db, storage, due, likeness, at)
    return done


def is_anything_due(db: Database, at: datetime) -> bool:
    """A cheap look: is there a picture to be rendered that does not rest, as far as this process knows?"""
    return bool(_waiting(db, at, 1))


def names_of(width: int, height: int) -> tuple[str, ...]:
    """Every file that is made of an original of that size."""
    tiles = (TILES_NAME,) if max(width, height) > DEEP else ()
    return (*(f"{step}.{fmt}" for step in ladder(width) for fmt in FORMATS), SQUARE_NAME, *tiles)


def _waiting(db: Database, at: datetime, most: int) -> Sequence[Due]:
    resting = [key for key, rest in _resting.items() if rest.until > at]
    waiting = select(Image).where(Image.rendered_at.is_(None), Image.key.not_in(resting))
    with db.reading() as s:
        return [_due(image) for image in s.scalars(waiting.order_by(Image.created_at, Image.id).limit(most))]


def _due(image: Image) -> Due:
    return Due(
        image.id, image.key, image.media_type, image.width, image.height, (image.focal_x, image.focal_y), image.title,
        image.credit, image.rights, image.licence, image.source_url, image.imprint,
    )  # fmt: skip


def _render(storage: Storage, due: Due) -> str:
    """Writes what is missing, or all of it where the words inside are no longer right; tells what the picture looks like."""
    kind = kind_of(due.media_type)
    source = storage.path(due.key, kind.original)
    if source is None:
        raise NotFound("The original of this picture is missing.")
    stale = due.imprint != imprint.imprint_of(due)
    # The square is made anew each time: it alone follows the focal point.
    names = [
        name
        for name in names_of(due.width, due.height)
        if stale or name == SQUARE_NAME or not storage.has(due.key, name)
    ]
    with tempfile.TemporaryDirectory(prefix="perijove-picture-") as folder:
        sample = foreman.render(source, Path(folder), names, kind.crisp, due.focal, imprint.packet(due))
        for name in names:
            storage.put(due.key, name, Path(folder) / name)
    return sample.likeness


def _rest(due: Due, at: datetime, refusal: Refusal) -> None:
    """A minute after the first failure, then six, then an hour each time."""
    tries = _resting[due.key].tries + 1 if due.key in _resting else 1
    _resting[due.key] = Rest(tries, at + timedelta(minutes=min(60, 6 ** (tries - 1))))
    log.warning("picture %d was not rendered (try %d): %s", due.id, tries, refusal)


def _finish(db: Database, storage: Storage, due: Due, likeness: str, at: datetime) -> bool:
    """False where it changed while we worked: then it waits on, and the next beat makes it right."""
    _resting.pop(due.key, None)
    with db.transaction() as s:
        image = s.scalar(select(Image).where(Image.id == due.id).with_for_update())
        same = image is not None and image.rendered_at is None and _due(image) == due
        if image is not None and same:
            image.rendered_at, image.imprint, image.likeness = at, imprint.imprint_of(due), likeness
            image.zooms = TILES_NAME in names_of(due.width, due.height)
        # Another picture has got this very file meanwhile: its files bear the words of this one now.
        other = (Image.key == due.key, Image.id != due.id)
        s.execute(update(Image).where(*other).values(rendered_at=None, imprint=""))
    if image is None or image.key != due.key:
        # Deleted, or replaced by another file, while we worked: what we wrote since may belong to nobody.
        clear(db, storage, due.key)
    return same
