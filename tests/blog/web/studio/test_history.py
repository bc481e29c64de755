"""The history's pages, and what the editor asks for where two wrote."""

import json
from typing import Any

import pytest

from blog.accounts.roles import RoleName
from tests.blog.web.staff import Client, Studio
from tests.blog.web.studio.test_manuscripts import island, manuscript


@pytest.fixture
def client(studio: Studio) -> Client:
    return studio.as_a(RoleName.EDITOR)


@pytest.fixture
def post(client: Client) -> str:
    """A story that was saved from two pages: "Rings" stands, "Rungs" is in its history."""
    address = client.post("/studio/posts", {"title": "Rings"}).headers["Location"]
    save(client, address, 1, "Rungs", "first")
    save(client, address, 2, "Rings", "second")
    return address


def save(client: Client, post: str, version: int, title: str, sitting: str) -> Any:
    return client.post(
        f"{post}/manuscript", json=manuscript(version=version, title=title, sitting=sitting)
    ).json


def test_the_history_lists_versions_and_leads_to_their_comparison(client: Client, post: str) -> None:
    page = client.get(f"{post}/history").text
    assert "Rungs" in page and f"{post}/history/2" in page
    seen = client.get(f"{post}/history/2").text
    assert "<del>Rungs</del>" in seen and "<ins>Rings</ins>" in seen


def test_a_version_is_brought_back_without_a_script(client: Client, post: str) -> None:
    answer = client.post(f"{post}/history/2/restoration", {"version": "3"})
    assert answer.status_code == 302 and answer.headers["Location"].endswith(post)
    assert ">Rungs</textarea>" in client.get(post).text


def test_bringing_back_over_a_newer_version_shows_the_comparison_again(client: Client, post: str) -> None:
    save(client, post, 3, "Newer", "third")
    answer = client.post(f"{post}/history/2/restoration", {"version": "3"})
    assert answer.headers["Location"].endswith(f"{post}/history/2")
    assert ">Newer</textarea>" in client.get(post).text


def test_unsaved_words_are_shown_beside_what_stands_and_escaped(client: Client, post: str) -> None:
    told = client.post(f"{post}/comparison.json", json=manuscript(title="<img src=x onerror=alert(1)>")).json
    assert told and told["version"] == 3 and "&lt;" in told["html"] and "<img" not in told["html"]


def test_both_are_kept(client: Client, post: str) -> None:
    told = client.post(f"{post}/aside.json", json=manuscript(title="Mine", version=1)).json
    assert told and "<del>Mine</del>" in client.get(told["url"]).text
    assert ">Rings</textarea>" in client.get(post).text


def test_pages_hear_of_each_other_and_a_page_without_scripts_says_who_is_there(
    studio: Studio, client: Client, post: str
) -> None:
    other = studio.as_a(RoleName.ADMINISTRATOR, "Grace")
    assert other.post(f"{post}/presence.json", json={"sitting": "hers"}).status_code == 200
    told = client.post(f"{post}/presence.json", json={"sitting": "mine"}).json
    assert told and [one["name"] for one in told["others"]] == ["Grace"]
    assert "Grace is here too" in " ".join(client.get(post).text.split())
    other.post(f"{post}/presence.json", json={"sitting": "hers", "leaving": True})
    told = client.post(f"{post}/presence.json", json={"sitting": "mine"}).json
    assert told and told["others"] == []


def test_a_page_without_scripts_writes_over_nobody_without_keeping_theirs(client: Client, post: str) -> None:
    fields = {"title": "Mine", "dek": "", "slug": "", "version": "2", "sitting": "form"}
    refused = client.post(f"{post}/manuscript", fields)
    assert refused.status_code == 409
    client.post(f"{post}/manuscript", fields | {"version": "3"})
    assert ">Mine</textarea>" in client.get(post).text
    assert "Rings" in client.get(f"{post}/history").text


@pytest.mark.parametrize("given", ['"x"', "[]", '{"sitting": 7}', '{"sitting": "<x>"}', "{}"])
def test_a_page_that_does_not_say_which_one_it_is_gets_a_sentence(
    client: Client, post: str, given: str
) -> None:
    answer = client.post(f"{post}/presence.json", json=json.loads(given))
    assert answer.status_code == 422 and answer.json and "page" in answer.json["error"]


def test_each_page_has_a_name_of_its_own(client: Client, post: str) -> None:
    assert island(client, post)["sitting"] != island(client, post)["sitting"]


def test_a_page_that_never_heard_the_answer_to_its_own_save_is_told_so(client: Client, post: str) -> None:
    for sitting, is_own in (("second", True), ("first", False)):
        refused = client.post(f"{post}/manuscript", json=manuscript(version=2, title="More", sitting=sitting))
        assert refused.status_code == 409 and refused.json and refused.json["is_own"] is is_own
