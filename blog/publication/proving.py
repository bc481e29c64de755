"""A sender address is used once somebody here has read a mail at it: a code goes there, and comes back by the Settings page."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from email_validator import EmailNotValidError, validate_email
from sqlalchemy.orm import Session

from blog.accounts.people import Person
from blog.db import Database
from blog.masthead import name_and_address
from blog.publication.changing import hold, put
from blog.publication.model import ONLY, Publication
from blog.publication.reading import held, laid_over
from blog.refusals import Invalid
from blog.settings import Settings

LIFE = timedelta(hours=24)
TRIES = 5
NO_ADDRESS = (
    "That doesn't look like an email address. It needs a name, an @ and a domain, like digest@example.org."
)
ANEW = "That code cannot be used any more. Ask for a new one."


@dataclass(frozen=True)
class Standing:
    """Of what the publication has chosen, what a form must know beside the settings."""

    version: int
    proven: str
    trial: str
    """The address that waits for its code, or empty."""
    signup_seen: bool
    steps_away: bool


def standing(db: Database, now: datetime) -> Standing:
    with db.reading() as s:
        row = s.get(Publication, ONLY)
        if row is None:
            return Standing(0, "", "", False, False)
        waits = row.trial if row.trial_at and row.trial_at + LIFE > now else ""
        return Standing(
            row.version, row.proven, waits, row.signup_seen_at is not None, row.steps_away_at is not None
        )


def is_proven(settings: Settings, standing: Standing) -> bool:
    return bool(standing.proven) and standing.proven == name_and_address(settings.sender)[1]


def ask(db: Database, given: Settings, typed: str, key: str, at: datetime) -> tuple[str, str]:
    """Makes a code for the address, in place of an earlier one; returns the address as it was read, and the code.

    Where the environment holds the sender fast, only its own address can be proven. Raises Invalid.
    """
    address = _read(typed)
    code = f"{secrets.randbelow(10**8):08}"
    with db.transaction() as s:
        row = hold(s)
        if "sender" in held(given) and address != name_and_address(given.sender)[1]:
            raise Invalid(
                "x", {"address": ["The sender is set by the environment; only that address can be tried."]}
            )
        row.trial, row.trial_code, row.trial_at, row.trial_tries = address, _hash(key, address, code), at, 0
    return address, code


def prove(db: Database, given: Settings, typed: str, key: str, by: Person, at: datetime) -> str:
    """The address becomes the sender's where the code is right; returns it. Five wrong codes end a trial. Raises Invalid."""
    code = "".join(typed.split())
    with db.transaction() as s:
        row = hold(s)
        address = row.trial
        if not address or row.trial_at is None or row.trial_at + LIFE <= at or row.trial_tries >= TRIES:
            raise Invalid(ANEW, {"code": [ANEW]})
        row.trial_tries += 1
        is_right = hmac.compare_digest(row.trial_code, _hash(key, address, code))
        if is_right:
            row.trial = row.trial_code = ""
            row.proven = address
            _use(s, row, given, address, by, at)
    if not is_right:
        raise Invalid("x", {"code": ["That is not the code of the mail. Look at the newest one."]})
    return address


def drop(db: Database) -> None:
    """No trial any more; the sender stays as it is."""
    with db.transaction() as s:
        row = hold(s)
        row.trial = row.trial_code = ""


def _use(s: Session, row: Publication, given: Settings, address: str, by: Person, at: datetime) -> None:
    name, now = name_and_address(laid_over(given, row.chosen).sender)
    if now != address:
        put(s, row, {"sender": f"{name} <{address}>" if name else address}, by, at)


def _read(typed: str) -> str:
    try:
        found = validate_email(typed.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise Invalid(NO_ADDRESS, {"address": [NO_ADDRESS]}) from None
    return found.ascii_email or found.normalized


def _hash(key: str, address: str, code: str) -> str:
    return hmac.new(key.encode(), f"sender {address} {code}".encode(), sha256).hexdigest()
