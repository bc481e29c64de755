"""Takes the files of a picture away, wherever something else has become of it, and never those that a picture has.

Two rows may have the same file one after the other; so who takes files away, and who brings them, hold their key.
"""

import contextlib
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from blog.db import Database
from blog.images.model import Image
from blog.images.storage import Storage
from blog.refusals import Unavailable


def clear(db: Database, storage: Storage, key: str) -> bool:
    """Whether they are gone. What cannot be done now is done by the sweep."""
    with contextlib.suppress(Unavailable), storage.alone(key):
        return _clear(db, storage, key)
    return False


@contextlib.contextmanager
def leaving_nothing(db: Database, storage: Storage, key: str) -> Iterator[None]:
    """Nobody takes the files of ``key`` away meanwhile; an error that comes before the row stands takes them away again."""
    with storage.alone(key):
        try:
            yield
        except BaseException:
            with contextlib.suppress(SQLAlchemyError):
                _clear(db, storage, key)
            raise


def _clear(db: Database, storage: Storage, key: str) -> bool:
    with db.reading() as s:
        is_ours = s.scalar(select(Image.id).where(Image.key == key)) is not None
    if not is_ours:
        storage.remove(key)
    return not is_ours
