"""Writes many letters' places in one statement, in the words of the database at hand. Called by ``domains``."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

_POSTGRESQL = text(
    """UPDATE letter SET due_at = place.at, paced = place.kept
    FROM jsonb_to_recordset(CAST(:places AS jsonb)) AS place(id bigint, at timestamptz, kept boolean) WHERE letter.id = place.id"""
)
_SQLITE = text(
    """UPDATE letter SET due_at = place.value ->> 'at', paced = place.value ->> 'kept'
    FROM json_each(:places) AS place WHERE letter.id = place.value ->> 'id'"""
)


def move(s: Session, places: Sequence[tuple[int, datetime, bool]]) -> None:
    """(id, due, whether that is a place that it keeps) of letters that this transaction holds."""
    if not places:
        return
    is_postgresql = s.get_bind().dialect.name == "postgresql"
    rows = [
        {"id": id_, "at": at.isoformat() if is_postgresql else _stored(at), "kept": kept}
        for id_, at, kept in places
    ]
    s.connection().execute(_POSTGRESQL if is_postgresql else _SQLITE, {"places": json.dumps(rows)})


def _stored(at: datetime) -> str:
    """As ``UtcDateTime`` has it on SQLite."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
