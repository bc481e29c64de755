"""Comments on the blocks of a story: the panel beside the words, and on the page of its review. Every deed is a plain form; the editor's
script sends the same forms and puts the answer in the panel's place.
"""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.db import Database
from blog.posts import commenting
from blog.refusals import Invalid
from blog.web.guard import signed_in
from blog.web.wiring import house

blueprint = Blueprint("studio_comments", __name__, url_prefix="/studio/posts/<int:post_id>/comments")

ONE = "/<int:comment_id>"


@blueprint.get("")
@signed_in(Right.WRITE)
def panel(by: Person, post_id: int) -> str:
    return _panel(by, post_id)


@blueprint.post("")
@signed_in(Right.WRITE)
def say(by: Person, post_id: int) -> ResponseReturnValue:
    block = request.form.get("block", 0, int)
    return _done(by, post_id, lambda db: commenting.say(db, post_id, block, _text("new"), by, clock.now()))


@blueprint.post(f"{ONE}/answers")
@signed_in(Right.WRITE)
def answer(by: Person, post_id: int, comment_id: int) -> ResponseReturnValue:
    text = _text(f"answer-{comment_id}")
    return _done(by, post_id, lambda db: commenting.answer(db, post_id, comment_id, text, by, clock.now()))


@blueprint.post(f"{ONE}/words")
@signed_in(Right.WRITE)
def change(by: Person, post_id: int, comment_id: int) -> ResponseReturnValue:
    text = _text(f"words-{comment_id}")
    return _done(by, post_id, lambda db: commenting.change(db, post_id, comment_id, text, by, clock.now()))


@blueprint.post(f"{ONE}/settlement")
@signed_in(Right.WRITE)
def settle(by: Person, post_id: int, comment_id: int) -> ResponseReturnValue:
    return _done(by, post_id, lambda db: commenting.settle(db, post_id, comment_id, by, clock.now()))


@blueprint.post(f"{ONE}/opening")
@signed_in(Right.WRITE)
def reopen(by: Person, post_id: int, comment_id: int) -> ResponseReturnValue:
    return _done(
        by, post_id, lambda db: commenting.settle(db, post_id, comment_id, by, clock.now(), settled=False)
    )


@blueprint.post(f"{ONE}/removal")
@signed_in(Right.WRITE)
def remove(by: Person, post_id: int, comment_id: int) -> ResponseReturnValue:
    return _done(by, post_id, lambda db: commenting.remove(db, post_id, comment_id, by))


def _done(by: Person, post_id: int, deed: Callable[[Database], object]) -> ResponseReturnValue:
    """The panel as it is now, for the script; a form without one goes back to its page."""
    is_script = "X-Panel" in request.headers
    try:
        deed(house().db)
    except Invalid as refusal:
        if is_script:
            return _panel(by, post_id, str(refusal)), 422
        flash(str(refusal), "error")
    if is_script:
        return _panel(by, post_id)
    back = "studio_reviews.look" if request.form.get("from") == "review" else "studio_manuscripts.edit"
    return redirect(url_for(back, post_id=post_id) + "#comments")


def _panel(by: Person, post_id: int, error: str = "") -> str:
    return render_template("blog/web/studio/posts/comments.html", **said(by, post_id, error))


def said(by: Person, post_id: int, error: str = "") -> dict[str, Any]:
    """What the panel's template names, on whichever page it stands."""
    db = house().db
    return {
        "threads": commenting.threads(db, post_id, by), "mark": commenting.mark(db, post_id), "post_id": post_id,
        "error": error, "typed": request.form if error else {},
    }  # fmt: skip


def _text(name: str) -> str:
    return request.form.get(name, "")
