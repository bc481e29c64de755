"""The digest composer: the edition that leaves next, its words and the order of its stories. Every deed is a plain form."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.db import Database
from blog.refusals import Conflict, Invalid, Refusal
from blog.web.guard import signed_in
from blog.web.wiring import house
from newsletter.delivery import pausing
from newsletter.editions import arranging, reading, rehearsing
from newsletter.web import moments
from newsletter.web.archive import page_number
from newsletter.web.desk import screens
from newsletter.web.desk.forms import PREHEADER, SUBJECT, TestForm, TitleForm, WordsForm

blueprint = Blueprint("desk_coming", __name__, url_prefix="/studio/digest")

Deed = Callable[[Database, int, int, datetime], None]
DEEDS: dict[str, Deed] = {
    "pin": arranging.pin,
    "unpin": arranging.unpin,
    "up": lambda db, edition_id, post_id, at: arranging.move(db, edition_id, post_id, at, up=True),
    "down": lambda db, edition_id, post_id, at: arranging.move(db, edition_id, post_id, at, up=False),
    "removal": arranging.drop,
    "return": arranging.put_back,
}
EDITION = "<int(max=9223372036854775807):edition_id>"
STORY = f"/{EDITION}/stories/<int(max=9223372036854775807):post_id>"


@dataclass(frozen=True)
class Rehearsal:
    """The coming mail as it would leave now; ``size`` is in bytes, as a mail carries its HTML."""

    subject: str
    size: int


@blueprint.get("")
@signed_in(Right.SEND)
def show(by: Person) -> str:
    return _page(by)


@blueprint.post(f"/{EDITION}/words")
@signed_in(Right.SEND)
def word(by: Person, edition_id: int) -> ResponseReturnValue:
    form = WordsForm(request.form)
    if not form.validate():
        return _page(by, words=form), 422
    said = (form.subject.data or "", form.preheader.data or "", form.note.data or "")
    return _done(lambda: arranging.word(house().db, edition_id, *said), "Saved.", "#words")


@blueprint.post(f"{STORY}/<any({', '.join(DEEDS)}):deed>")
@signed_in(Right.SEND)
def arrange(_by: Person, edition_id: int, post_id: int, deed: str) -> ResponseReturnValue:
    return _done(lambda: DEEDS[deed](house().db, edition_id, post_id, clock.now()), "", f"#story-{post_id}")


@blueprint.post(f"{STORY}/title")
@signed_in(Right.SEND)
def retitle(_by: Person, edition_id: int, post_id: int) -> ResponseReturnValue:
    title = TitleForm(request.form).title.data or ""
    return _done(
        lambda: arranging.retitle(house().db, edition_id, post_id, title, clock.now()),
        "",
        f"#story-{post_id}",
    )


@blueprint.post("/test")
@signed_in(Right.SEND)
def test(by: Person) -> ResponseReturnValue:
    form = TestForm(request.form)
    try:
        address = rehearsing.send_test(house().db, form.email.data or "", clock.now(), house().settings)
    except Invalid as refusal:
        form.email.errors = [*form.email.errors, *refusal.fields.get("email", [str(refusal)])]
        return _page(by, test=form), 422
    flash(f"The test is on its way to {address}.")
    return redirect(url_for(".show"))


def _done(act: Callable[[], None], sentence: str, anchor: str) -> ResponseReturnValue:
    """Back to the composer, with the refusal's words on top where something stood in the way."""
    try:
        act()
        if sentence:
            flash(sentence)
    except Refusal as refusal:
        flash(str(refusal), "error")
        anchor = ""
    return redirect(url_for(".show") + anchor)


def _page(by: Person, words: WordsForm | None = None, test: TestForm | None = None) -> str:
    db, at = house().db, clock.now()
    coming = arranging.coming(db, at, house().settings)
    kept = WordsForm(subject=coming.subject, preheader=coming.preheader, note=coming.note)
    return render_template(
        "newsletter/web/desk/composer.html",
        coming=coming,
        when=moments.when(coming.due_at, coming.timezone),
        words=words or kept,
        limits={"subject": SUBJECT, "preheader": PREHEADER},
        test=test or TestForm(email=by.email),
        view=screens.view(),
        views=screens.VIEWS,
        rehearsal=_rehearse(),
        standing=pausing.standing(db),
        past=reading.past(db, page_number()),
    )


def _rehearse() -> Rehearsal | None:
    try:
        mail = rehearsing.preview(house().db, clock.now(), house().settings)
    except Conflict:
        return None
    return Rehearsal(mail.subject, screens.weight(mail.html))
