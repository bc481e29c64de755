"""Has the letters of a batch written, each by the composer of its kind. Called by ``clerk``.

A letter on which its composer fails is put off and the others go on: a template or a story that is broken is mended before it is
given up, and whatever waits for that is told on the desk.
"""

import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from blog.db import Database
from newsletter.delivery.claiming import Claimed
from newsletter.delivery.model import URGENT, LetterId
from newsletter.delivery.outcomes import PATIENCE, Outcome, skipped, spoilt
from newsletter.delivery.parcels import Composer, LetterView, Parcel, Skip

log = structlog.get_logger()


class Load:
    """A letter and the mail that it became, on its way through the engine."""

    __slots__ = ("began", "claimed", "id", "parcel", "slot", "until")

    def __init__(self, claimed: Claimed, parcel: Parcel) -> None:
        self.id, self.claimed, self.parcel = claimed.letter.id, claimed, parcel
        self.slot = self.until = 0.0
        """It leaves between these moments of the monotonic clock; 0 where no pace is set."""
        self.began = 0.0
        """When its text went out, by the same clock."""

    @property
    def is_urgent(self) -> bool:
        return self.claimed.priority == URGENT

    def is_late(self, now: float) -> bool:
        """Its slot is over."""
        return 0.0 < self.until < now


@dataclass(frozen=True)
class _Spoilt:
    reason: str


_NOTHING = _Spoilt("could not be composed: nothing came")


def pack(
    db: Database,
    composers: Mapping[str, Composer],
    batch: Sequence[Claimed],
    now: datetime,
    patience: timedelta = PATIENCE,
) -> tuple[list[Load], list[Outcome]]:
    """The mails that are to go, in the batch's order, and the outcomes of the letters that are not."""
    written: dict[LetterId, Parcel | Skip | _Spoilt] = {}
    with db.reading() as s:
        for kind in dict.fromkeys(claimed.letter.kind for claimed in batch):
            letters = [claimed.letter for claimed in batch if claimed.letter.kind == kind]
            written |= _write(s, composers.get(kind), letters)
    loads: list[Load] = []
    outcomes: list[Outcome] = []
    for claimed in batch:
        found = written.get(claimed.letter.id, _NOTHING)
        if isinstance(found, Parcel):
            loads.append(Load(claimed, found))
        elif isinstance(found, Skip):
            outcomes.append(skipped(claimed, found.reason))
        else:
            outcomes.append(spoilt(claimed, found.reason, now, patience))
    return loads, outcomes


def _write(
    s: Session, composer: Composer | None, letters: Sequence[LetterView]
) -> Mapping[LetterId, Parcel | Skip | _Spoilt]:
    if composer is None:
        return {
            letter.id: _Spoilt("could not be composed: nobody writes this kind of letter")
            for letter in letters
        }
    try:
        return composer(s, letters)
    except (DBAPIError, PoolTimeout):
        raise  # the database is away: no letter's fault
    except Exception as error:
        s.rollback()
        if len(letters) > 1:
            return {id: found for letter in letters for id, found in _write(s, composer, [letter]).items()}
        _report(letters[0], error)
        return {letters[0].id: _Spoilt(f"could not be composed: {type(error).__name__}")}


def _report(letter: LetterView, error: Exception) -> None:
    """Where it failed, without the error's words or values: they may hold an address."""
    (*_, place) = traceback.extract_tb(error.__traceback__)
    where = f"{Path(place.filename).name}:{place.lineno}"
    log.error(
        "letter.could_not_be_composed",
        letter=letter.id,
        kind=letter.kind,
        error=type(error).__name__,
        where=where,
    )
