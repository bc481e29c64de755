"""A studio with its staff, for the tests of its doors: real sessions, real tokens, one client for each role."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select
from werkzeug.test import TestResponse

import blog.web
from blog.accounts import passwords, staffing
from blog.accounts.model import Account
from blog.accounts.people import Person
from blog.accounts.roles import RoleName
from blog.db import Database
from blog.house import House
from blog.images.model import Image
from blog.images.storage import Disk
from blog.settings import Settings
from tests.conftest import NOON

PASSWORD = "seven sisters rising"
HASH = passwords.hashed(PASSWORD)


@dataclass
class Studio:
    app: Flask
    db: Database
    house: House
    mails: list[tuple[str, str, str]] = field(default_factory=list)

    def hire(self, role: RoleName, name: str = "") -> Person:
        """An account of that role, without going through an invitation."""
        name = name or role.value.capitalize()
        who = staffing.Newcomer(name, f"{name.lower().replace(' ', '.')}@example.org", HASH)
        with self.db.transaction() as s:
            account_id = staffing.add(s, who, role, NOON)
        with self.db.reading() as s:
            return staffing.person(s.get_one(Account, account_id))

    def visitor(self) -> "Client":
        return Client(self.app.test_client())

    def signed_in(self, who: Person) -> "Client":
        client = self.visitor()
        with self.db.reading() as s:
            mark = s.scalars(select(Account.fs_uniquifier).where(Account.id == who.id)).one()
        with client.flask.session_transaction("/studio") as session:
            session["_user_id"], session["_fresh"] = mark, True
        return client

    def as_a(self, role: RoleName, name: str = "") -> "Client":
        return self.signed_in(self.hire(role, name))

    def picture(self, key: str = "ab", **words: Any) -> int:
        with self.db.transaction() as s:
            image = Image(
                key=key.ljust(64, "0"), filename="nebula.jpg", media_type="image/jpeg", bytes=10, width=1600, height=900,
                created_at=NOON, rendered_at=NOON, **words,
            )  # fmt: skip
            s.add(image)
            s.flush()
            return image.id


@dataclass
class Client:
    """A browser in the studio: its posts carry the session's token, as the pages' forms do."""

    flask: FlaskClient

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.flask.get(path, **more)

    def post(self, path: str, data: Any = None, **more: Any) -> TestResponse:
        headers = {"X-CSRFToken": self.token(), **more.pop("headers", {})}
        return self.flask.post(path, data=data, headers=headers, **more)

    def publish(self, post: str, **chosen: str) -> TestResponse:
        """Opens the publish dialog of the story at that address, chooses, and sends it."""
        shown = re.search(r'name="version"[^>]*value="(\d+)"', self.get(f"{post}/publication").text)
        version = {"version": shown[1]} if shown else {}
        return self.post(f"{post}/publication", {"what": "digest", "when": "now", **version, **chosen})

    def token(self) -> str:
        with self.flask.session_transaction("/studio") as session:
            session.setdefault("csrf_token", "0" * 40)
            raw = session["csrf_token"]
        with self.flask.application.test_request_context("/studio") as context:
            context.session["csrf_token"] = raw
            return str(generate_csrf())


@pytest.fixture
def studio(db: Database, settings: Settings, tmp_path: Path) -> Studio:
    mails: list[tuple[str, str, str]] = []
    house = House(settings, db, Disk(tmp_path / "media"), lambda *mail: mails.append(mail))
    app = Flask(
        "perijove", template_folder=str(Path(blog.web.__file__).parents[2] / "templates"), static_folder=None
    )
    app.config.update(
        SECRET_KEY="a-key-for-tests-only", TESTING=True, MAX_CONTENT_LENGTH=300_000, LARGEST_PICTURE=310_000
    )
    blog.web.mount(app, house)
    return Studio(app, db, house, mails)
