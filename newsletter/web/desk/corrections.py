"""Writing to exactly those readers whose mail carried a story that was wrong: chosen, looked at, sent once."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.refusals import Conflict, Invalid
from blog.templating import plural
from blog.web.guard import signed_in
from blog.web.wiring import house
from newsletter.editions import correcting
from newsletter.editions.correcting import Draft
from newsletter.editions.reading import paragraphs
from newsletter.web.desk.forms import CorrectionForm, tell
from newsletter.web.desk.ways import EDITION

blueprint = Blueprint("desk_corrections", __name__, url_prefix="/studio/digest")


@blueprint.get(f"/{EDITION}/corrections")
@signed_in(Right.SEND)
def draw(_by: Person, edition_id: int) -> ResponseReturnValue:
    draft = _draft(edition_id, CorrectionForm(request.args).post_id)
    if draft is None:
        return redirect(url_for("desk_editions.show", edition_id=edition_id))
    form = CorrectionForm(story=draft.post_id, subject=draft.subject, text=draft.text)
    return _page(draft, form)


@blueprint.post(f"/{EDITION}/corrections/preview")
@signed_in(Right.SEND)
def look(_by: Person, edition_id: int) -> ResponseReturnValue:
    """Shows the words as a mail; it changes nothing and is a POST only because the words are long."""
    form = CorrectionForm(request.form)
    draft = _draft(edition_id, form.post_id)
    if draft is None:
        return redirect(url_for("desk_editions.show", edition_id=edition_id))
    return _page(draft, form, is_preview=True)


@blueprint.post(f"/{EDITION}/corrections")
@signed_in(Right.SEND)
def send(by: Person, edition_id: int) -> ResponseReturnValue:
    form = CorrectionForm(request.form)
    said = (form.post_id, form.subject.data or "", form.text.data or "")
    try:
        number = correcting.send(house().db, edition_id, *said, by.name, clock.now(), house().settings)
        flash(f"The correction is on its way to {plural(number, 'reader')}.")
    except Invalid as refusal:
        tell(form, refusal)
        return _page(correcting.draft(house().db, edition_id, form.post_id), form), 422
    except Conflict as refusal:
        flash(str(refusal), "error")
    return redirect(url_for(".draw", edition_id=edition_id))


def _draft(edition_id: int, post_id: int) -> Draft | None:
    """None, with a word about it, for an edition that has not left."""
    try:
        return correcting.draft(house().db, edition_id, post_id)
    except Conflict as refusal:
        flash(str(refusal), "error")
        return None


def _page(draft: Draft, form: CorrectionForm, *, is_preview: bool = False) -> str:
    seen = paragraphs((form.text.data or "").replace("\r\n", "\n")) if is_preview else ()
    return render_template("newsletter/web/desk/corrections.html", draft=draft, form=form, seen=seen)
