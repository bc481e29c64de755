"""The logo on the Settings page: brought like any picture, or taken off again."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.publication import logo
from blog.refusals import Invalid
from blog.web.guard import signed_in
from blog.web.studio import uploads
from blog.web.studio.settings import page
from blog.web.wiring import house, opened

blueprint = Blueprint("studio_logo", __name__, url_prefix="/studio/settings/logo")


@blueprint.post("")
@signed_in(Right.MANAGE)
def bring(by: Person) -> ResponseReturnValue:
    try:
        picture = uploads.receive_one(by)
        if picture is None:
            raise Invalid("Choose a picture first.")
        logo.choose(house().db, opened().settings, picture, by, clock.now())
    except Invalid as refusal:
        return page(logo_fault=str(refusal)), 422
    flash("The logo stands on every page.")
    return redirect(url_for("studio_settings.show") + "#logo")


@blueprint.post("/removal")
@signed_in(Right.MANAGE)
def remove(by: Person) -> ResponseReturnValue:
    logo.remove(house().db, opened().settings, by, clock.now())
    flash("The usual mark stands on every page again. The picture is still in the library.")
    return redirect(url_for("studio_settings.show") + "#logo")
