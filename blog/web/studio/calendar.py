"""The calendar: what goes live, changes and is taken back, day by day in the publication's zone."""

from itertools import groupby

from flask import Blueprint, render_template

from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.posts import calendar
from blog.web.guard import signed_in
from blog.web.wiring import house

blueprint = Blueprint("studio_calendar", __name__, url_prefix="/studio/calendar")


@blueprint.get("")
@signed_in(Right.WRITE)
def look(by: Person) -> str:
    zone = house().settings.zone
    entries = calendar.coming(house().db, by, clock.now())
    days = [list(of_day) for _, of_day in groupby(entries, lambda entry: entry.at.astimezone(zone).date())]
    return render_template("blog/web/studio/posts/calendar.html", days=days)
