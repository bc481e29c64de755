"""Makes the sizes of pictures that readers' browsers choose from. The clock or a worker asks each second; several may."""

import logging
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select, update

from blog.db import Database
from blog.images import foreman
from blog.images.kinds import kind_of
from blog.images.model import Image
from blog.images.reading import FORMATS, ladder
from blog.images.storage import Storage
from blog.refusals import NotFound, Refusal

SQUARE_NAME = "square.jpg"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Due:
    id: int
    key: str
    media_type: str
    width: int
    focal: tuple[int, int]


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
            _render(storage, due)
        except Refusal as refusal:
            _rest(due, at, refusal)
        else:
            done += _finish(db, storage, due, at)
    return done


def is_anything_due(db: Database, at: datetime) -> bool:
    """A cheap look: is there a picture to be rendered that does not rest, as far as this process knows?"""
    return bool(_waiting(db, at, 1))


def names_of(width: int) -> tuple[str, ...]:
    """Every file that is made of an original ``width`` pixels wide."""
    return (*(f"{step}.{fmt}" for step in ladder(width) for fmt in FORMATS), SQUARE_NAME)


def _waiting(db: Database, at: datetime, most: int) -> Sequence[Due]:
    resting = [key for key, rest in _resting.items() if rest.until > at]
    columns = (Image.id, Image.key, Image.media_type, Image.width, Image.focal_x, Image.focal_y)
    waiting = select(*columns).where(Image.rendered_at.is_(None), Image.key.not_in(resting))
    with db.reading() as s:
        rows = s.execute(waiting.order_by(Image.created_at, Image.id).limit(most)).all()
    return [Due(row.id, row.key, row.media_type, row.width, (row.focal_x, row.focal_y)) for row in rows]


def _render(storage: Storage, due: Due) -> None:
    kind = kind_of(due.media_type)
    source = storage.path(due.key, kind.original)
    if source is None:
        raise NotFound("The original of this picture is missing.")
    # The square is made anew each time: it alone follows the focal point.
    names = [name for name in names_of(due.width) if name == SQUARE_NAME or not storage.has(due.key, name)]
    with tempfile.TemporaryDirectory(prefix="perijove-picture-") as folder:
        foreman.render(source, Path(folder), names, kind.crisp, due.focal)
        for name in names:
            storage.put(due.key, name, Path(folder) / name)


def _rest(due: Due, at: datetime, refusal: Refusal) -> None:
    """A minute after the first failure, then six, then an hour each time."""
    tries = _resting[due.key].tries + 1 if due.key in _resting else 1
    _resting[due.key] = Rest(tries, at + timedelta(minutes=min(60, 6 ** (tries - 1))))
    log.warning("picture %d was not rendered (try %d): %s", due.id, tries, refusal)


def _finish(db: Database, storage: Storage, due: Due, at: datetime) -> bool:
    _resting.pop(due.key, None)
    same = (
        Image.id == due.id,
        Image.rendered_at.is_(None),
        Image.focal_x == due.focal[0],
        Image.focal_y == due.focal[1],
    )
    with db.transaction() as s:
        marked = s.execute(update(Image).where(*same).values(rendered_at=at).returning(Image.id)).first()
        stands = marked or s.scalar(select(Image.id).where(Image.key == due.key))
    if not stands:
        # Deleted while we worked: what we wrote since would belong to nobody.
        storage.remove(due.key)
    return marked is not None
