"""Corrections and updates of one story: written here, shown on the story, in feeds and on the page of corrections."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.posts import noting, writing
from blog.refusals import Conflict, Invalid
from blog.web.guard import signed_in
from blog.web.studio.forms import told
from blog.web.studio.forms.notes import NoteForm
from blog.web.wiring import house

blueprint = Blueprint("studio_notes", __name__, url_prefix="/studio/posts/<int:post_id>")


@blueprint.get("/notes")
@signed_in(Right.WRITE)
def listing(by: Person, post_id: int) -> str:
    return _page(by, post_id, NoteForm())


@blueprint.post("/notes")
@signed_in(Right.WRITE)
def add(by: Person, post_id: int) -> ResponseReturnValue:
    form = NoteForm(request.form)
    try:
        noting.add(house().db, post_id, form.kind.data or "", form.text.data or "", by, clock.now())
    except (Invalid, Conflict) as refusal:
        return _again(by, post_id, form, refusal)
    flash("It stands on the story now.")
    return redirect(url_for(".listing", post_id=post_id))


@blueprint.post("/notes/<int:note_id>")
@signed_in(Right.WRITE)
def reword(by: Person, post_id: int, note_id: int) -> ResponseReturnValue:
    wanted = request.form.get("text", "")
    try:
        noting.reword(house().db, post_id, note_id, wanted, by, clock.now())
    except (Invalid, Conflict) as refusal:
        return _again(by, post_id, NoteForm(), refusal, wanted)
    flash("Reworded. What it said before stays to be read.")
    return redirect(url_for(".listing", post_id=post_id))


def _again(
    by: Person, post_id: int, form: NoteForm, refusal: Invalid | Conflict, rewording: str | None = None
) -> ResponseReturnValue:
    """With the words: those of the form, or a ``rewording``, which may have no note to stand at any more."""
    status = 422 if isinstance(refusal, Invalid) else 409
    if isinstance(refusal, Invalid) and rewording is None:
        told(form, refusal)
    else:
        form.form_errors.append(str(refusal))
    return _page(by, post_id, form, rewording), status


def _page(by: Person, post_id: int, form: NoteForm, rewording: str | None = None) -> str:
    post = writing.get(house().db, post_id, by).post
    kept = noting.kept(house().db, post_id, by)
    return render_template(
        "blog/web/studio/posts/notes.html", post=post, kept=kept, form=form, rewording=rewording
    )
