"""What the first steps of a new publication remember; everything else about them is seen from what is there."""

from datetime import datetime

from blog.db import Database
from blog.publication.changing import hold


def see_signup(db: Database, at: datetime) -> None:
    """Somebody goes to look at the form by which readers sign up."""
    with db.transaction() as s:
        row = hold(s)
        row.signup_seen_at = row.signup_seen_at or at


def put_away(db: Database, at: datetime) -> None:
    with db.transaction() as s:
        hold(s).steps_away_at = at


def bring_back(db: Database) -> None:
    with db.transaction() as s:
        hold(s).steps_away_at = None
