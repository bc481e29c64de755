"""Standing pages in the studio: their list, and where each stands. They are written in the editor of stories."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from blog import clock, links
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.posts import standing
from blog.posts.standing import Place
from blog.refusals import Conflict, Invalid
from blog.web.guard import signed_in
from blog.web.studio.forms import told
from blog.web.studio.forms.pages import StandForm
from blog.web.studio.places import PLACES
from blog.web.wiring import house

blueprint = Blueprint("studio_pages", __name__, url_prefix="/studio/pages")


@blueprint.get("")
@signed_in(Right.EDIT_ANY)
def listing(by: Person) -> str:
    return render_template("blog/web/studio/pages/listing.html", pages=standing.listing(house().db, by))


@blueprint.post("")
@signed_in(Right.EDIT_ANY)
def start(by: Person) -> ResponseReturnValue:
    post_id = standing.start(house().db, by, clock.now(), request.form.get("title", "")[:200])
    return redirect(url_for("studio_manuscripts.edit", post_id=post_id))


@blueprint.get("/<int:post_id>")
@signed_in(Right.EDIT_ANY)
def show(by: Person, post_id: int) -> str:
    return _page(by, post_id)


@blueprint.post("/<int:post_id>")
@signed_in(Right.EDIT_ANY)
def stand(by: Person, post_id: int) -> ResponseReturnValue:
    form, db = StandForm(request.form), house().db
    standing.get(db, post_id, by)
    if not form.validate():
        return _page(by, post_id, form), 422
    try:
        version, slug, place = form.version.number, form.slug.data or "", Place(form.place.data)
        path = standing.stand(
            db, post_id, by, clock.now(), version, slug, place, is_owned, zone=house().settings.zone
        )
    except (Invalid, Conflict) as refusal:
        return _again(by, post_id, form, refusal)
    flash(f"It stands at {path}.")
    return redirect(url_for(".show", post_id=post_id))


@blueprint.post("/<int:post_id>/removal")
@signed_in(Right.EDIT_ANY)
def take_down(by: Person, post_id: int) -> ResponseReturnValue:
    standing.take_down(house().db, post_id, by, clock.now())
    flash("Readers no longer see it.")
    return redirect(url_for(".show", post_id=post_id))


def is_owned(slug: str) -> bool:
    """Whether the site has a page of its own there. Its words on privacy are there to be replaced."""
    if f"/{slug}" == links.PRIVACY:
        return False
    try:
        endpoint, _ = current_app.url_map.bind("").match(f"/{slug}")
    except HTTPException:
        return True
    return str(endpoint) != "pages.standing_page"


def _again(by: Person, post_id: int, form: StandForm, refusal: Invalid | Conflict) -> ResponseReturnValue:
    if isinstance(refusal, Invalid):
        told(form, refusal)
        return _page(by, post_id, form), 422
    form.form_errors.append(str(refusal))
    return _page(by, post_id, form), 409


def _page(by: Person, post_id: int, form: StandForm | None = None) -> str:
    page = standing.get(house().db, post_id, by)
    form = form or StandForm(version=page.version, slug=page.wish, place=page.place.value)
    form.version.data = str(page.version)
    return render_template("blog/web/studio/pages/page.html", page=page, form=form, places=PLACES)
