"""What single cells say: moments, yes and no, several words in one. Called by the formats."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from newsletter.subscribers.fields import LONGEST, LONGEST_NAME

MOST_FIELDS = 40
YES = frozenset({"1", "true", "yes", "y", "t", "on"})
_GO = re.compile(r"^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.\d+)? ([+-]\d{4})(?: \w+)?$")
_SLASHES = "%m/%d/%Y %H:%M"
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)


def moment(cell: str) -> datetime | None:
    """ISO 8601 as everybody writes it, the way Go prints a time, or month/day/year. Without a zone it is UTC. None: cannot be told."""
    if not cell:
        return None
    if told := _GO.match(cell):
        cell = f"{told[1]}T{told[2]}{told[3]}"
    try:
        found = datetime.fromisoformat(cell)
    except ValueError:
        try:
            found = datetime.strptime(cell, _SLASHES if " " in cell else "%m/%d/%Y")
        except ValueError:
            return None
    try:
        found = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        return None
    return found if found >= EARLIEST else None


def yes(cell: str) -> bool:
    return cell.casefold() in YES


def words(cell: str, sign: str = ",") -> tuple[str, ...]:
    """Words with ``sign`` between them, without the quotes that some put around each; or a list in JSON."""
    if cell.startswith("["):
        try:
            listed = json.loads(cell)
        except (ValueError, RecursionError):
            listed = None
        if isinstance(listed, list):
            return tuple(clean(str(one), 100) for one in listed if str(one).strip())
    return tuple(found for one in cell.split(sign) if (found := clean(one.strip().strip('"'), 100)))


def table(cell: str) -> dict[str, str]:
    """An object in JSON as name -> text; anything else is nothing."""
    try:
        told = json.loads(cell) if cell.startswith("{") else {}
    except (ValueError, RecursionError):
        return {}
    return kept({str(name): _text(value) for name, value in told.items()}) if isinstance(told, dict) else {}


def kept(fields: Mapping[str, str]) -> dict[str, str]:
    """At most so many fields of at most so many characters, under names that a field may have, without the empty ones."""
    some = {_name(name): clean(value) for name, value in fields.items()}
    return dict([(name, value) for name, value in some.items() if name and value][:MOST_FIELDS])


def clean(cell: str, longest: int = LONGEST) -> str:
    """One line, without control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in cell).split())[:longest]


def _name(label: str) -> str:
    words = re.sub(r"[^\w .-]+", " ", clean(label)).lstrip(" .-_")
    return words[:LONGEST_NAME].strip()


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
