"""Writing a correction, without a script."""

import pytest

from blog.accounts.roles import RoleName
from tests.blog.web.staff import Client, Studio
from tests.blog.web.studio.test_manuscripts import manuscript


@pytest.fixture
def client(studio: Studio) -> Client:
    return studio.as_a(RoleName.EDITOR)


@pytest.fixture
def post(client: Client) -> str:
    address = client.post("/studio/posts", {"title": "Rings"}).headers["Location"]
    client.post(f"{address}/manuscript", json=manuscript())
    client.publish(address)
    return address


def test_a_note_is_written_and_reworded(client: Client, post: str) -> None:
    assert client.post(f"{post}/notes", {"kind": "correction", "text": "Seven rings."}).status_code == 302
    assert "Seven rings." in client.get(f"{post}/notes").text
    client.post(f"{post}/notes/1", {"text": "Eight rings."})
    page = client.get(f"{post}/notes").text
    assert "Eight rings." in page and "it said: Seven rings." in page


def test_what_cannot_stand_is_told_and_nothing_is_lost(client: Client, post: str) -> None:
    refused = client.post(f"{post}/notes", {"kind": "update", "text": ""})
    assert refused.status_code == 422 and "Say what changed." in refused.text
    client.post(f"{post}/notes", {"kind": "update", "text": "Nine."})
    again = client.post(f"{post}/notes", {"kind": "update", "text": "Nine."})
    assert again.status_code == 409 and "stands on the story already" in again.text


def test_a_draft_bears_no_notes(client: Client) -> None:
    draft = client.post("/studio/posts", {"title": "Draft"}).headers["Location"]
    assert "Only a story that is public" in client.get(f"{draft}/notes").text
    assert client.post(f"{draft}/notes", {"kind": "update", "text": "x"}).status_code == 409


def test_another_wording_that_cannot_stand_comes_back_with_the_words(client: Client, post: str) -> None:
    client.post(f"{post}/notes", {"kind": "update", "text": "Seven rings."})
    client.post(f"{post}/notes/1", {"text": "Eight rings."})
    late = client.post(f"{post}/notes/1", {"text": "Nine rings, by hand."})
    assert late.status_code == 409 and "Somebody reworded that note meanwhile." in late.text
    assert "Nine rings, by hand.</textarea>" in late.text
    empty = client.post(f"{post}/notes/2", {"text": "x" * 2001})
    assert empty.status_code == 422 and "too long by 1" in empty.text and "x" * 2001 in empty.text
    client.post(f"{post}/withdrawal")
    gone = client.post(f"{post}/notes/2", {"text": "Nine rings, by hand."})
    assert gone.status_code == 409 and "Nine rings, by hand.</textarea>" in gone.text
