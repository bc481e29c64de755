"""``house()`` is the one way from a request to the settings, the database and the storage."""

from typing import cast

from flask import Flask, current_app

from blog.house import House


def install(app: Flask, made: House) -> None:
    app.extensions["perijove"] = made


def house() -> House:
    return cast(House, current_app.extensions["perijove"])
