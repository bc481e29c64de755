"""``house()`` is the one way from a request to the settings, the database and the storage."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar, cast

from flask import Flask, current_app, g, request

from blog.house import House
from blog.publication.reading import current

T = TypeVar("T")


def install(app: Flask, made: House) -> None:
    app.extensions["perijove"] = made


def house() -> House:
    """Its settings are those of now."""
    if "house" not in g:
        made = opened()
        g.house = replace(made, settings=remembered("settings", lambda: current(made.db, made.settings)))
    return cast(House, g.house)


def remembered(name: str, read: Callable[[], T]) -> T:
    """What ``read`` answers; for a page that anybody may see, as of the last public change."""
    front = current_app.extensions.get("pagecache")
    is_public = request.method in ("GET", "HEAD") and not request.path.startswith("/studio")
    return cast(T, front.remembered.get(name, read)) if front and is_public else read()


def opened() -> House:
    """As the process was opened, with the settings of the environment alone."""
    return cast(House, current_app.extensions["perijove"])


def do_without_database() -> None:
    """For pages that say that it is away."""
    g.house = opened()
