"""Addresses that must not be written to, known by a keyed hash, so that an erased address leaves no trace but this one.

Import, another spelling of the address or a new sign-up change nothing here; the reader's own new confirmation lifts every reason
but an editor's. Called by sign-up, leaving, imports, what comes back by mail, and the desk.
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import NewType

from sqlalchemy import Select, delete, func, or_, select
from sqlalchemy.orm import Session

from blog.db import Database
from blog.refusals import Invalid, NotFound
from newsletter.delivery.conflicts import insert_into
from newsletter.subscribers import address as addresses
from newsletter.subscribers import stopping
from newsletter.subscribers.model import Subscriber, SubscriberState, Suppression

Seal = NewType("Seal", str)

MANUAL = "manual"
RANK = {"erased": 0, "bounced": 1, "complained": 2, MANUAL: 3}
"""A weaker reason never takes the place of a stronger one."""
PAGE = 50
AT_ONCE = 500
"""So many hashes are asked for in one statement."""


@dataclass(frozen=True)
class Suppressed:
    key_hash: Seal
    address: str | None
    """None where the reader was erased."""
    reason: str
    """bounced, complained, manual or erased."""
    note: str
    at: datetime
    by: str

    @property
    def is_manual(self) -> bool:
        """Entered by an editor, and lifted by nobody else."""
        return self.reason == MANUAL


@dataclass(frozen=True)
class SuppressionPage:
    items: tuple[Suppressed, ...]
    number: int
    pages: int
    total: int


def seal(secret: str, address_key: str) -> Seal:
    """HMAC-SHA256 of a case-folded address under the publication's key, hexadecimal."""
    return Seal(hmac.new(secret.encode(), f"suppression\0{address_key}".encode(), sha256).hexdigest())


def add(
    s: Session,
    secret: str,
    address_key: str,
    reason: str,
    at: datetime,
    *,
    address: str | None = None,
    note: str = "",
    by: str = "",
) -> None:
    """Twice is once. ``erased`` takes the address and every word about it away and leaves a stronger reason standing."""
    key_hash = seal(secret, address_key)
    fresh = {"address": address, "reason": reason, "note": note.replace("\0", ""), "at": at, "by": by[:120]}
    s.execute(insert_into(s, Suppression).values(key_hash=key_hash, **fresh).on_conflict_do_nothing())
    row = s.get_one(Suppression, key_hash, with_for_update=True, populate_existing=True)
    if RANK[reason] >= RANK[row.reason]:
        row.reason, row.note, row.by, row.at = reason, note.replace("\0", ""), by[:120], at
    row.address = address or row.address
    if reason == "erased":
        row.address, row.note = None, ""
    s.flush()


def lift(s: Session, secret: str, address_key: str) -> None:
    """For the reader's own new confirmation: takes away every reason but an editor's."""
    mine = Suppression.key_hash == seal(secret, address_key)
    s.execute(delete(Suppression).where(mine, Suppression.reason != MANUAL))


def find(s: Session, secret: str, address_key: str) -> Suppressed | None:
    row = s.get(Suppression, seal(secret, address_key))
    return _view(row) if row else None


def suppressed_among(s: Session, secret: str, keys: Iterable[str]) -> set[str]:
    """Those of the address keys that must not be written to."""
    by_hash = {seal(secret, key): key for key in keys}
    hashes, found = list(by_hash), set[str]()
    for start in range(0, len(hashes), AT_ONCE):
        some = Suppression.key_hash.in_(hashes[start : start + AT_ONCE])
        found |= {by_hash[Seal(key_hash)] for key_hash in s.scalars(select(Suppression.key_hash).where(some))}
    return found


def listing(
    db: Database, words: str = "", page: int = 1, *, reason: str = "", secret: str = ""
) -> SuppressionPage:
    """Newest first. ``words`` is any part of an address; with ``secret``, a whole address finds its erased entry too."""
    chosen = _chosen(words.strip().casefold(), reason, secret)
    with db.reading() as s:
        total = s.scalar(select(func.count()).select_from(chosen.subquery())) or 0
        pages = max(1, -(-total // PAGE))
        number = min(max(1, page), pages)
        newest = chosen.order_by(Suppression.at.desc(), Suppression.key_hash)
        rows = s.scalars(newest.limit(PAGE).offset((number - 1) * PAGE))
        return SuppressionPage(tuple(_view(row) for row in rows), number, pages, total)


def enter(db: Database, secret: str, typed: str, note: str, by: str, at: datetime) -> Seal:
    """An editor's own entry: whoever has this address gets nothing from now on. Raises Invalid."""
    address = addresses.read(typed)
    note = stopping.plain(note, 300)
    with db.transaction() as s:
        add(s, secret, address.key, MANUAL, at, address=address.text, note=note, by=by)
        reader = s.scalar(select(Subscriber).where(Subscriber.address_key == address.key).with_for_update())
        if reader and reader.state in (SubscriberState.PENDING, SubscriberState.CONFIRMED):
            stopping.end(s, reader, SubscriberState.LEFT, at, "desk", note, "stopped")
    return seal(secret, address.key)


def remove(db: Database, key_hash: str) -> None:
    """An editor takes an entry away, whatever its reason. The reader still has to sign up again. Raises NotFound, Invalid."""
    if not key_hash.isalnum():
        raise Invalid("That is no entry of the list.")
    with db.transaction() as s:
        row = s.get(Suppression, key_hash, with_for_update=True)
        if row is None:
            raise NotFound("That address is not on the suppression list any more.")
        s.delete(row)


def _chosen(words: str, reason: str, secret: str) -> Select[Suppression]:
    chosen = select(Suppression)
    if reason in RANK:
        chosen = chosen.where(Suppression.reason == reason)
    if not words:
        return chosen
    matches = func.lower(Suppression.address).contains(words, autoescape=True)
    is_whole = secret and "@" in words
    return chosen.where(or_(matches, Suppression.key_hash == seal(secret, words)) if is_whole else matches)


def _view(row: Suppression) -> Suppressed:
    return Suppressed(Seal(row.key_hash), row.address, row.reason, row.note, row.at, row.by)
