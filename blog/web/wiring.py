"""``house()`` is the one way from a request to the settings, the database and the storage."""

from dataclasses import replace
from typing import cast

from flask import Flask, current_app, g

from blog.house import House
from blog.publication.reading import current


def install(app: Flask, made: House) -> None:
    app.extensions["perijove"] = made


def house() -> House:
    """Its settings are those of now, read once a request."""
    if "house" not in g:
        made = opened()
        g.house = replace(made, settings=current(made.db, made.settings))
    return cast(House, g.house)


def opened() -> House:
    """As the process was opened, with the settings of the environment alone."""
    return cast(House, current_app.extensions["perijove"])


def do_without_database() -> None:
    """For pages that say that it is away."""
    g.house = opened()
