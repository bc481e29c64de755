"""How one edition went out, or is going out: numbers from the ledger, at each look as they stand."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.web.guard import signed_in
from blog.web.wiring import house
from newsletter.delivery import pausing
from newsletter.editions.model import EditionState
from newsletter.editions.progress import progress
from newsletter.web.desk.bars import outcome_bar
from newsletter.web.desk.coming import EDITION

blueprint = Blueprint("desk_editions", __name__, url_prefix="/studio/digest")


@blueprint.get(f"/{EDITION}")
@signed_in(Right.SEND)
def show(_by: Person, edition_id: int) -> ResponseReturnValue:
    seen = progress(house().db, edition_id, clock.now())
    if seen.edition.state == EditionState.OPEN:
        return redirect(url_for("desk_coming.show"))
    return render_template(
        "newsletter/web/desk/progress.html",
        seen=seen,
        bar=outcome_bar(seen.letters),
        standing=pausing.standing(house().db),
    )
