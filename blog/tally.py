"""How often something was tried lately, counted in the database, so that all web processes count together. Doors ask before they act."""

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import String, bindparam, delete, text
from sqlalchemy.orm import Mapped, mapped_column

from blog.db import Base, Database, UtcDateTime
from blog.refusals import TooMany

WAIT = "That was a lot of tries. Wait {minutes} and try again."


class Tally(Base):
    """One counted thing within one window of time. The name is hashed: an address that was tried is nobody's business."""

    __tablename__ = "tally"

    bucket: Mapped[str] = mapped_column(String(64), primary_key=True)
    hits: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


def count(db: Database, name: str, most: int, minutes: int, at: datetime) -> None:
    """Counts one more try under ``name``. Raises TooMany from the one after ``most`` until ``minutes`` after the first."""
    bucket = sha256(name.encode()).hexdigest()
    fresh = {"bucket": bucket, "at": at, "ends_at": at + timedelta(minutes=minutes)}
    with db.transaction() as s:
        hits, ends_at = s.execute(_ONE_MORE, fresh).one()
    if hits > most:
        left = max(1, round((ends_at - at).total_seconds()))
        raise TooMany(WAIT.format(minutes=_minutes(left)), left)


def forget(db: Database, name: str) -> None:
    """Starts ``name`` anew, after a try that succeeded."""
    with db.transaction() as s:
        s.execute(delete(Tally).where(Tally.bucket == sha256(name.encode()).hexdigest()))


def prune(db: Database, now: datetime) -> int:
    """Takes away windows that ended; the clock's housekeeping calls it. Returns how many."""
    with db.transaction() as s:
        return s.execute(delete(Tally).where(Tally.ends_at <= now)).rowcount  # type: ignore[attr-defined, no-any-return]


_ONE_MORE = (
    text("""
    INSERT INTO tally (bucket, hits, ends_at) VALUES (:bucket, 1, :ends_at)
    ON CONFLICT (bucket) DO UPDATE SET
      hits = CASE WHEN tally.ends_at <= :at THEN 1 ELSE tally.hits + 1 END,
      ends_at = CASE WHEN tally.ends_at <= :at THEN excluded.ends_at ELSE tally.ends_at END
    RETURNING hits, ends_at""")
    .bindparams(bindparam("at", type_=UtcDateTime()), bindparam("ends_at", type_=UtcDateTime()))
    .columns(hits=Tally.hits.type, ends_at=Tally.ends_at.type)
)


def _minutes(seconds: int) -> str:
    whole = -(-seconds // 60)
    return "1 minute" if whole == 1 else f"{whole} minutes"
