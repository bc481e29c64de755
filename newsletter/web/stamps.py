"""Signed times in public forms: they tell a person, who needs some seconds, from a program that posts at once or years later.

The band on cached pages bears the full hour, as the line of sky does, so that the same page stays the same bytes for an hour; the
page /subscribe is made for each visitor and bears the second.
"""

from datetime import UTC, datetime, timedelta

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

QUICK = timedelta(seconds=2)
"""No person fills in a form in less."""
OLD = timedelta(hours=24)


def stamp(at: datetime) -> str:
    return str(_signer().dumps(int(at.timestamp())))


def hourly(at: datetime) -> str:
    """Of the full hour, and never too young to be pressed at once."""
    return stamp(at.replace(minute=0, second=0, microsecond=0) - QUICK)


def age(text: str, now: datetime) -> timedelta | None:
    """How long ago ``text`` was made; None where it was not made here."""
    try:
        seconds = _signer().loads(text)
    except BadData:
        return None
    return now - datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt="perijove-form")
