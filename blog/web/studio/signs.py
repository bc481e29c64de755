"""The Signs page: the announcement over every page, and addresses that lead elsewhere."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.refusals import Conflict, Invalid
from blog.signs import announcing, signposts
from blog.web.guard import signed_in
from blog.web.studio.forms import told
from blog.web.studio.forms.posts import in_utc
from blog.web.studio.forms.signs import AnnouncementForm, SignpostForm
from blog.web.wiring import house

blueprint = Blueprint("studio_signs", __name__, url_prefix="/studio/signs")


@blueprint.get("")
@signed_in(Right.EDIT_ANY)
def show(_by: Person) -> str:
    return _page()


@blueprint.post("/announcement")
@signed_in(Right.EDIT_ANY)
def announce(_by: Person) -> ResponseReturnValue:
    form = AnnouncementForm(request.form)
    if form.validate():
        try:
            until = in_utc(form.until.data, house().settings.zone) if form.until.data else None
            words, link = form.words.data or "", form.link.data or ""
            announcing.announce(house().db, words, link, until, clock.now())
            flash(
                "The announcement stands over every page." if words.strip() else "No announcement any more."
            )
            return redirect(url_for(".show"))
        except Invalid as refusal:
            told(form, refusal, {"at": "until"})
    return _page(announcement=form), 422


@blueprint.post("/signposts")
@signed_in(Right.EDIT_ANY)
def put_up(_by: Person) -> ResponseReturnValue:
    form = SignpostForm(request.form)
    if form.validate():
        try:
            signposts.put_up(
                house().db, form.path.data or "", form.target.data or "", clock.now(), house().settings.site
            )
            flash("The signpost stands.")
            return redirect(url_for(".show"))
        except Invalid as refusal:
            told(form, refusal)
        except Conflict as refusal:
            form.form_errors.append(str(refusal))
            return _page(signpost=form), 409
    return _page(signpost=form), 422


@blueprint.post("/signposts/removal")
@signed_in(Right.EDIT_ANY)
def take_away(_by: Person) -> ResponseReturnValue:
    signposts.take_away(house().db, request.form.get("path", ""))
    flash("The signpost is gone.")
    return redirect(url_for(".show"))


def _page(announcement: AnnouncementForm | None = None, signpost: SignpostForm | None = None) -> str:
    db, zone = house().db, house().settings.zone
    kept = announcing.find_announcement(db)
    until = kept.until.astimezone(zone).replace(tzinfo=None) if kept and kept.until else None
    form = announcement or AnnouncementForm(
        words=kept.words if kept else "", link=kept.link if kept else "", until=until
    )
    return render_template(
        "blog/web/studio/signs.html",
        announcement=form,
        signpost=signpost or SignpostForm(),
        signs=signposts.signs(db),
        zone=zone.key,
    )
