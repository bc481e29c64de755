"""The panel on Today: the next edition of every list, what state it is in, and whether anything stands in its way."""

from flask import render_template
from markupsafe import Markup

from blog import clock
from blog.accounts.roles import Right
from blog.db import Database
from blog.settings import Settings
from blog.web import guard
from newsletter.delivery import pausing
from newsletter.editions.coming import every_coming
from newsletter.web import moments
from newsletter.web.desk import ways


def next_digest(db: Database, settings: Settings, path: str) -> Markup:
    """``path`` is that of the page on which it stands."""
    who = guard.person()
    comings = [
        (one, moments.when(one.due_at, one.timezone), ways.composer(one.which))
        for one in every_coming(db, clock.now(), settings)
    ]
    return Markup(
        render_template(
            "newsletter/web/desk/ahead.html",
            comings=comings,
            standing=pausing.standing(db),
            may_send=bool(who and who.can(Right.SEND)),
            back=path,
        )
    )
