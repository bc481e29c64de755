"""The Stories page: every post that this person may see, and the way to a new one."""

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.posts import reading, search, writing
from blog.web.guard import signed_in
from blog.web.wiring import house

blueprint = Blueprint("studio_posts", __name__, url_prefix="/studio")

STATES = (
    ("", "All"),
    ("draft", "Drafts"),
    ("review", "In review"),
    ("scheduled", "Scheduled"),
    ("published", "Published"),
    ("changed", "Changed since"),
    ("withdrawn", "Withdrawn"),
)


@blueprint.get("/posts")
@signed_in(Right.WRITE)
def listing(by: Person) -> str:
    state, words = request.args.get("state", ""), request.args.get("q", "")[:200]
    state = state if state in dict(STATES) else ""
    page = writing.listing(house().db, by, state, words, max(1, request.args.get("page", 1, type=int)))
    return render_template(
        "blog/web/studio/posts/listing.html", page=page, state=state, words=words, states=STATES
    )


@blueprint.post("/posts")
@signed_in(Right.WRITE)
def start(by: Person) -> ResponseReturnValue:
    post_id = writing.start(house().db, by, clock.now(), request.form.get("title", "")[:200])
    return redirect(url_for("studio_manuscripts.edit", post_id=post_id))


@blueprint.get("/posts.json")
@signed_in(Right.WRITE)
def stories_json(_by: Person) -> ResponseReturnValue:
    """What a "Read more" may point at: published stories, whoever wrote them."""
    db, words = house().db, request.args.get("q", "")[:200].strip()
    hits = [hit.card for hit in search.find(db, words).page.items] if words else reading.latest(db).items
    return jsonify(stories=[{"id": one.id, "title": one.title, "path": one.path} for one in hits])


@blueprint.post("/posts/<int:post_id>/removal")
@signed_in(Right.WRITE)
def remove(by: Person, post_id: int) -> ResponseReturnValue:
    writing.delete(house().db, post_id, by, clock.now())
    flash("The draft is deleted.")
    return redirect(url_for(".listing"))
