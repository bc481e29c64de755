"""The studio's first page: the next digest, what is being written, what needs somebody, and the first steps of a new publication."""

from flask import Blueprint, render_template

from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.posts import writing
from blog.web.guard import signed_in
from blog.web.studio import pictures
from blog.web.studio.beginning import first_steps
from blog.web.wiring import house

blueprint = Blueprint("studio_today", __name__, url_prefix="/studio")


@blueprint.get("")
@signed_in(Right.WRITE)
def today(by: Person) -> str:
    lists = {
        state: writing.listing(house().db, by, state)
        for state in ("review", "draft", "scheduled", "changed", "published")
    }
    return render_template(
        "blog/web/studio/today.html",
        greeting=_greeting(clock.now().astimezone(house().settings.zone).hour),
        lists=lists,
        lacking=pictures.counts(),
        first=first_steps(by, lists["published"].total),
    )


def _greeting(hour: int) -> str:
    if 5 <= hour < 12:
        return "Good morning"
    return "Good afternoon" if 12 <= hour < 18 else "Good evening"
