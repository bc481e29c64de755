"""The first steps of a new publication, on Today until they are done or put away. What is done is seen from what is there."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from blog import clock, links
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.images import library
from blog.masthead import Masthead
from blog.publication import beginning, proving
from blog.publication.proving import Standing
from blog.web.guard import signed_in
from blog.web.studio import demonstration
from blog.web.wiring import house

blueprint = Blueprint("studio_beginning", __name__, url_prefix="/studio/first-steps")


@dataclass(frozen=True)
class Step:
    words: str
    why: str
    path: str
    done: bool
    right: Right = Right.EDIT_ANY
    deed: str = ""
    """Words of the button that posts to the path; empty: a link leads there."""
    waits: str = ""
    """Why it cannot be taken yet."""


@dataclass(frozen=True)
class FirstSteps:
    steps: tuple[Step, ...]
    demonstration: bool

    @property
    def done(self) -> int:
        return sum(step.done for step in self.steps)


@blueprint.post("/sign-up")
@signed_in(Right.EDIT_ANY)
def see_signup(_by: Person) -> ResponseReturnValue:
    beginning.see_signup(house().db, clock.now())
    return redirect(links.SUBSCRIBE)


@blueprint.post("/removal")
@signed_in(Right.EDIT_ANY)
def put_away(_by: Person) -> ResponseReturnValue:
    beginning.put_away(house().db, clock.now())
    flash("The first steps are put away. Settings brings them back.")
    return redirect(url_for("studio_today.today"))


@blueprint.post("")
@signed_in(Right.MANAGE)
def bring_back(_by: Person) -> ResponseReturnValue:
    beginning.bring_back(house().db)
    return redirect(url_for("studio_today.today"))


def first_steps(by: Person, published: int) -> FirstSteps | None:
    """Those that this person can take; None where all are done, or were put away."""
    standing = proving.standing(house().db, clock.now())
    if standing.steps_away or not by.can(Right.EDIT_ANY):
        return None
    steps = tuple(step for step in _steps(standing, published) if by.can(step.right))
    return None if all(step.done for step in steps) else FirstSteps(steps, demonstration.is_here())


def _steps(standing: Standing, published: int) -> tuple[Step, ...]:
    db, settings = house().db, house().settings
    shelf, lacking = library.search(db, "", 1).total, library.search(db, "", 1, "credit").total
    named = settings.site_name != Masthead.model_fields["site_name"].default
    steps = (
        Step("Give the publication its name", "Tagline, time zone and the digest's hour stand beside it.", "/studio/settings", named, Right.MANAGE),
        Step(
            "Test the address that mail leaves from", "A code goes there and comes back, so you know that mail arrives.",
            "/studio/settings#sender", proving.is_proven(settings, standing), Right.MANAGE,
        ),
        Step("Bring the first picture, with its credit", "Credit and licence are read from the file where it has them.", "/studio/pictures", shelf > lacking),
        Step("Publish the first story", "The check panel says what is missing.", "/studio/posts", published > 0),
        Step("Look at the sign-up form", "It is what your readers meet first.", url_for("studio_beginning.see_signup"), standing.signup_seen, deed="Look at it"),
    )  # fmt: skip
    return steps if house().has_rehearsed is None else (*steps, _rehearsal(published))


def _rehearsal(published: int) -> Step:
    asked = house().has_rehearsed
    return Step(
        "Read a test digest in your own inbox", "The real mail, to your address alone.", "/studio/digest/test", bool(asked and asked()),
        Right.SEND, "Send it to me", "" if published else "Once a story is published.",
    )  # fmt: skip
