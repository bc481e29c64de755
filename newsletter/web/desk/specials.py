"""Special editions: made here, filled in the composer, sent from there; or thrown away."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.refusals import Conflict, Invalid
from blog.templating import plural
from blog.web.guard import signed_in
from blog.web.wiring import house
from newsletter.editions import specials
from newsletter.editions.coming import Which, every_coming, readers_of
from newsletter.lists import keeping
from newsletter.web.desk import ways
from newsletter.web.desk.forms import SpecialForm, options, tell
from newsletter.web.desk.ways import EDITION

blueprint = Blueprint("desk_specials", __name__, url_prefix="/studio/digest")


@blueprint.get("/specials")
@signed_in(Right.SEND)
def listing(_by: Person) -> str:
    return _page(_form())


@blueprint.post("/specials")
@signed_in(Right.SEND)
def make(_by: Person) -> ResponseReturnValue:
    form = _form()
    if form.validate():
        try:
            made = specials.make(
                house().db, form.list_id.data, form.subject.data or "", clock.now(), house().settings
            )
            return redirect(ways.composer(Which(edition_id=made)))
        except Invalid as refusal:
            tell(form, refusal)
    return _page(form), 422


@blueprint.post(f"/{EDITION}/removal")
@signed_in(Right.SEND)
def discard(_by: Person, edition_id: int) -> ResponseReturnValue:
    try:
        specials.discard(house().db, edition_id)
        flash("The special edition is gone.")
    except Conflict as refusal:
        flash(str(refusal), "error")
    return redirect(url_for(".listing"))


def _form() -> SpecialForm:
    """To choose from: every list that has readers to write to, with their number."""
    db = house().db
    readers = readers_of(db)
    form = SpecialForm(request.form)
    form.list_id.choices = options(
        (one.id, f"{one.words.name} ({plural(readers.get(one.id, 0), 'reader')})")
        for one in keeping.listing(db, clock.now(), house().settings)
        if one.retired_at is None
    )
    return form


def _page(form: SpecialForm) -> str:
    comings = every_coming(house().db, clock.now(), house().settings)
    return render_template(
        "newsletter/web/desk/specials.html", form=form, specials=[one for one in comings if one.is_special]
    )
