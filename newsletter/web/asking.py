"""What follows from pressing "Sign me up": every state that the form can be in. Called by the view in ``signup``.

An address that is on the list, one that is not and a program caught in the trap all see the same words.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from blog.db import Database
from blog.refusals import Invalid, TooMany, Unavailable
from blog.web.limits import throttle
from newsletter.delivery import pausing
from newsletter.subscribers import address as addresses
from newsletter.subscribers import signup
from newsletter.web import stamps
from newsletter.web.forms import SignUpForm

TRIES, MINUTES = 10, 10
"""From one network."""
QUICKLY = "That was very quick. Press the button once more."
OPEN_LONG = "This page was open for a while. Press the button once more."
BROKEN = "We couldn't sign you up just now. Nothing was saved. Try again in a minute."


@dataclass(frozen=True)
class Scene:
    """``state`` names what is shown: idle, invalid, typo, retry, check-mail, again, soon, too-many or broken."""

    state: str
    status: int = 200
    address: str = ""
    """As it was typed, or as it was read where a letter went there."""
    sentence: str = ""
    suggestion: str = ""
    source: str = ""
    stamp: str = ""
    is_held: bool = False
    """Mail stands still just now, so the letter will be late."""


Step = Callable[[Database, SignUpForm, Scene, datetime], Scene]


def idle(at: datetime, source: str = "", address: str = "") -> Scene:
    return Scene("idle", address=address, source=source, stamp=stamps.stamp(at))


def ask(db: Database, form: SignUpForm, at: datetime) -> Scene:
    """The answer to the form itself."""
    return _guarded(db, form, at, _ask)


def again(db: Database, form: SignUpForm, at: datetime) -> Scene:
    """The answer to "send it again", which waits until a minute has passed."""
    return _guarded(db, form, at, _again)


def count_try() -> None:
    """Raises TooMany."""
    throttle("sign up", TRIES, MINUTES)


def _guarded(db: Database, form: SignUpForm, at: datetime, step: Step) -> Scene:
    given = Scene("idle", address=form.typed, source=form.page, stamp=stamps.stamp(at))
    try:
        count_try()
        return step(db, form, given, at)
    except TooMany as refusal:
        return replace(given, state="too-many", status=429, sentence=str(refusal))
    except Invalid as refusal:
        return replace(given, state="invalid", status=422, sentence=" ".join(refusal.fields["email"]))
    except (SQLAlchemyError, Unavailable):
        return replace(given, state="broken", status=503, sentence=BROKEN)


def _ask(db: Database, form: SignUpForm, given: Scene, at: datetime) -> Scene:
    if form.choice.data == "change":
        return given
    if form.website.data:
        return _written(db, given, given.address)
    fault = _fault_of_stamp(form, at)
    if fault:
        return _once_more(given, fault, at)
    typed = given.address
    if form.choice.data == "fix":
        typed = addresses.suggestion(addresses.read(typed)) or typed
    asked = signup.ask(db, typed, given.source, at, certain=form.choice.data in ("fix", "keep"))
    if asked.suggestion:
        kept = form.stamp.data or ""
        return replace(given, state="typo", address=asked.address, suggestion=asked.suggestion, stamp=kept)
    return _written(db, given, asked.address)


def _again(db: Database, form: SignUpForm, given: Scene, at: datetime) -> Scene:
    made_ago = stamps.age(form.stamp.data or "", at)
    if made_ago is None or made_ago > stamps.OLD:
        return _once_more(given, OPEN_LONG, at)
    if made_ago < signup.PATIENCE:
        return replace(_written(db, given, given.address), state="soon", stamp=form.stamp.data or "")
    asked = signup.resend(db, given.address, given.source, at)
    return replace(_written(db, given, asked.address), state="again")


def _fault_of_stamp(form: SignUpForm, at: datetime) -> str:
    made_ago = stamps.age(form.stamp.data or "", at)
    if made_ago is None or made_ago > stamps.OLD:
        return OPEN_LONG
    return QUICKLY if made_ago < stamps.QUICK else ""


def _once_more(given: Scene, sentence: str, at: datetime) -> Scene:
    """The stamp of this one is old enough already, so that the second press always works."""
    return replace(given, state="retry", status=422, sentence=sentence, stamp=stamps.stamp(at - stamps.QUICK))


def _written(db: Database, given: Scene, address: str) -> Scene:
    standing = pausing.standing(db)
    return replace(given, state="check-mail", address=address, is_held=bool(standing and standing.paused))
