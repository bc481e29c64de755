"""What stands around every page: the Jinja policy, the line of sky on top, and the panels of other houses.

``mount`` installs it once; templates then have ``panel``, ``sky`` and everything of ``templating``.
"""

from flask import Flask
from markupsafe import Markup

from blog import clock, templating
from blog.settings import Settings
from blog.signs.announcing import Notice, find_announcement
from blog.web.evening import sky
from blog.web.wiring import house


def install(app: Flask, settings: Settings) -> None:
    templating.prepare(app.jinja_env, settings)
    app.jinja_env.globals.update(panel=panel, sky=sky, announcement=announcement)


def announcement() -> Notice | None:
    """The line over every page, while one is to be shown."""
    return find_announcement(house().db, clock.now())


def panel(name: str, path: str) -> Markup:
    """A piece of another house's page, or nothing where no house offers it."""
    draw = house().panels.get(name)
    return draw(path) if draw else Markup("")
