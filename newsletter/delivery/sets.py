"""A set of numbers in a statement, as each of the two databases likes it best. Called by ``claiming``, ``ledger`` and ``recovering``."""

import json
from collections.abc import Iterable

from sqlalchemy.orm import Session


def is_postgres(s: Session) -> bool:
    return s.get_bind().dialect.name == "postgresql"


def among(s: Session) -> str:
    """What stands behind the column: the set is the parameter ``:ids``, made by ``numbers``."""
    return "= ANY(CAST(:ids AS bigint[]))" if is_postgres(s) else "IN (SELECT value FROM json_each(:ids))"


def numbers(s: Session, ids: Iterable[int]) -> object:
    found = list(ids)
    return found if is_postgres(s) else json.dumps(found)
