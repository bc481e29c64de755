"""The page behind an invitation's link, where a newcomer makes an account. Looking changes nothing; posting uses the link up."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blog import clock
from blog.accounts import invitations
from blog.refusals import Invalid
from blog.web.limits import throttle
from blog.web.studio.forms import told
from blog.web.studio.forms.people import AcceptForm
from blog.web.wiring import house

blueprint = Blueprint("studio_invitations", __name__, url_prefix="/studio/invitation")


@blueprint.get("/<token>")
def look(token: str) -> str:
    offered = invitations.look(house().db, token, clock.now())
    return _page(AcceptForm(email=offered.email), offered)


@blueprint.post("/<token>")
def accept(token: str) -> ResponseReturnValue:
    throttle("accept an invitation", 30, 10)
    form, at = AcceptForm(request.form), clock.now()
    offered = invitations.look(house().db, token, at)
    if not form.validate():
        return _page(form, offered), 422
    try:
        invitations.accept(house().db, token, _text(form.name), _text(form.email), _text(form.password), at)
    except Invalid as refusal:
        told(form, refusal)
        return _page(form, offered), 422
    flash("Your account is made. Sign in with it.")
    return redirect(url_for("security.login"))


def _page(form: AcceptForm, offered: invitations.Invited) -> str:
    return render_template("blog/web/studio/invitation.html", form=form, offered=offered)


def _text(field: object) -> str:
    return str(getattr(field, "data", "") or "")
