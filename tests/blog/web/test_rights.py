"""Who may come through which door of the studio. A route without a row here fails; so does a row without a route."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select, text
from werkzeug.test import TestResponse

import app as front_door
from blog.accounts import invitations
from blog.accounts.people import Person
from blog.accounts.roles import RoleName
from blog.db import Base, Database
from blog.posts import writing
from blog.posts.model import Post
from blog.settings import Settings
from tests.blog.web.doors import (
    ADMINISTRATOR,
    ANYBODY,
    AUTHOR,
    CONTRIBUTOR,
    EDITOR,
    STAFF,
    TABLE,
)
from tests.blog.web.staff import Client, Studio
from tests.blog.web.studio.test_manuscripts import manuscript
from tests.conftest import NOON

SLOW = {"/studio/settings/demonstration", "/studio/settings/demonstration/removal"}
"""Doors that do minutes of work when they open; only their being shut is tried here."""


@dataclass
class Things:
    """What the addresses name: a post of the person's own, and one of everything else."""

    post: int
    image: int
    token: str

    def address(self, rule: str) -> str:
        named = {
            "post_id": self.post,
            "image_id": self.image,
            "author_id": 1,
            "token": self.token,
            "deed": "pin",
            "kind": "rsa",
        }
        return re.sub(r"<(\w+)>", lambda found: str(named.get(found[1], 99)), rule)


@pytest.fixture
def studio(db: Database, settings: Settings) -> Iterator[Studio]:
    """The studio of the whole house, with the post office's desk in it."""
    made = front_door.create_app(settings)
    made.config["TESTING"] = True
    yield Studio(made, db, made.extensions["perijove"])
    made.extensions["perijove"].db.close()


def doors(app: Flask) -> set[tuple[str, str]]:
    """Method and address of each, without the kinds of the address's parts."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/studio")]
    return {
        (method, re.sub(r"<[^>]*?(\w+)>", r"<\1>", rule.rule))
        for rule in rules
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def things_of(studio: Studio, who: Person) -> Things:
    token = invitations.issue(studio.db, RoleName.AUTHOR, "", NOON)
    return Things(writing.start(studio.db, who, NOON, "Mine"), studio.picture(uploaded_by=who.id), token)


def knock(client: Client, method: str, address: str) -> TestResponse:
    if address.endswith((".json", "/manuscript")):
        return client.get(address) if method == "GET" else client.post(address, json={})
    return client.get(address) if method == "GET" else client.post(address, {})


def is_turned_away(answer: TestResponse) -> bool:
    return answer.status_code in (401, 403) or (
        answer.status_code == 302 and "/login" in answer.headers["Location"]
    )


def test_every_door_of_the_studio_has_a_row_and_every_row_a_door(studio: Studio) -> None:
    assert doors(studio.app) == set(TABLE)


@pytest.mark.parametrize("role", STAFF)
def test_each_role_comes_through_its_own_doors_and_no_other(studio: Studio, role: RoleName) -> None:
    who = studio.hire(role)
    studio.hire(ADMINISTRATOR, "Somebody Else")
    things = things_of(studio, who)
    wrong = []
    for (method, rule), allowed in TABLE.items():
        if (
            allowed == ANYBODY
            or (role in allowed and rule in SLOW)
            or rule.endswith("/removal")
            and "post_id" in rule
        ):
            continue
        answer = knock(studio.signed_in(who), method, things.address(rule))
        if is_turned_away(answer) == (role in allowed) or answer.status_code >= 500:
            wrong.append(f"{role} {method} {rule}: {answer.status}")
    assert wrong == []


def test_a_visitor_is_led_to_sign_in_and_a_script_is_told(studio: Studio) -> None:
    things, visitor = things_of(studio, studio.hire(AUTHOR)), studio.visitor()
    for (method, rule), allowed in TABLE.items():
        if allowed != ANYBODY:
            answer = knock(visitor, method, things.address(rule))
            assert is_turned_away(answer), f"{method} {rule}: {answer.status}"
    assert visitor.get("/studio/posts.json").status_code == 401


@pytest.mark.parametrize("role", [CONTRIBUTOR, AUTHOR])
def test_somebody_elses_draft_is_shut_to_those_who_may_not_edit_any(studio: Studio, role: RoleName) -> None:
    others = writing.start(studio.db, studio.hire(EDITOR), NOON, "Not yours")
    client = studio.as_a(role)
    for method, rule in TABLE:
        if "<post_id>" in rule and "/digest/" not in rule:
            address = re.sub(
                "<(revision_id|note_id|source_id|comment_id)>", "1", rule.replace("<post_id>", str(others))
            )
            answer = knock_well(client, method, address)
            assert answer.status_code == 403, f"{method} {rule}: {answer.status}"
    assert "Not yours" not in client.get("/studio/posts").text
    with studio.db.reading() as s:
        assert s.scalars(select(Post.state)).all() == ["draft"]


def knock_well(client: Client, method: str, address: str) -> TestResponse:
    """With input that is fine in itself, so that only the right to do it is asked."""
    if address.endswith("/manuscript"):
        return client.post(address, json=manuscript(title="Mine now"))
    return knock(client, method, address)


def test_an_editor_opens_somebody_elses_draft(studio: Studio) -> None:
    others = writing.start(studio.db, studio.hire(AUTHOR), NOON, "A draft")
    client = studio.as_a(EDITOR)
    assert client.get(f"/studio/posts/{others}").status_code == 200
    assert client.get(f"/studio/posts/{others}/preview").status_code == 200


def test_somebody_elses_picture_is_described_by_editors_and_not_by_authors(studio: Studio) -> None:
    image = studio.picture(uploaded_by=studio.hire(EDITOR).id)
    refused = studio.as_a(AUTHOR).post(f"/studio/pictures/{image}.json", json={"alt": "Mine"})
    assert refused.status_code == 403
    told = studio.as_a(ADMINISTRATOR).post(f"/studio/pictures/{image}.json", json={"alt": "A nebula"})
    assert told.json and told.json["alt"] == "A nebula"


def test_looking_changes_nothing(studio: Studio) -> None:
    who = studio.hire(ADMINISTRATOR)
    things, client = things_of(studio, who), studio.signed_in(who)
    before = rows(studio.db)
    for method, rule in TABLE:
        if method == "GET":
            assert client.get(things.address(rule)).status_code < 500
    assert rows(studio.db) == before


def rows(db: Database) -> dict[str, list[str]]:
    with db.reading() as s:
        names = [table.name for table in Base.metadata.sorted_tables]
        return {
            name: sorted(str(row) for row in s.execute(text(f'SELECT * FROM "{name}"'))) for name in names
        }


def test_a_post_without_the_sessions_token_is_refused(studio: Studio) -> None:
    client = studio.as_a(ADMINISTRATOR)
    for method, rule in TABLE:
        if method == "POST":
            address = Things(1, 1, "x").address(rule)
            assert client.flask.post(address).status_code == 400, rule
    with studio.db.reading() as s:
        assert s.scalars(select(Post.id)).all() == []


@pytest.mark.parametrize("path", ["/authors//x", "/studio//posts", "/news//", "/2026//11/x"])
def test_no_answer_leads_to_the_host_that_a_request_names(studio: Studio, path: str) -> None:
    answer = studio.app.test_client().get(path, headers={"Host": "elsewhere.example"})
    assert answer.status_code == 404 and "Location" not in answer.headers
