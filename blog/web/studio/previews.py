"""How a story will look: wide, on a phone, by night; and secret links for people without an account."""

from datetime import timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from blog import clock, links
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.posts import writing
from blog.refusals import Invalid
from blog.web import previews
from blog.web.guard import signed_in
from blog.web.wiring import house

blueprint = Blueprint("studio_previews", __name__, url_prefix="/studio/posts/<int:post_id>/looks")

LOOKS = (("desktop", "Desktop"), ("phone", "Phone"), ("dark", "Desktop, dark"), ("phone-dark", "Phone, dark"))
DAYS = (("1", "a day"), ("3", "three days"), ("7", "a week"))


@blueprint.get("")
@signed_in(Right.WRITE)
def look(by: Person, post_id: int) -> str:
    return _page(by, post_id)


@blueprint.post("")
@signed_in(Right.WRITE)
def make_link(by: Person, post_id: int) -> ResponseReturnValue:
    working = writing.get(house().db, post_id, by)
    days = request.form.get("days", "")
    if days not in dict(DAYS):
        raise Invalid("Choose how long the link is to work.")
    path = previews.link(working.post.id, clock.now() + timedelta(days=int(days)))
    return _page(by, post_id, links.absolute(house().settings.site, path))


def _page(by: Person, post_id: int, made: str = "") -> str:
    chosen = request.args.get("as", "")
    return render_template(
        "blog/web/studio/posts/looks.html",
        post=writing.get(house().db, post_id, by).post,
        look=chosen if chosen in dict(LOOKS) else LOOKS[0][0],
        looks=LOOKS,
        days=DAYS,
        made=made,
    )
