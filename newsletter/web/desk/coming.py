"""The digest composer: an edition that has not left, its words, its stories and how the mail looks. Every deed is a plain form."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.refusals import Conflict, Invalid
from blog.web.guard import signed_in
from blog.web.wiring import house
from newsletter.delivery import pausing
from newsletter.editions import adding, arranging, reading, rehearsing
from newsletter.editions.adding import Offer
from newsletter.editions.coming import Coming, Which, coming, every_coming, which_of
from newsletter.editions.rehearsing import Rehearsal
from newsletter.lists.planning import GRACE
from newsletter.web import moments
from newsletter.web.archive import page_number
from newsletter.web.desk import screens, ways
from newsletter.web.desk.forms import PREHEADER, SUBJECT, SureForm, TestForm, WordsForm
from newsletter.web.desk.ways import EDITION

__all__ = ["EDITION", "blueprint"]

blueprint = Blueprint("desk_coming", __name__, url_prefix="/studio/digest")


@dataclass(frozen=True)
class Times:
    """The moments of an edition in its list's own time."""

    when: str
    """``Mon 23 Nov at 07:00 (Lagos)``."""
    hour: str
    until: str
    """The cut-off, ``06:55``."""
    grace: str
    """Until then one that waited leaves when it is released."""
    is_late: bool
    """Its hour has struck."""


@blueprint.get("")
@signed_in(Right.SEND)
def show(by: Person) -> str:
    return _page(by, ways.asked())


@blueprint.post(f"/{EDITION}/words")
@signed_in(Right.SEND)
def word(by: Person, edition_id: int) -> ResponseReturnValue:
    form = WordsForm(request.form)
    if not form.validate():
        return _page(by, which_of(house().db, edition_id), words=form), 422
    said = (form.subject.data or "", form.preheader.data or "", form.note.data or "")
    return ways.done(
        edition_id, lambda: arranging.word(house().db, edition_id, *said, clock.now()), "Saved.", "#words"
    )


@blueprint.post("/test")
@signed_in(Right.SEND)
def test(by: Person) -> ResponseReturnValue:
    form, which = TestForm(request.form), ways.asked()
    try:
        address = rehearsing.send_test(
            house().db, form.email.data or "", clock.now(), house().settings, which
        )
    except Invalid as refusal:
        form.email.errors = [*form.email.errors, *refusal.fields.get("email", [str(refusal)])]
        return _page(by, which, test=form), 422
    flash(f"The test is on its way to {address}.")
    return redirect(ways.composer(which))


def _page(by: Person, which: Which, words: WordsForm | None = None, test: TestForm | None = None) -> str:
    db, at, settings = house().db, clock.now(), house().settings
    shown = coming(db, at, settings, which)
    kept = WordsForm(subject=shown.subject, preheader=shown.preheader, note=shown.note)
    return render_template(
        "newsletter/web/desk/composer.html",
        coming=shown,
        times=times(shown, at),
        query=ways.query(shown.which),
        tabs=[(one, ways.composer(one.which)) for one in every_coming(db, at, settings)],
        words=words or kept,
        limits={"subject": SUBJECT, "preheader": PREHEADER},
        test=test or TestForm(email=by.email),
        sure=SureForm(),
        view=screens.view(),
        views=screens.VIEWS,
        rehearsal=rehearse(shown.which),
        standing=pausing.standing(db),
        past=reading.past(db, page_number()),
        **_offers(shown),
    )


def times(shown: Coming, at: datetime) -> Times:
    zone = ZoneInfo(shown.timezone)
    due, until, grace = (
        f"{moment.astimezone(zone):%H:%M}"
        for moment in (shown.due_at, shown.cut_off_at, shown.due_at + GRACE)
    )
    return Times(moments.when(shown.due_at, shown.timezone), due, until, grace, shown.due_at <= at)


def rehearse(which: Which) -> Rehearsal | None:
    try:
        return rehearsing.rehearse(house().db, clock.now(), house().settings, which)
    except Conflict:
        return None


def _offers(shown: Coming) -> Mapping[str, str | bool | tuple[Offer, ...]]:
    """What could be added, by the words that the page was asked with."""
    words = request.args.get("add", "").strip()[:100]
    found = adding.offers(house().db, shown, words) if shown.edition_id else ()
    return {"offers": found, "looked_for": words, "is_adding": "add" in request.args}
