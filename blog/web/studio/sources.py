"""A story's sources: a page of their own, that needs no scripts, and what the editor's scripts look up."""

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.posts import citing, sources, writing
from blog.posts.drafts import Draft
from blog.posts.sources import Source
from blog.refusals import Conflict, Invalid
from blog.web.guard import signed_in
from blog.web.studio.forms import told
from blog.web.studio.forms.sources import PastedForm, SourceForm, of
from blog.web.wiring import house

blueprint = Blueprint("studio_sources", __name__, url_prefix="/studio")

FOUND = "This is what we found. Read it over, then add it."
NOT_FOUND = "Nobody could tell us about it, so fill in the rest by hand."
NEWER = (
    "Somebody saved a newer version of this story meanwhile, so nothing was done. This is how it stands now."
)

Change = Callable[[tuple[Source, ...]], tuple[Source, ...]]


@blueprint.get("/posts/<int:post_id>/sources")
@signed_in(Right.WRITE)
def listing(by: Person, post_id: int) -> str:
    return _page(by, post_id)


@blueprint.post("/posts/<int:post_id>/sources/found")
@signed_in(Right.WRITE)
def look_up(by: Person, post_id: int) -> ResponseReturnValue:
    """Changes nothing: what is found stands in the form, to be read and added."""
    writing.get(house().db, post_id, by)
    pasted = PastedForm(request.form)
    try:
        source, known = citing.look_up(house().fetch, pasted.pasted.data or "")
    except Invalid as refusal:
        told(pasted, refusal)
        return _page(by, post_id, pasted=pasted), 422
    return _page(by, post_id, of(source, 0), said=FOUND if known else NOT_FOUND)


@blueprint.post("/sources.json")
@signed_in(Right.WRITE)
def look_up_json(_by: Person) -> ResponseReturnValue:
    given: Any = request.get_json()
    pasted = given.get("pasted") if isinstance(given, dict) else None
    if not isinstance(pasted, str):
        raise Invalid(citing.NEITHER, {"pasted": [citing.NEITHER]})
    source, known = citing.look_up(house().fetch, pasted)
    return jsonify(source=asdict(source), said=FOUND if known else NOT_FOUND)


@blueprint.post("/posts/<int:post_id>/sources")
@signed_in(Right.WRITE)
def put(by: Person, post_id: int) -> ResponseReturnValue:
    """A new one, or another wording of the one whose number the form names."""
    form = SourceForm(request.form)
    if not form.validate():
        return _page(by, post_id, form), 422
    try:
        draft = writing.get(house().db, post_id, by).draft
        _save(by, post_id, draft, form.version.number, lambda all_: sources.with_source(all_, form.source))
    except Invalid as refusal:
        told(form, refusal)
        return _page(by, post_id, form), 422
    except Conflict:
        form.form_errors.append(NEWER)
        return _page(by, post_id, form), 409
    flash("Saved.")
    return redirect(url_for(".listing", post_id=post_id))


@blueprint.post("/posts/<int:post_id>/sources/<int:source_id>/removal")
@signed_in(Right.WRITE)
def remove(by: Person, post_id: int, source_id: int) -> ResponseReturnValue:
    return _changed(by, post_id, lambda all_: sources.without(all_, source_id), "It is no source any more.")


@blueprint.post("/posts/<int:post_id>/sources/<int:source_id>/place")
@signed_in(Right.WRITE)
def move(by: Person, post_id: int, source_id: int) -> ResponseReturnValue:
    step = -1 if request.form.get("to") == "up" else 1
    return _changed(by, post_id, lambda all_: sources.moved(all_, source_id, step), "Moved.")


def _changed(by: Person, post_id: int, change: Change, words: str) -> ResponseReturnValue:
    form, draft = PastedForm(request.form), writing.get(house().db, post_id, by).draft
    if not form.validate():
        flash(form.form_errors[0], "error")
        return redirect(url_for(".listing", post_id=post_id))
    try:
        _save(by, post_id, draft, form.version.number, change)
        flash(words)
    except Conflict:
        flash(NEWER, "error")
    return redirect(url_for(".listing", post_id=post_id))


def _save(by: Person, post_id: int, draft: Draft, version: int, change: Change) -> None:
    """The version that the form names must be the one that stands, as for every other save."""
    writing.save(house().db, post_id, replace(draft, sources=change(draft.sources)), version, by, clock.now())


def _page(
    by: Person, post_id: int, form: SourceForm | None = None, said: str = "", pasted: PastedForm | None = None
) -> str:
    working = writing.get(house().db, post_id, by)
    form = form or of(Source(), working.version)
    return render_template(
        "blog/web/studio/posts/sources.html",
        post=working.post,
        kept=[(source, of(source, working.version, apart=True)) for source in working.draft.sources],
        version=working.version,
        form=form,
        pasted=pasted or PastedForm(),
        said=said,
    )
