"""Several authors in their order, and guests who need no account."""

import re
from typing import Any

import pytest

from blog.accounts.roles import RoleName
from tests.blog.web.staff import Client, Studio
from tests.blog.web.studio.test_manuscripts import island, manuscript

GUEST = {
    "name": "Vera  Gast",
    "words": "Looks at rings.\n\nAnd moons.",
    "link": "https://www.vera.example/me",
}


@pytest.fixture
def client(studio: Studio) -> Client:
    return studio.as_a(RoleName.EDITOR)


@pytest.fixture
def post(client: Client) -> str:
    return client.post("/studio/posts", {"title": "Rings"}).headers["Location"]


def guest(client: Client, **words: str) -> int:
    answer = client.post("/studio/guests.json", json={**GUEST, **words})
    assert answer.status_code == 200 and answer.json
    return int(answer.json["id"])


def byline(client: Client, post: str) -> list[str]:
    """The ticked names, in the order of the page, which is the order that a save keeps."""
    boxes = re.findall(r'name="author_ids" value="\d+"( checked)?> <span>(.*?)</span>', client.get(post).text)
    return [name for ticked, name in boxes if ticked]


def test_a_guest_gets_a_page_with_words_and_a_link_and_no_account(
    studio: Studio, client: Client, post: str
) -> None:
    answer = client.post("/studio/guests.json", json=GUEST).json
    assert answer == {"id": 2, "name": "Vera Gast"}
    client.post(f"{post}/manuscript", json=manuscript(author_ids=[2, 1]))
    client.post(f"{post}/publication", {"version": "2", "what": "site", "when": "now"})
    page = studio.app.test_client().get("/authors/vera-gast").text
    assert (
        "Looks at rings." in page and 'href="https://www.vera.example/me"' in page and "vera.example" in page
    )


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"), ({"name": "vera gast"}, "name"), ({"name": "x" * 10_000}, "name"), ({"name": 5}, "name"),
        ({"name": "B", "link": "javascript:alert(1)"}, "links"), ({"name": "B", "link": "http://["}, "links"),
        ({"name": "B", "words": "x" * 20_000}, "biography"),
    ],
)  # fmt: skip
def test_what_makes_no_guest_is_refused_with_a_sentence(
    client: Client, given: dict[str, Any], field: str
) -> None:
    guest(client)
    answer = client.post("/studio/guests.json", json={**GUEST, **given})
    assert answer.status_code == 422 and answer.json and answer.json["fields"][field][0].endswith(".")


def test_without_scripts_a_guest_is_added_behind_the_others(client: Client, post: str) -> None:
    first = byline(client, post)
    client.post(f"{post}/guests", {**GUEST, "version": "1"})
    assert byline(client, post) == [*first, "Vera Gast"]
    answer = client.post(f"{post}/guests", {**GUEST, "version": "2", "link": "nowhere"})
    assert answer.status_code == 422 and "already" in answer.text and 'value="nowhere"' in answer.text
    assert island(client, post)["version"] == 2


def test_a_guest_whose_story_was_saved_meanwhile_is_kept_and_told_of(client: Client, post: str) -> None:
    client.post(f"{post}/manuscript", json=manuscript(dek="Hers"))
    told = client.post(f"{post}/guests", {**GUEST, "version": "1"}, follow_redirects=True).text
    assert "The guest has a page now." in told and "Vera Gast" in told
    assert "Vera Gast" not in byline(client, post)


def test_contributors_ask_an_editor_for_a_guest(studio: Studio) -> None:
    cleo = studio.as_a(RoleName.CONTRIBUTOR)
    own = cleo.post("/studio/posts", {"title": "Mine"}).headers["Location"]
    assert "Add a guest author" not in cleo.get(own).text
    assert cleo.post("/studio/guests.json", json=GUEST).status_code == 403


def test_without_scripts_a_name_moves_up_by_its_button(client: Client, post: str) -> None:
    other = guest(client)
    client.post(f"{post}/manuscript", json=manuscript(author_ids=[1, other]))
    form = {"version": "2", "title": "Rings", "author_ids": ["1", str(other)], "author_ids_up": str(other)}
    client.post(f"{post}/manuscript", form)
    assert byline(client, post)[0] == "Vera Gast"
    client.post(
        f"{post}/manuscript", {**form, "version": "3", "author_ids": [str(other), "1"], "author_ids_up": "99"}
    )
    assert byline(client, post)[0] == "Vera Gast", "nobody of that number is there to move"


def test_the_order_of_the_byline_is_the_same_everywhere(studio: Studio, client: Client, post: str) -> None:
    guest(client)
    client.post(f"{post}/manuscript", json=manuscript(author_ids=[2, 1], topic_ids=[]))
    own = byline(client, post)
    assert own[0] == "Vera Gast"
    client.post(f"{post}/publication", {"version": "2", "what": "site", "when": "now"})
    reader = studio.app.test_client()
    both = f"{own[0]}, {own[1]}"
    assert (
        both in reader.get("/news").text
        and both in reader.get("/").text
        and both in client.get("/studio/posts").text
    )
    page = reader.get(re.findall(r'href="(/\d{4}/\d\d/rings)"', reader.get("/news").text)[0]).text
    assert re.findall(r'<a rel="author" href="[^"]+">(.*?)</a>', page) == own
    assert re.findall(r'<meta name="author" content="(.*?)">', page) == own
    item = reader.get("/feed.json").json["items"][0]  # type: ignore[index]
    assert [one["name"] for one in item["authors"]] == own
    assert re.findall(r"<dc:creator>(.*?)</dc:creator>", reader.get("/feed.xml").text) == own
