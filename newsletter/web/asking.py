"""What follows from pressing "Sign me up": every state that the form can be in. Called by the views in ``signup`` and ``embed``.

An address that is on the list, one that is not and a program caught in the trap all see the same words.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from blog.db import Database
from blog.language.saying import said
from blog.links import SUBSCRIBE
from blog.refusals import Invalid, TooMany, Unavailable
from blog.settings import Settings
from newsletter.delivery import pausing
from newsletter.lists.reading import ListView
from newsletter.subscribers import address as addresses
from newsletter.subscribers import origins, proof, signup, wishes
from newsletter.subscribers.origins import Origin
from newsletter.web import gate, stamps
from newsletter.web.forms import SignUpForm
from newsletter.web.gate import count_try

__all__ = ["Scene", "again", "ask", "count_try", "idle"]

QUICKLY = said("That was very quick. Press the button once more.")
OPEN_LONG = said("This page was open for a while. Press the button once more.")
BROKEN = said("We couldn't sign you up just now. Nothing was saved. Try again in a minute.")
NONE_TICKED = said("Tick at least one, or close this page.")


@dataclass(frozen=True)
class Scene:
    """``state`` names what is shown: idle, invalid, typo, retry, proof, check-mail, again, soon, too-many or broken."""

    state: str
    status: int = 200
    address: str = ""
    """As it was typed, or as it was read where a letter went there."""
    sentence: str = ""
    suggestion: str = ""
    choice: str = ""
    """``keep`` where the reader has answered the question for a typo already, so that it is not asked twice."""
    origin: Origin = Origin("")
    stamp: str = ""
    ticket: str = ""
    """Set for ``proof``: what a script solves, and what a person's waiting makes good."""
    is_held: bool = False
    """Mail stands still just now, so the letter will be late."""
    follow: str = ""
    follow_name: str = ""
    """Whose stories the page offered, and under which name; both empty where nobody was named."""
    offered: tuple[ListView, ...] = ()
    """The lists to tick; empty where there is no choice."""
    ticked: tuple[str, ...] = ()
    """Their slugs."""
    is_choosing: bool = False
    action: str = SUBSCRIBE
    """Where the form posts to."""
    query: str = ""
    """What follows that address: the colours of a frame."""
    is_framed: bool = False
    """It stands in a frame of another site."""

    @property
    def target(self) -> str:
        return self.action + self.query

    @property
    def target_again(self) -> str:
        return f"{self.action}/again{self.query}"

    @property
    def agreed(self) -> str:
        return origins.AGREED

    @property
    def bits(self) -> int:
        return proof.BITS


Step = Callable[[Database, Settings, SignUpForm, Scene, datetime], Scene]


def idle(at: datetime, source: str = "", address: str = "") -> Scene:
    return Scene("idle", address=address, origin=Origin(source), stamp=stamps.stamp(at))


def ask(db: Database, settings: Settings, form: SignUpForm, at: datetime) -> Scene:
    """The answer to the form itself."""
    return _guarded(db, settings, form, at, _ask)


def again(db: Database, settings: Settings, form: SignUpForm, at: datetime) -> Scene:
    """The answer to "send it again", which waits until a minute has passed."""
    return _guarded(db, settings, form, at, _again)


def _guarded(db: Database, settings: Settings, form: SignUpForm, at: datetime, step: Step) -> Scene:
    given = _given(form, at)
    try:
        given = _with_choices(db, given)
        count_try()
        return step(db, settings, form, given, at)
    except gate.Rush as rush:
        # The stamp stays: a script has the answer sooner than a new one would be old enough.
        kept = replace(given, stamp=form.stamp.data or "", address=rush.address)
        told = replace(kept, choice="keep" if form.choice.data else "", ticket=rush.ticket)
        return replace(told, state="proof", status=429, sentence=str(rush))
    except TooMany as refusal:
        return replace(given, state="too-many", status=429, sentence=str(refusal))
    except Invalid as refusal:
        return replace(given, state="invalid", status=422, sentence=" ".join(refusal.fields["email"]))
    except (SQLAlchemyError, Unavailable):
        return replace(given, state="broken", status=503, sentence=BROKEN)


def _given(form: SignUpForm, at: datetime) -> Scene:
    """What was sent, so that every state of the form brings it back."""
    wished = form.wishes
    return Scene(
        "idle",
        address=form.typed,
        origin=form.origin,
        stamp=stamps.stamp(at),
        follow=str(wished.follow or ""),
        ticked=wished.lists,
        is_choosing=bool(form.choosing.data),
    )


def _with_choices(db: Database, given: Scene) -> Scene:
    """The lists to tick, where the page showed them."""
    if not given.is_choosing:
        return given
    return replace(given, offered=wishes.offered(db))


def _ask(db: Database, settings: Settings, form: SignUpForm, given: Scene, at: datetime) -> Scene:
    if form.choice.data == "change":
        return given
    if form.website.data:
        return _written(db, given, given.address)
    fault = _fault_of_stamp(form, at)
    if fault:
        return _once_more(given, fault, at)
    if given.is_choosing and not given.ticked:
        return replace(given, state="retry", status=422, sentence=NONE_TICKED, stamp=form.stamp.data or "")
    return _sign_up(db, settings, form, given, at)


def _sign_up(db: Database, settings: Settings, form: SignUpForm, given: Scene, at: datetime) -> Scene:
    typed, choice = given.address, form.choice.data
    meant = addresses.suggestion(addresses.read(typed))
    if meant and choice not in ("fix", "keep"):
        asked, kept = addresses.read(typed).text, form.stamp.data or ""
        return replace(given, state="typo", address=asked, suggestion=meant, stamp=kept)
    typed = meant if meant and choice == "fix" else typed
    gate.let_in(typed, form.ticket.data or "", form.nonce.data or "", at)
    asked_for = signup.ask(db, typed, given.origin, at, settings, wishes=form.wishes, certain=True)
    return _written(db, given, asked_for.address)


def _again(db: Database, settings: Settings, form: SignUpForm, given: Scene, at: datetime) -> Scene:
    made_ago = stamps.age(form.stamp.data or "", at)
    if made_ago is None or made_ago > stamps.OLD:
        return _once_more(given, OPEN_LONG, at)
    if made_ago < signup.PATIENCE:
        return replace(_written(db, given, given.address), state="soon", stamp=form.stamp.data or "")
    asked = signup.resend(db, given.address, given.origin, at, settings)
    return replace(_written(db, given, asked.address), state="again")


def _fault_of_stamp(form: SignUpForm, at: datetime) -> str:
    """A form in another site's own page is as old as that page, and bears no time of ours."""
    if form.is_embedded and not form.stamp.data:
        return ""
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
