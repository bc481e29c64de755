"""One story on the desk: the editor's page, what it saves as somebody types, and the preview."""

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.authors import profiles
from blog.posts import company, publishing, topics, writing
from blog.posts.desk import Working
from blog.posts.views import ArticlePage
from blog.refusals import Conflict, Invalid
from blog.web import caching
from blog.web.guard import signed_in
from blog.web.refusals import answer
from blog.web.studio import comments
from blog.web.studio.forms import told
from blog.web.studio.forms.manuscripts import draft_of, sitting_of
from blog.web.studio.forms.posts import PostForm, of
from blog.web.studio.places import PLACES
from blog.web.studio.showing import manuscript_json, sheet
from blog.web.wiring import house

blueprint = Blueprint("studio_manuscripts", __name__, url_prefix="/studio/posts/<int:post_id>")

NEWER = (
    "Somebody saved a newer version while you were writing, so yours is not saved yet. "
    "Save again to put it in the place of theirs, or open the story anew to read theirs."
)


@blueprint.get("")
@signed_in(Right.WRITE)
def edit(by: Person, post_id: int) -> str:
    return _page(writing.get(house().db, post_id, by), None, by)


@blueprint.post("/manuscript")
@signed_in(Right.WRITE)
def save(by: Person, post_id: int) -> ResponseReturnValue:
    return _save_json(by, post_id) if request.is_json else _save_form(by, post_id)


@blueprint.get("/checks")
@signed_in(Right.WRITE)
def checks(by: Person, post_id: int) -> str:
    """The panel beside the words, as it stands after a save."""
    found = writing.get(house().db, post_id, by).findings
    return render_template("blog/web/studio/posts/editor_checks.html", findings=found, places=PLACES)


@blueprint.get("/preview")
@signed_in(Right.WRITE)
def preview(by: Person, post_id: int) -> ResponseReturnValue:
    # The version first: words saved in between are looked at once more.
    working = writing.get(house().db, post_id, by)
    shown = publishing.preview(house().db, post_id, by, clock.now(), zone=house().settings.zone)
    theme = request.args.get("theme", "")
    theme = theme if theme in ("light", "dark") else ""
    told = render_template(
        "blog/web/studio/posts/preview.html",
        page=ArticlePage(shown),
        post_id=post_id,
        version=working.version,
        theme=theme,
    )
    return caching.framing(told, shown.body)


@blueprint.post("/changes/removal")
@signed_in(Right.WRITE)
def discard(by: Person, post_id: int) -> ResponseReturnValue:
    writing.discard_changes(house().db, post_id, by, clock.now())
    flash("The manuscript is as the public sees it again.")
    return redirect(url_for(".edit", post_id=post_id))


def _save_json(by: Person, post_id: int) -> ResponseReturnValue:
    given = request.get_json()
    version, draft = draft_of(given)
    try:
        saved = writing.save(house().db, post_id, draft, version, by, clock.now(), sitting_of(given))
    except Conflict as refusal:
        newer = writing.get(house().db, post_id, by)
        when, who = newer.post.saved_at.isoformat(), newer.post.saved_by
        told = {"version": newer.version, "saved_at": when, "saved_by": who}
        # The page itself, if it never heard the answer to its last save.
        return answer(
            409, str(refusal), **told, is_own=bool(newer.sitting) and newer.sitting == sitting_of(given)
        )
    return jsonify(
        version=saved.version, saved_at=saved.saved_at.isoformat(), words=saved.words, minutes=saved.minutes
    )


def _save_form(by: Person, post_id: int) -> ResponseReturnValue:
    working = writing.get(house().db, post_id, by)
    form = _offering(PostForm(request.form, version=working.version))
    if not form.validate():
        return _page(working, form, by), 422
    try:
        words, version = form.over(working.draft), form.version.number
        writing.save(house().db, post_id, words, version, by, clock.now(), sitting_of(request.form))
    except Invalid as refusal:
        told(form, refusal)
        return _page(working, form, by), 422
    except Conflict as refusal:
        form.version.data = str(refusal.version)
        form.form_errors.append(NEWER)
        return _page(writing.get(house().db, post_id, by), form, by), 409
    flash("Saved.")
    return redirect(url_for(".edit", post_id=post_id))


def _page(working: Working, form: PostForm | None, by: Person) -> str:
    data: dict[str, Any] = manuscript_json(working)
    return render_template(
        "blog/web/studio/posts/editor.html",
        form=form or _offering(of(working.draft, working.version)),
        post=sheet(working),
        data=data,
        findings=working.findings,
        places=PLACES,
        may={
            "publish": working.post.may_publish,
            "name_guests": by.can(Right.PUBLISH_OWN),
            "feature": by.can(Right.FEATURE),
        },
        company=company.look(house().db, working.post.id, by, clock.now()),
        **comments.said(by, working.post.id),
    )


def _offering(form: PostForm) -> PostForm:
    db = house().db
    authors = [(int(one.id), one.name) for one in profiles.list_all(db)]
    form.offer(authors, [(int(one.id), one.name) for one in topics.list_all(db)])
    return form
