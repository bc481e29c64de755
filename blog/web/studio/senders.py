"""The sender's address on the Settings page: a code goes to it, and comes back."""

from flask import Blueprint, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from blog import clock, links
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.publication import proving
from blog.refusals import Invalid
from blog.web.guard import signed_in
from blog.web.studio.forms import told
from blog.web.studio.forms.masthead import CodeForm, SenderForm
from blog.web.studio.settings import page
from blog.web.wiring import house, opened

blueprint = Blueprint("studio_senders", __name__, url_prefix="/studio/settings/sender")


@blueprint.post("")
@signed_in(Right.MANAGE)
def ask(by: Person) -> ResponseReturnValue:
    form = SenderForm(request.form)
    if form.validate():
        try:
            given = opened().settings
            address, code = proving.ask(house().db, given, form.address.data or "", _key(), clock.now())
            _write(address, code, by)
            flash(f"A code is on its way to {address}.")
            return _back()
        except Invalid as refusal:
            told(form, refusal)
    return page(sender=form), 422


@blueprint.post("/proof")
@signed_in(Right.MANAGE)
def prove(by: Person) -> ResponseReturnValue:
    form = CodeForm(request.form)
    if form.validate():
        try:
            given = opened().settings
            address = proving.prove(house().db, given, form.code.data or "", _key(), by, clock.now())
            flash(f"Mail leaves from {address} now.")
            return _back()
        except Invalid as refusal:
            told(form, refusal)
    return page(code=form), 422


@blueprint.post("/removal")
@signed_in(Right.MANAGE)
def drop(_by: Person) -> ResponseReturnValue:
    proving.drop(house().db)
    flash("The sender stays as it is.")
    return _back()


def _back() -> ResponseReturnValue:
    return redirect(url_for("studio_settings.show") + "#sender")


def _key() -> str:
    return str(current_app.config["SECRET_KEY"])


def _write(address: str, code: str, by: Person) -> None:
    settings = house().settings
    where = links.absolute(settings.site, url_for("studio_settings.show"))
    words = (
        f"{by.name} wants {settings.site_name} to send its mail from this address.\n\n"
        f"Enter this code on the Settings page within a day:\n{code[:4]} {code[4:]}\n\n{where}\n\n"
        "If you know nothing of it, do nothing, and nothing changes.\n"
    )
    house().post_mail(address, f"{code[:4]} {code[4:]} is your code for {settings.site_name}", words)
