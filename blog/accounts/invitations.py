"""The way into the staff: a link for one person, used once. The studio's People page and ``perijove invite`` issue it."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from blog.accounts import staffing
from blog.accounts.model import AccountId, Invitation
from blog.accounts.roles import RoleName
from blog.db import Database
from blog.refusals import Gone, NotFound


@dataclass(frozen=True)
class Invited:
    """What an open invitation offers."""

    role: RoleName
    email: str
    """Whom it was meant for; empty where the inviter did not say."""
    expires_at: datetime


def issue(db: Database, role: RoleName, email: str, at: datetime, days: int = 7) -> str:
    """Makes an invitation and returns its token, which is told this once: only its hash is kept."""
    token = secrets.token_urlsafe(32)
    with db.transaction() as s:
        s.add(
            Invitation(
                token_hash=_hash(token),
                role=role,
                email=email.replace("\0", "").strip(),
                created_at=at,
                expires_at=at + timedelta(days=days),
            )
        )
    return token


def look(db: Database, token: str, at: datetime) -> Invited:
    """What the invitation offers. Raises NotFound for a token we never made, Gone for one used or too old."""
    with db.reading() as s:
        found = _open(s, token, at)
        return Invited(RoleName(found.role), found.email, found.expires_at)


def accept(db: Database, token: str, name: str, email: str, password: str, at: datetime) -> AccountId:
    """Makes the account that the invitation offers and uses it up, both or neither."""
    look(db, token, at)
    newcomer = staffing.newcomer(name, email, password)
    with db.transaction() as s:
        found = _open(s, token, at, lock=True)
        found.used_at = at
        return staffing.add(s, newcomer, RoleName(found.role), at)


def open_ones(db: Database, at: datetime) -> tuple[Invited, ...]:
    """Invitations that somebody may still use, the newest first."""
    still = select(Invitation).where(Invitation.used_at.is_(None), Invitation.expires_at > at)
    with db.reading() as s:
        rows = s.scalars(still.order_by(Invitation.created_at.desc(), Invitation.id.desc()))
        return tuple(Invited(RoleName(row.role), row.email, row.expires_at) for row in rows)


def _open(s: Session, token: str, at: datetime, lock: bool = False) -> Invitation:
    wanted = select(Invitation).where(Invitation.token_hash == _hash(token))
    found = s.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise NotFound("This invitation is incomplete. Copy the whole link, or ask for a new one.")
    if found.used_at is not None:
        raise Gone("This invitation was used already. Sign in, or ask for a new one.")
    if found.expires_at <= at:
        raise Gone("This invitation is too old. Ask for a new one.")
    return found


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
