"""What ``app.py`` hands to every view: ``house()`` is the one way from a request to the settings, the database and the storage."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import cast

from flask import Flask, current_app
from markupsafe import Markup

from blog.accounts import staffing
from blog.db import Database
from blog.images.storage import Storage
from blog.settings import Settings

Panel = Callable[[str], Markup]
"""Draws a piece of another house's page; its argument is the path of the page it stands on."""
PostMail = Callable[[str, str, str], None]
"""Posts a plain mail: address, subject, text."""


@dataclass(frozen=True)
class House:
    settings: Settings
    db: Database
    storage: Storage
    post_mail: PostMail
    panels: Mapping[str, Panel] = field(default_factory=dict)

    def alarm(self, subject: str, text: str) -> None:
        """Writes to every administrator."""
        for address in staffing.administrators(self.db):
            self.post_mail(address, subject, text)


def install(app: Flask, made: House) -> None:
    app.extensions["perijove"] = made


def house() -> House:
    return cast(House, current_app.extensions["perijove"])
