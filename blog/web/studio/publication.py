"""The publish dialog of one story: what, when, what is still missing, and one plain sentence; then "It's live", with an undo."""

from dataclasses import replace
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blog import clock, links
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.posts import publishing, timing, undoing, writing
from blog.posts.desk import Working
from blog.posts.model import PostState
from blog.refusals import Conflict, Forbidden, Invalid
from blog.web.guard import signed_in
from blog.web.studio.forms import told
from blog.web.studio.forms.posts import PublishForm, TimeForm
from blog.web.studio.places import PLACES
from blog.web.wiring import house

NO_PUBLISHER = "You can write this story, and an editor publishes it. Submit it for review."
MAILED = "Some readers have it by mail already, so its address now says that it was taken back."

blueprint = Blueprint("studio_publication", __name__, url_prefix="/studio/posts/<int:post_id>")


@blueprint.get("/publication")
@signed_in(Right.WRITE)
def ask(by: Person, post_id: int) -> str:
    working = writing.get(house().db, post_id, by)
    return _page(by, working, _form_of(working))


@blueprint.post("/publication")
@signed_in(Right.WRITE)
def publish(by: Person, post_id: int) -> ResponseReturnValue:
    working = writing.get(house().db, post_id, by)
    form = PublishForm(request.form, version=working.version)
    if not working.post.may_publish:
        raise Forbidden(NO_PUBLISHER)
    if not form.validate():
        return _page(by, working, form), 422
    try:
        _publish(by, working, form)
    except (Invalid, Conflict) as refusal:
        return _again(by, writing.get(house().db, post_id, by), form, refusal)
    return redirect(url_for(".ask", post_id=post_id))


@blueprint.post("/publication/removal")
@signed_in(Right.WRITE)
def undo(by: Person, post_id: int) -> ResponseReturnValue:
    asked, zone = house().is_mailed, house().settings.zone
    undone = undoing.undo(house().db, post_id, by, clock.now(), is_mailed=asked, zone=zone)
    flash("Undone. Everything is as it was before." if undone else MAILED)
    return redirect(url_for(".ask", post_id=post_id))


@blueprint.post("/plan")
@signed_in(Right.WRITE)
def plan_withdrawal(by: Person, post_id: int) -> ResponseReturnValue:
    working = writing.get(house().db, post_id, by)
    if not working.post.may_publish:
        raise Forbidden(NO_PUBLISHER)
    form = TimeForm(request.form)
    try:
        timing.plan_withdrawal(house().db, post_id, by, clock.now(), form.moment(house().settings.zone))
    except Invalid as refusal:
        flash(" ".join(sum(refusal.fields.values(), [])) or str(refusal), "error")
        return _page(by, working, _form_of(working), form), 422
    flash("Its withdrawal is set.")
    return redirect(url_for(".ask", post_id=post_id))


@blueprint.post("/plan/removal")
@signed_in(Right.WRITE)
def drop_plans(by: Person, post_id: int) -> ResponseReturnValue:
    timing.drop_plans(house().db, post_id, by, clock.now())
    flash("Nothing is planned for it any more.")
    return redirect(url_for(".ask", post_id=post_id))


@blueprint.post("/withdrawal")
@signed_in(Right.WRITE)
def withdraw(by: Person, post_id: int) -> ResponseReturnValue:
    publishing.withdraw(house().db, post_id, by, clock.now(), zone=house().settings.zone)
    flash("Taken back. Its address now says that the story was withdrawn.")
    return redirect(url_for(".ask", post_id=post_id))


@blueprint.post("/schedule/removal")
@signed_in(Right.WRITE)
def unschedule(by: Person, post_id: int) -> ResponseReturnValue:
    publishing.unschedule(house().db, post_id, by, clock.now())
    flash("Not scheduled any more.")
    return redirect(url_for(".ask", post_id=post_id))


def _publish(by: Person, working: Working, form: PublishForm) -> None:
    """Keeps the choice of the digest in the manuscript, then publishes it or sets its time."""
    db, zone, at, post_id = house().db, house().settings.zone, clock.now(), working.post.id
    moment, reason = form.moment(zone), form.reason.data or ""
    chosen = replace(working.draft, in_digest=form.what.data == "digest")
    if chosen != working.draft:
        form.version.data = str(writing.save(db, post_id, chosen, form.version.number, by, at).version)
    if moment and working.post.state == PostState.PUBLISHED:
        timing.plan_change(db, post_id, by, at, moment, version=form.version.number, waive=reason)
    elif moment is None:
        publishing.publish(db, post_id, by, at, zone=zone, version=form.version.number, waive=reason)
    else:
        publishing.schedule(db, post_id, by, at, moment, version=form.version.number, waive=reason)


def _again(
    by: Person, working: Working, form: PublishForm, refusal: Invalid | Conflict
) -> ResponseReturnValue:
    """The dialog with what was chosen, and with the sentence."""
    if isinstance(refusal, Invalid):
        told(form, refusal, {"publish_at": "at"})
        return _page(by, working, form), 422
    form.version.data = str(working.version)
    # A conflict that bears a version is about newer words, whoever tells of it.
    form.form_errors.append(publishing.UNSEEN if refusal.version else str(refusal))
    return _page(by, working, form), 409


def _form_of(working: Working) -> PublishForm:
    zone, planned = house().settings.zone, working.post.publish_at
    what = "digest" if working.draft.in_digest else "site"
    set_time = planned.astimezone(zone).replace(tzinfo=None) if planned else None
    return PublishForm(what=what, when="later" if planned else "now", at=set_time, version=working.version)


def _page(by: Person, working: Working, form: PublishForm, ending: TimeForm | None = None) -> str:
    live = working.post.state == PostState.PUBLISHED
    return render_template(
        "blog/web/studio/posts/publication.html",
        post=working.post,
        form=form,
        ending=ending or TimeForm(),
        findings=working.findings,
        blocked=any(one.blocks for one in working.findings),
        waivable=all(one.waivable for one in working.findings if one.blocks) and by.can(Right.OVERRIDE),
        places=PLACES,
        live=live,
        plan=timing.find(house().db, working.post.id),
        undoable=undoing.is_open(house().db, working.post.id, by, clock.now()),
        settled=live and not working.post.has_changes,
        path=working.post.path or _path_to_be(working, clock.now()),
        pictures=len(working.pictures),
    )


def _path_to_be(working: Working, at: datetime) -> str:
    slug = working.draft.slug or links.slugify(working.draft.title) or f"untitled-{working.post.id}"
    return links.post_path(slug, working.post.publish_at or at, house().settings.zone)
