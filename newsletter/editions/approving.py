"""Whether an open edition leaves by itself: approved, stopped, held, released. Called by the composer.

An edition that waits keeps its stories; released within the hours of grace it leaves at the next tick, later with the next one.
"""

from datetime import datetime

from blog.db import Database
from blog.refusals import Conflict
from newsletter.editions.handling import in_hand
from newsletter.editions.model import Edition, EditionKind


def approve(db: Database, edition_id: int, by: str, at: datetime) -> None:
    """``by`` is a person's name. Ends a hold too. Raises NotFound, and Conflict when it has left."""
    with in_hand(db, edition_id) as (_, _, edition):
        _check_regular(edition)
        edition.approved_at, edition.approved_by = at, by
        edition.held_at, edition.held_by = None, ""


def stop(db: Database, edition_id: int, by: str, at: datetime) -> None:
    """Takes the approval back. Where the list asks for none, that alone would stop nothing, so the edition is held. Raises as approve."""
    with in_hand(db, edition_id) as (_, mailing, edition):
        _check_regular(edition)
        edition.approved_at, edition.approved_by = None, ""
        if not mailing.needs_approval:
            edition.held_at, edition.held_by = at, by


def hold(db: Database, edition_id: int, by: str, at: datetime) -> None:
    """Its hour passes and it stays. Raises as approve."""
    with in_hand(db, edition_id) as (_, _, edition):
        _check_regular(edition)
        if edition.held_at is None:
            edition.held_at, edition.held_by = at, by


def release(db: Database, edition_id: int) -> None:
    """Raises as approve."""
    with in_hand(db, edition_id) as (_, _, edition):
        edition.held_at, edition.held_by = None, ""


def _check_regular(edition: Edition) -> None:
    if edition.kind == EditionKind.SPECIAL:
        raise Conflict("A special edition has no hour; it leaves when you send it.")
