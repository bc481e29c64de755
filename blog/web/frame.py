"""What stands around every page: the Jinja policy, the line of sky on top, and the panels of other houses.

``mount`` installs it once; templates then have ``panel``, ``sky`` and everything of ``templating``.
"""

from flask import Flask, g
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError

from blog import clock, templating
from blog.posts import standing
from blog.settings import Settings
from blog.signs.announcing import Notice, find_announcement
from blog.themes import folder
from blog.web.evening import sky
from blog.web.wiring import house, remembered


def install(app: Flask, settings: Settings) -> None:
    """``settings`` are those that the process was opened with: its theme stays."""
    app.jinja_loader = templating.loader(folder.worn(settings))
    templating.prepare(app.jinja_env, lambda: house().settings)
    app.jinja_env.globals.update(panel=panel, sky=sky, announcement=announcement, standing=standing_at)


def announcement() -> Notice | None:
    """The line over every page, while one is to be shown."""
    kept = remembered("announcement", lambda: find_announcement(house().db))
    return kept if kept and kept.is_shown(clock.now()) else None


def standing_at(place: str) -> list[tuple[str, str]]:
    """Path and title of the standing pages that are linked there; none where the database is away, as pages about that are."""
    if "standing" not in g:
        try:
            g.standing = remembered("standing", lambda: standing.placed(house().db))
        except SQLAlchemyError:
            g.standing = ()
    return [(path, title) for where, path, title in g.standing if where == place]


def panel(name: str, path: str) -> Markup:
    """A piece of another house's page, or nothing where no house offers it."""
    draw = house().panels.get(name)
    return draw(path) if draw else Markup("")
