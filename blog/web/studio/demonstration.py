"""The demonstration publication: brought by one click, taken away by another."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.demo import loading
from blog.demo.model import DemoItem
from blog.web.guard import signed_in
from blog.web.wiring import house

blueprint = Blueprint("studio_demonstration", __name__, url_prefix="/studio/settings/demonstration")


@blueprint.post("")
@signed_in(Right.MANAGE)
def bring(_by: Person) -> ResponseReturnValue:
    loading.load(house().db, house().storage, clock.now(), zone=house().settings.zone)
    flash("The demonstration is here. Look around; one click takes it away again.")
    return redirect(url_for("studio_settings.show"))


@blueprint.post("/removal")
@signed_in(Right.MANAGE)
def take_away(_by: Person) -> ResponseReturnValue:
    loading.remove(house().db, house().storage)
    flash("The demonstration is gone. What you made or changed stays.")
    return redirect(url_for("studio_settings.show"))


def is_here() -> bool:
    with house().db.reading() as s:
        return bool(s.scalar(select(func.count()).select_from(DemoItem)))
