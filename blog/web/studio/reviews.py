"""The review of one story: submit it, approve it, ask for changes; with everything that happened to it. And the log of all stories."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blog import clock, links
from blog.accounts import staffing
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.posts import commenting, deeds, reviewing, writing
from blog.refusals import Conflict, Invalid
from blog.web.guard import signed_in
from blog.web.studio import comments
from blog.web.studio.forms import told
from blog.web.studio.forms.reviews import AnswerForm, NoteForm
from blog.web.studio.places import PLACES
from blog.web.wiring import house

blueprint = Blueprint("studio_reviews", __name__, url_prefix="/studio")

ANSWERED = {
    True: "Approved. Whoever may publish it can do so now.",
    False: "Given back with your words.",
}


@blueprint.get("/posts/<int:post_id>/review")
@signed_in(Right.WRITE)
def look(by: Person, post_id: int) -> str:
    return _page(by, post_id, NoteForm())


@blueprint.post("/posts/<int:post_id>/review")
@signed_in(Right.WRITE)
def submit(by: Person, post_id: int) -> ResponseReturnValue:
    form = NoteForm(request.form)
    if not form.validate():
        return _page(by, post_id, form), 422
    try:
        title = reviewing.submit(house().db, post_id, by, clock.now(), form.note.data or "")
    except (Invalid, Conflict) as refusal:
        return _again(by, post_id, form, refusal)
    _tell_editors(by, post_id, title, form.note.data or "")
    flash("Submitted. The editors were told.")
    return redirect(url_for(".look", post_id=post_id))


@blueprint.post("/posts/<int:post_id>/review/approval")
@signed_in(Right.EDIT_ANY)
def approve(by: Person, post_id: int) -> ResponseReturnValue:
    return _answer(by, post_id, approved=True)


@blueprint.post("/posts/<int:post_id>/review/changes")
@signed_in(Right.EDIT_ANY)
def ask_for_changes(by: Person, post_id: int) -> ResponseReturnValue:
    return _answer(by, post_id, approved=False)


@blueprint.get("/activity")
@signed_in(Right.WRITE)
def activity(by: Person) -> str:
    page = deeds.latest(house().db, by, max(1, request.args.get("page", 1, type=int)))
    return render_template("blog/web/studio/posts/activity.html", page=page)


def _answer(by: Person, post_id: int, *, approved: bool) -> ResponseReturnValue:
    db, at = house().db, clock.now()
    form = AnswerForm(request.form, version=writing.get(db, post_id, by).version)
    if not form.validate():
        return _page(by, post_id, form), 422
    note = form.note.data or ""
    try:
        if approved:
            told_of = reviewing.approve(db, post_id, by, at, note, version=form.version.number)
        else:
            told_of = reviewing.ask_for_changes(db, post_id, by, at, note)
    except (Invalid, Conflict) as refusal:
        return _again(by, post_id, form, refusal)
    _tell_writer(by, post_id, told_of, note, approved=approved)
    flash(ANSWERED[approved])
    return redirect(url_for(".look", post_id=post_id))


def _again(
    by: Person, post_id: int, form: AnswerForm | NoteForm, refusal: Invalid | Conflict
) -> ResponseReturnValue:
    if isinstance(refusal, Invalid):
        told(form, refusal)
        return _page(by, post_id, form), 422
    form.form_errors.append(str(refusal))
    return _page(by, post_id, form), 409


def _tell_editors(by: Person, post_id: int, title: str, note: str) -> None:
    words = f"{by.name} has submitted “{title}” for review.\n\n{_quoted(note)}Read it: {_address(post_id)}\n"
    for address in staffing.who_may(house().db, Right.EDIT_ANY):
        if address != by.email:
            house().post_mail(address, f"To review: {title}", words)


def _tell_writer(by: Person, post_id: int, about: reviewing.Told, note: str, *, approved: bool) -> None:
    if not about.email:
        return
    did = "has approved" if approved else "asks for changes to"
    subject = f"Approved: {about.title}" if approved else f"Changes wanted: {about.title}"
    words = (
        f"{by.name} {did} “{about.title}”.\n\n{_quoted(note)}{_open(post_id)}See it: {_address(post_id)}\n"
    )
    house().post_mail(about.email, subject, words)


def _open(post_id: int) -> str:
    count = commenting.open_count(house().db, post_id)
    return "" if not count else f"{count} comment{' is' if count == 1 else 's are'} open in the text.\n\n"


def _quoted(note: str) -> str:
    return f"{note.strip()}\n\n" if note.strip() else ""


def _address(post_id: int) -> str:
    return links.absolute(house().settings.site, url_for(".look", post_id=post_id))


def _page(by: Person, post_id: int, form: NoteForm | AnswerForm) -> str:
    db = house().db
    working = writing.get(db, post_id, by)
    return render_template(
        "blog/web/studio/posts/review.html",
        post=working.post,
        version=working.version,
        findings=working.findings,
        places=PLACES,
        standing=reviewing.find(db, post_id),
        lines=deeds.of_post(db, post_id),
        form=form,
        may_answer=by.can(Right.EDIT_ANY),
        **comments.said(by, post_id),
    )
