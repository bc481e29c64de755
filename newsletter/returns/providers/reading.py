"""Reading JSON that may be shaped in any way, once its signature is known to be right. Called by the providers' files."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from blog.refusals import Forbidden, Invalid
from newsletter.delivery.verdicts import without_address
from newsletter.returns.judging import LONGEST, Kind, judge, says_nothing_of_the_address
from newsletter.returns.originals import Original
from newsletter.returns.receiving import Event
from newsletter.returns.reports import Report

MOST = 1_000
"""Events in one request."""

Fields = Mapping[str, Any]


class Forged(Forbidden):
    """The signature is missing, wrong or out of its time."""

    def __init__(self) -> None:
        super().__init__("That report is not signed as it should be.")


def objects(body: bytes) -> tuple[Fields, ...]:
    """One event or a list of them. Raises Invalid for what is no JSON of that form."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise Invalid("That is no JSON.") from None
    many = found if isinstance(found, list) else [found]
    return tuple(one for one in many[:MOST] if isinstance(one, dict))


def text(fields: Any, *path: str) -> str:
    """The text or number at the end of ``path``; empty where there is none."""
    for name in path:
        fields = fields.get(name) if isinstance(fields, dict) else None
    if not isinstance(fields, str | int | float) or isinstance(fields, bool):
        return ""
    # JSON may hold halves of characters and zeros, which neither a signature nor a database takes.
    return str(fields).replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def listed(fields: Any, name: str) -> Iterator[Fields]:
    found = fields.get(name) if isinstance(fields, dict) else None
    yield from (one for one in found[:MOST] if isinstance(one, dict)) if isinstance(found, list) else ()


def is_near(seconds: str, now: datetime, within: timedelta) -> bool:
    """Whether a Unix time lies so near to now, on either side."""
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) < 12):
        return False
    return abs(datetime.fromtimestamp(int(seconds), UTC) - now) <= within


def event(
    event_id: str,
    kind: Kind | None,
    address: str,
    words: str,
    *,
    status: str = "",
    message_id: str = "",
    return_path: str = "",
    counts: bool = True,
) -> Event:
    """``kind`` None: as the server's words say. Words are the server's own or, failing that, the provider's."""
    judged, code = judge(words, status)
    said = without_address(words[:LONGEST])
    about = Original(message_id.strip("<> "), return_path)
    counts = counts and not says_nothing_of_the_address(said, code)
    return Event(event_id[:200], Report(kind or judged, code[:12], said, (address,), about, counts), address)
