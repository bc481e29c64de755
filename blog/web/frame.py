"""What stands around every page: the Jinja policy, the line of sky on top, and the panels of other houses.

``mount`` installs it once; templates then have ``panel``, ``sky`` and everything of ``templating``.
"""

from flask import Flask
from markupsafe import Markup

from blog import templating
from blog.settings import Settings
from blog.web.evening import sky
from blog.web.wiring import house


def install(app: Flask, settings: Settings) -> None:
    templating.prepare(app.jinja_env, settings)
    app.jinja_env.globals.update(panel=panel, sky=sky)


def panel(name: str, path: str) -> Markup:
    """A piece of another house's page, or nothing where no house offers it."""
    draw = house().panels.get(name)
    return draw(path) if draw else Markup("")
