"""The first steps: each is ticked by what is there, and they go away when all are done or somebody puts them away."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

import app as front_door
from blog.accounts.roles import RoleName
from blog.db import Database
from blog.settings import Settings
from newsletter.delivery.model import Letter, LetterState
from tests.blog.web.staff import Client, Studio
from tests.blog.web.studio.test_manuscripts import manuscript
from tests.conftest import NOON

PAGE = "/studio"


@pytest.fixture
def studio(db: Database, settings: Settings) -> Iterator[Studio]:
    """The whole house, for the last step is the post office's."""
    made = front_door.create_app(settings)
    yield Studio(made, db, made.extensions["perijove"])
    made.extensions["perijove"].db.close()


@pytest.fixture
def owner(studio: Studio) -> Client:
    return studio.as_a(RoleName.ADMINISTRATOR, "Ada Kovač")


def done(client: Client) -> list[str]:
    """The steps with a tick."""
    return re.findall(r'steps__done">\s*<span>([^<]+)', client.get(PAGE).text)


def letters(db: Database) -> list[Letter]:
    with db.reading() as s:
        return list(s.query(Letter))


def accept(db: Database) -> None:
    """As if a mail server had taken everything."""
    with db.transaction() as s:
        for letter in s.query(Letter):
            letter.state, letter.settled_at = LetterState.ACCEPTED, NOON + timedelta(minutes=1)


def test_a_new_publication_has_six_steps_to_go(owner: Client) -> None:
    page = owner.get(PAGE).text
    assert "First steps" in page and "0 of 6" in page and "Once a story is published." in page


def test_each_step_is_ticked_by_what_is_there_and_with_the_last_they_are_gone(
    studio: Studio, owner: Client
) -> None:
    seen = re.findall(r'name="seen"[^>]*value="(\d+)"', owner.get("/studio/settings").text)[0]
    named = {
        "site_name": "The Daily Sky",
        "language": "en",
        "timezone": "UTC",
        "send_hour": "7",
        "seen": seen,
    }
    assert owner.post("/studio/settings", named).status_code == 302
    owner.post("/studio/settings/sender", {"address": "digest@example.org"})
    (mail,) = letters(studio.db)
    assert mail.address == "digest@example.org" and mail.payload
    code = re.findall(r"^\d{4} \d{4}$", mail.payload["text"], re.M)[0]
    owner.post("/studio/settings/sender/proof", {"code": code})
    assert done(owner) == ["Give the publication its name", "Test the address that mail leaves from"]
    studio.picture(credit="NASA", alt="Saturn")
    post = owner.post("/studio/posts", {"title": "Rings"}).headers["Location"]
    owner.post(f"{post}/manuscript", json=manuscript())
    owner.publish(post)
    assert owner.post("/studio/first-steps/sign-up").headers["Location"] == "/subscribe"
    assert len(done(owner)) == 5
    owner.post("/studio/digest/test", {"email": "ada@example.org"})
    assert len(done(owner)) == 5, "it is not read before a mail server took it"
    accept(studio.db)
    page = owner.get(PAGE).text
    assert "First steps" not in page and "Rings" in page


def test_a_picture_without_a_credit_is_no_first_picture(studio: Studio, owner: Client) -> None:
    studio.picture(alt="Saturn")
    assert done(owner) == []


def test_put_away_they_are_gone_for_everybody_until_they_are_brought_back(
    studio: Studio, owner: Client
) -> None:
    answer = owner.post("/studio/first-steps/removal", follow_redirects=True).text
    assert "The first steps are put away." in answer and "0 of 6" not in answer
    assert "Bring the first steps back" in owner.get("/studio/settings").text
    assert "0 of 6" in owner.post("/studio/first-steps", follow_redirects=True).text


def test_an_editor_is_shown_what_an_editor_can_do_and_others_nothing(studio: Studio) -> None:
    page = studio.as_a(RoleName.EDITOR).get(PAGE).text
    assert "0 of 4" in page and "Give the publication its name" not in page and "sample stories" not in page
    assert "First steps" not in studio.as_a(RoleName.AUTHOR).get(PAGE).text
