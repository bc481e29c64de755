"""The studio: where the staff write, publish and look after pictures, authors, topics and each other."""

from flask import Flask, Response

from blog.web import guard
from blog.web.studio import (
    arrangement,
    authors,
    beginning,
    calendar,
    comments,
    company,
    demonstration,
    fetched,
    guests,
    history,
    invitations,
    logo,
    manuscripts,
    notes,
    pages,
    people,
    pictures,
    posts,
    previews,
    prominence,
    publication,
    rail,
    reviews,
    senders,
    settings,
    signs,
    sources,
    today,
    topics,
)

DOORS = (
    today,
    posts,
    manuscripts,
    history,
    comments,
    company,
    notes,
    sources,
    guests,
    publication,
    prominence,
    previews,
    calendar,
    reviews,
    pictures,
    fetched,
    authors,
    topics,
    arrangement,
    pages,
    signs,
    people,
    invitations,
    settings,
    senders,
    logo,
    beginning,
    demonstration,
)


def install(app: Flask) -> None:
    app.jinja_env.globals.update(me=guard.person, rail=rail.links)
    for door in DOORS:
        app.register_blueprint(door.blueprint)
    app.after_request(_keep_private)


def _keep_private(response: Response) -> Response:
    """Nothing under /studio is kept by a browser or a proxy, or found by a search engine."""
    if guard.in_studio():
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Referrer-Policy"] = "same-origin"
    return response
