"""A story's sources in the studio: with scripts and without."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from blog.accounts.roles import RoleName
from blog.fetching import Fetched, Rules
from blog.refusals import Unavailable
from blog.web import wiring
from tests.blog.web.staff import Client, Studio
from tests.blog.web.studio.test_manuscripts import island, manuscript

PAPER: dict[str, Any] = {
    "id": 1, "kind": "paper", "title": "Rings of <ice>", "authors": "E. Fictive", "publication": "Journal of Rings", "year": 2026,
    "doi": "10.1234/rings.5", "url": "", "reviewed": "peer-reviewed",
}  # fmt: skip
FORM = {
    "kind": "preprint", "title": "Young rings", "authors": "", "publication": "", "year": "2025", "doi": "", "url": "https://a.example/1",
    "reviewed": "not peer-reviewed yet", "id": "0",
}  # fmt: skip


@pytest.fixture
def client(studio: Studio) -> Client:
    def registry(url: str, rules: Rules) -> Fetched:
        if "rings" not in url:
            raise Unavailable("Down.")
        return Fetched(
            url, 200, {}, json.dumps({"type": "journal-article", "title": "Rings of ice"}).encode()
        )

    wiring.install(studio.app, replace(studio.house, fetch=registry))
    return studio.as_a(RoleName.EDITOR)


@pytest.fixture
def post(client: Client) -> str:
    return client.post("/studio/posts", {"title": "Rings"}).headers["Location"]


def names(client: Client, post: str) -> list[str]:
    return [source["title"] for source in island(client, post)["sources"]]


def test_the_editor_saves_sources_and_reads_them_back(client: Client, post: str) -> None:
    assert client.post(f"{post}/manuscript", json=manuscript(sources=[PAPER])).status_code == 200
    assert island(client, post)["sources"] == [PAPER]
    held = re.search(r'name="sources" value="([^"]*)"', client.get(post).text)
    assert held and "Rings of \\u003cice\\u003e" in held[1], "the form holds the same, for scripts"


def test_sources_reach_the_page_the_feed_and_machines(studio: Studio, client: Client, post: str) -> None:
    client.post(f"{post}/manuscript", json=manuscript(sources=[PAPER]))
    client.post(f"{post}/publication", {"version": "2", "what": "site", "when": "now"})
    reader = studio.app.test_client()
    path = re.findall(r'href="(/\d{4}/\d\d/rings)"', reader.get("/news").text)[0]
    page = reader.get(path).text
    assert '<a href="https://doi.org/10.1234/rings.5" rel="noopener">Rings of &lt;ice&gt;</a>' in page
    (data,) = [
        d
        for d in map(json.loads, re.findall(r'ld\+json">(.*?)</script>', page))
        if d["@type"] == "NewsArticle"
    ]
    assert data["citation"] == [
        {
            "@type": "ScholarlyArticle", "name": "Rings of <ice>", "author": [{"@type": "Person", "name": "E. Fictive"}],
            "isPartOf": {"@type": "CreativeWork", "name": "Journal of Rings"}, "datePublished": "2026",
            "url": "https://doi.org/10.1234/rings.5", "creativeWorkStatus": "Peer-reviewed",
            "identifier": {"@type": "PropertyValue", "propertyID": "DOI", "value": "10.1234/rings.5"},
        }
    ]  # fmt: skip
    item = reader.get("/feed.json").json["items"][0]  # type: ignore[index]
    assert 'class="sources"' in item["content_html"] and "10.1234/rings.5" in item["content_html"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"sources": None}, {"sources": [5]}, {"sources": [{}]}, {"sources": [PAPER | {"kind": "rumour"}]}, {"sources": [PAPER] * 500},
        {"sources": [PAPER | {"year": "2026"}]}, {"sources": [PAPER | {"url": "javascript:alert(1)"}]}, {"sources": [PAPER | {"id": -1}]},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_list_of_sources_is_refused_and_changes_nothing(
    client: Client, post: str, wrong: dict[str, Any]
) -> None:
    answer = client.post(f"{post}/manuscript", json=manuscript(**wrong))
    assert answer.status_code == 422 and answer.json and answer.json["fields"]["sources"]
    assert island(client, post)["version"] == 1


def test_scripts_are_told_what_a_doi_is(client: Client) -> None:
    told = client.post("/studio/sources.json", json={"pasted": "10.1234/rings.5"}).json
    assert (
        told
        and told["source"]["title"] == "Rings of ice"
        and told["said"].startswith("This is what we found")
    )
    told = client.post("/studio/sources.json", json={"pasted": "10.1234/other"}).json
    assert told and told["source"]["doi"] == "10.1234/other" and "by hand" in told["said"]
    for wrong in ({"pasted": "rumour"}, {"pasted": 5}, []):
        answer = client.post("/studio/sources.json", json=wrong)
        assert answer.status_code == 422 and answer.json and answer.json["error"].startswith("Paste a DOI")


def test_without_scripts_a_pasted_doi_fills_the_form_and_changes_nothing(client: Client, post: str) -> None:
    page = client.post(f"{post}/sources/found", {"pasted": "10.1234/rings.5"}).text
    assert (
        'value="Rings of ice"' in page
        and 'value="10.1234/rings.5"' in page
        and "This is what we found" in page
    )
    page = client.post(f"{post}/sources/found", {"pasted": "https://a.example/down"}).text
    assert 'value="https://a.example/down"' in page and "fill in the rest by hand" in page
    answer = client.post(f"{post}/sources/found", {"pasted": "javascript:alert(1)"})
    assert answer.status_code == 422 and "Paste a DOI" in answer.text
    assert island(client, post)["version"] == 1


def test_without_scripts_sources_are_added_changed_moved_and_taken_out(client: Client, post: str) -> None:
    page = f"{post}/sources"
    client.post(page, {**FORM, "version": "1"})
    client.post(page, {**FORM, "title": "Old rings", "version": "2"})
    assert names(client, post) == ["Young rings", "Old rings"]
    client.post(f"{page}/2/place", {"to": "up", "version": "3"})
    assert names(client, post) == ["Old rings", "Young rings"]
    client.post(page, {**FORM, "id": "1", "title": "Younger rings", "version": "4"})
    assert names(client, post) == ["Old rings", "Younger rings"]
    client.post(f"{page}/2/removal", {"version": "5"})
    assert names(client, post) == ["Younger rings"]
    assert "Preprint: Younger rings" in client.get(page).text


def test_without_scripts_nothing_is_written_over_unseen_and_nothing_typed_is_lost(
    client: Client, post: str
) -> None:
    client.post(f"{post}/manuscript", json=manuscript(dek="Hers"))
    answer = client.post(f"{post}/sources", {**FORM, "version": "1"})
    assert (
        answer.status_code == 409 and 'value="Young rings"' in answer.text and "newer version" in answer.text
    )
    answer = client.post(f"{post}/sources", {**FORM, "version": "2", "url": "javascript:x"})
    assert (
        answer.status_code == 422
        and "no address on the web" in answer.text
        and 'value="javascript:x"' in answer.text
    )
    answer = client.post(f"{post}/sources", {**FORM, "version": "2", "year": "soon", "title": "x" * 10_000})
    assert answer.status_code == 422 and "Not a valid integer value." in answer.text
    assert client.post(f"{post}/sources/1/removal", {"version": "2"}).status_code == 404
    assert names(client, post) == []
