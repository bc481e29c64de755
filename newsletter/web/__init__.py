"""The post office's doors to the web: sign-up, leaving, past digests, the desk. ``app.py`` calls :func:`mount` and :func:`panels`."""

from flask import Flask

from newsletter.web import (
    agreeing,
    api,
    archive,
    clicks,
    desk,
    embed,
    hooks,
    leaving,
    preferences,
    signup,
    wiring,
)
from newsletter.web.panels import panels
from newsletter.web.wiring import Tokens

__all__ = ["mount", "panels"]


def mount(app: Flask, tokens: Tokens) -> None:
    """Gives ``app``, on which the house's own doors hang already, every page of the post office."""
    wiring.install(app, tokens)
    for door in (signup, leaving, archive, embed, api, clicks, hooks, preferences, agreeing):
        app.register_blueprint(door.blueprint)
    desk.install(app)
