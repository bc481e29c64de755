"""The doors of the house to the web. ``app.py`` calls :func:`mount` once and then hangs the post office's own doors beside these."""

from flask import Flask

from blog.house import House
from blog.web import (
    caching,
    feeds,
    frame,
    guard,
    images,
    numbers,
    pages,
    previews,
    refusals,
    sharing,
    signin,
    sitemaps,
    studio,
    wiring,
)


def mount(app: Flask, made: House) -> None:
    """Gives ``app`` every page of the house, and what stands around them: headers, sign-in, the token of forms, refusals."""
    wiring.install(app, made)
    # A doubled slash is no address of ours: the router would answer it with a redirect to whatever Host the request names.
    app.url_map.merge_slashes = False
    numbers.install(app)
    frame.install(app, made.settings)
    caching.install(app, made.settings)
    refusals.install(app)
    guard.protect_forms(app)
    signin.install(app, made)
    studio.install(app)
    for door in (pages, feeds, sitemaps, sharing, images, previews):
        app.register_blueprint(door.blueprint)
