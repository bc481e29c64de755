"""How a story will look: wide, on a phone, by night; and secret links for people without an account."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blog import clock, links
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.posts import inspecting, previewlinks, writing
from blog.web import previews
from blog.web.guard import signed_in
from blog.web.wiring import house

blueprint = Blueprint("studio_previews", __name__, url_prefix="/studio/posts/<int:post_id>/looks")

LOOKS = (("desktop", "Desktop"), ("phone", "Phone"), ("dark", "Desktop, dark"), ("phone-dark", "Phone, dark"))
DAYS = tuple(zip(previewlinks.DAYS, ("a day", "three days", "a week"), strict=True))


@blueprint.get("")
@signed_in(Right.WRITE)
def look(by: Person, post_id: int) -> str:
    return _page(by, post_id)


@blueprint.post("")
@signed_in(Right.WRITE)
def make_link(by: Person, post_id: int) -> ResponseReturnValue:
    link = previewlinks.make(house().db, post_id, request.form.get("days", 0, int), by, clock.now())
    return _page(by, post_id, link.id)


@blueprint.post("/removal")
@signed_in(Right.WRITE)
def take_back(by: Person, post_id: int) -> ResponseReturnValue:
    ended = previewlinks.take_back(house().db, post_id, request.form.get("link", None, int), by, clock.now())
    flash("The link works no more." if ended == 1 else f"{ended} links work no more.")
    return redirect(url_for(".look", post_id=post_id))


@blueprint.post("/faults.json")
@signed_in(Right.WRITE)
def inspect(by: Person, post_id: int) -> ResponseReturnValue:
    inspecting.report(house().db, post_id, request.get_json(), by)
    return "", 204


def _page(by: Person, post_id: int, made: int = 0) -> str:
    chosen = request.args.get("as", "")
    working = previewlinks.working(house().db, post_id, by, clock.now())
    return render_template(
        "blog/web/studio/posts/looks.html",
        post=writing.get(house().db, post_id, by).post,
        look=chosen if chosen in dict(LOOKS) else LOOKS[0][0],
        looks=LOOKS,
        days=DAYS,
        made=made,
        working=[(link, links.absolute(house().settings.site, previews.path(link.id))) for link in working],
    )
