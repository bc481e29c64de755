"""Takes away the files of pictures that have no row: a process was killed between the two. The clock's housekeeping calls it."""

from datetime import datetime, timedelta

from sqlalchemy import select

from blog.db import Database
from blog.images.clearing import clear
from blog.images.model import Image
from blog.images.storage import Storage

LEFT_ALONE = timedelta(days=1)
"""How long files may wait for their row; taking a picture in needs seconds of it."""


def sweep(db: Database, storage: Storage, at: datetime) -> int:
    """Returns how many pictures' files were taken away. ``at`` is measured against the times that the storage keeps."""
    lying = dict(storage.keys())
    forgotten = [key for key, touched in lying.items() if touched < at - LEFT_ALONE]
    if not forgotten:
        return 0
    # Asked after the files: a picture's row is written later than they are, so none that is complete is missed.
    with db.reading() as s:
        known = set(s.scalars(select(Image.key)))
    return sum(clear(db, storage, key) for key in forgotten if key not in known)
