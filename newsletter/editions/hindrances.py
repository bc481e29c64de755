"""What servers said about an edition's letters that are not accepted, and a second try for those that were given up. Called by the desk.

Large systems put a number of their own into every answer, so answers that differ in nothing else are one, told in the words of one.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import case, func, select

from blog.db import Database
from newsletter.delivery import intervening
from newsletter.delivery.model import Letter, LetterState, said
from newsletter.editions.compiling import KIND

MOST = 20
MOST_WORDINGS = 5_000
"""Wordings of one edition that are looked at, the commonest first."""
_WORD = re.compile(r"[^\s()\[\]<>,;:]+")
_TELLS = re.compile(r"(\d{3}-)?[245]\.\d{1,3}\.\d{1,3}|[A-Z]{1,5}[-#]?\d{1,4}|\D+")
"""Words that say something, also where a digit is in them: ``5.7.1``, ``S3150``, ``OU-001``."""


@dataclass(frozen=True)
class Hindrance:
    """Letters that a server answered alike."""

    code: int | None
    reply: str
    """In the server's own words: the commonest of its wordings."""
    wordings: int
    letters: int
    ended: int
    """So many of them are given up; nothing happens with those unless a person tries again."""


class _Wording(NamedTuple):
    code: int | None
    reply: str
    letters: int
    ended: int


def hindrances(db: Database, edition_id: int) -> tuple[Hindrance, ...]:
    """The commonest first."""
    alike: dict[tuple[int | None, str], list[_Wording]] = {}
    for one in _wordings(db, edition_id):
        alike.setdefault((one.code, gist(one.reply)), []).append(one)
    found = [_hindrance(some) for some in alike.values()]
    return tuple(sorted(found, key=lambda one: (-one.letters, one.code or 0, one.reply))[:MOST])


def retry(db: Database, edition_id: int, code: int | None, reply: str, at: datetime) -> int:
    """Letters that were given up with these words, or such as are like them, are ready again. Returns how many."""
    same = (code, gist(reply))
    ended = [
        one.reply for one in _wordings(db, edition_id) if one.ended and (one.code, gist(one.reply)) == same
    ]
    return sum(intervening.retry(db, KIND, edition_id, code, one, at) for one in ended)


def gist(reply: str) -> str:
    """The answer without the numbers of one letter, one connection or one machine."""
    return _WORD.sub(lambda word: word[0] if _TELLS.fullmatch(word[0]) else "…", reply)


def _hindrance(some: list[_Wording]) -> Hindrance:
    first = some[0]
    letters, ended = sum(one.letters for one in some), sum(one.ended for one in some)
    return Hindrance(first.code, first.reply, len(some), letters, ended)


def _wordings(db: Database, edition_id: int) -> list[_Wording]:
    """The commonest first."""
    number = func.count().label("number")
    ended = func.sum(case((Letter.settled_at.is_not(None), 1), else_=0))
    heard = (
        select(Letter.code, Letter.reply, number, ended)
        .where(Letter.kind == KIND, Letter.about_id == edition_id, said)
        .where(Letter.state.not_in([LetterState.ACCEPTED, LetterState.SKIPPED]))
        .group_by(Letter.code, Letter.reply)
        .order_by(number.desc(), Letter.reply)
        .limit(MOST_WORDINGS)
    )
    with db.reading() as s:
        return [_Wording(*row) for row in s.execute(heard)]
