"""Makes good what dead senders left on this machine: their journals know which letters were accepted and which are in doubt."""

from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from blog.db import Database
from newsletter.delivery import journal
from newsletter.delivery.claiming import doubt, hold, release_all, sign_off
from newsletter.delivery.model import Letter
from newsletter.delivery.sets import among, numbers

log = structlog.get_logger()


def recover(db: Database, folder: Path, now: datetime) -> None:
    """Each letter that a dead sender had in its hands is accepted, in doubt, or back where it was."""
    for remains in journal.of_the_dead(folder):
        with db.transaction() as s:
            # PostgreSQL may still be at the last commit that the dead one asked for.
            hold(s, remains.owner)
            _settle(s, remains, now)
        log.warning(
            "sender.died", accepted=len(remains.accepted), in_doubt=len(remains.begun)
        )  # What it had only claimed goes back without a word.


def _settle(s: Session, remains: journal.Remains, now: datetime) -> None:
    if remains.accepted:
        accepted = text(f"""UPDATE letter SET state = 'accepted', attempts = attempts + 1, code = 250, settled_at = :now,
            reply = '', lease_owner = NULL, payload = NULL WHERE id {among(s)} AND state IN ('sending', 'uncertain')""")  # noqa: S608
        values = {"ids": numbers(s, sorted(remains.accepted)), "now": now}
        s.execute(accepted.bindparams(bindparam("now", type_=Letter.created_at.type)), values)
    if remains.begun:
        doubt(s, remains.owner, now, sorted(remains.begun))
    release_all(s, remains.owner)
    sign_off(s, remains.owner)
