"""Whether a story leads the home page, and how long it stays on top of its topics' pages."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.posts import featuring, writing
from blog.refusals import Invalid
from blog.web.guard import signed_in
from blog.web.studio.forms import told
from blog.web.studio.forms.prominence import ProminenceForm
from blog.web.wiring import house

blueprint = Blueprint("studio_prominence", __name__, url_prefix="/studio/posts/<int:post_id>/prominence")


@blueprint.get("")
@signed_in(Right.FEATURE)
def show(by: Person, post_id: int) -> str:
    return _page(by, post_id)


@blueprint.post("")
@signed_in(Right.FEATURE)
def choose(by: Person, post_id: int) -> ResponseReturnValue:
    form = ProminenceForm(request.form)
    if not form.validate():
        return _page(by, post_id, form), 422
    try:
        until, zone = form.pinned_until.data, house().settings.zone
        featuring.feature(house().db, post_id, bool(form.featured.data), until, by, clock.now(), zone=zone)
    except Invalid as refusal:
        told(form, refusal)
        return _page(by, post_id, form), 422
    flash("Saved.")
    return redirect(url_for(".show", post_id=post_id))


def _page(by: Person, post_id: int, form: ProminenceForm | None = None) -> str:
    post = writing.get(house().db, post_id, by).post
    form = form or ProminenceForm(featured=post.featured, pinned_until=post.pinned_until)
    return render_template("blog/web/studio/posts/prominence.html", post=post, form=form)
