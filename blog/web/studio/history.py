"""A story's history: every version that was kept, two of them side by side, and the way back to one."""

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.posts import history, writing
from blog.refusals import Conflict, Invalid
from blog.web.guard import signed_in
from blog.web.studio.forms.manuscripts import draft_of
from blog.web.wiring import house

blueprint = Blueprint("studio_history", __name__, url_prefix="/studio/posts/<int:post_id>")


@blueprint.get("/history")
@signed_in(Right.WRITE)
def listing(by: Person, post_id: int) -> str:
    working = writing.get(house().db, post_id, by)
    page = history.listing(house().db, post_id, by, max(1, request.args.get("page", 1, type=int)))
    return render_template(
        "blog/web/studio/posts/history.html", post=working.post, working=working, page=page
    )


@blueprint.get("/history/<int:revision_id>")
@signed_in(Right.WRITE)
def compare(by: Person, post_id: int, revision_id: int) -> str:
    """``?with=`` names a later revision; without it the manuscript as it stands is the other side."""
    working = writing.get(house().db, post_id, by)
    other = request.args.get("with", 0, type=int)
    seen = history.compare(house().db, post_id, revision_id, by, other)
    return render_template("blog/web/studio/posts/comparison.html", post=working.post, seen=seen)


@blueprint.post("/history/<int:revision_id>/restoration")
@signed_in(Right.WRITE)
def restore(by: Person, post_id: int, revision_id: int) -> ResponseReturnValue:
    version = request.form.get("version", 0, type=int)
    try:
        history.restore(house().db, post_id, revision_id, version, by, clock.now())
    except Conflict:
        flash("Somebody saved a newer version meanwhile. This is how it compares now.", "error")
        return redirect(url_for(".compare", post_id=post_id, revision_id=revision_id))
    except Invalid as refusal:
        flash(f"That version cannot be brought back as it is. {refusal}", "error")
        return redirect(url_for(".compare", post_id=post_id, revision_id=revision_id))
    flash("Brought back. What stood before is in the history.")
    return redirect(url_for("studio_manuscripts.edit", post_id=post_id))


@blueprint.post("/comparison.json")
@signed_in(Right.WRITE)
def compare_mine(by: Person, post_id: int) -> ResponseReturnValue:
    """Words that the server has not, beside the version that stands. It changes nothing; a POST because the words are long."""
    writing.get(house().db, post_id, by)
    _, mine = draft_of(request.get_json())
    seen = history.compare_with(house().db, post_id, mine, by, clock.now())
    html = render_template("blog/web/studio/posts/comparison_rows.html", seen=seen, names=("Theirs", "Yours"))
    return jsonify(html=html, version=seen.version, same=seen.same)


@blueprint.post("/aside.json")
@signed_in(Right.WRITE)
def keep_aside(by: Person, post_id: int) -> ResponseReturnValue:
    writing.get(house().db, post_id, by)
    _, mine = draft_of(request.get_json())
    revision_id = history.keep_aside(house().db, post_id, mine, by, clock.now())
    return jsonify(revision=revision_id, url=url_for(".compare", post_id=post_id, revision_id=revision_id))
