"""The settings as they are now: what was chosen in the studio laid over those that the process was opened with.

Every request, every turn of the clock and every handful of letters asks anew, so that a change needs no restart. What the
environment names is held fast by it.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from blog.db import Database
from blog.masthead import Closed, Masthead
from blog.publication.model import ONLY, Publication
from blog.settings import PREFIX, Settings

NAMES = tuple(Masthead.model_fields)
"""What may be chosen in the studio."""


def current(db: Database, given: Settings) -> Settings:
    """``given`` are the settings of the environment."""
    with db.reading() as s:
        return current_in(s, given)


def current_in(s: Session, given: Settings) -> Settings:
    chosen = s.scalar(select(Publication.chosen).where(Publication.id == ONLY))
    return laid_over(given, chosen) if chosen else given


def laid_over(given: Settings, chosen: Mapping[str, Any]) -> Settings:
    """The same object for the same words, so that whoever keeps what was made of them sees whether they changed."""
    return _laid_over(given, json.dumps(chosen, sort_keys=True))


def held(given: Settings) -> frozenset[str]:
    """The names that the environment holds fast."""
    return frozenset(NAMES) & given.model_fields_set


def variable(name: str) -> str:
    """Where the environment names it."""
    return PREFIX + name.upper()


@lru_cache(maxsize=8)
def _laid_over(given: Settings, chosen: str) -> Settings:
    fast = held(given)
    words = {name: value for name, value in json.loads(chosen).items() if name in NAMES and name not in fast}
    return given.model_copy(update=_fit(words))


def _fit(words: dict[str, Any]) -> dict[str, Any]:
    """Without what cannot be used any more, such as a zone that the world has given up: better the usual than nothing at all."""
    try:
        Plain(**words)
    except ValidationError as error:
        bad = {str(fault["loc"][0]) for fault in error.errors()}
        return {name: value for name, value in words.items() if name not in bad}
    return words


class Plain(Closed, Masthead):
    """A masthead by itself."""
