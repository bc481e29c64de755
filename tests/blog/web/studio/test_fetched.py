"""Pasted pictures and link cards: what the editor has us look up on the web."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from blog.accounts.roles import RoleName
from blog.fetching import Fetched, Rules, fetch
from blog.refusals import Unavailable
from blog.web import wiring
from tests.blog.images.drawing import HEBE, jpeg, png, with_xmp
from tests.blog.web.staff import Client, Studio

PAGE = b"""<!doctype html><html><head><meta charset="utf-8"><title>Not this</title>
<meta property="og:title" content="Mars &amp; its moons"><meta name="description" content="Two of them.">
<meta property="og:site_name" content="The Atlas"></head><body><h1>x</h1></body></html>"""


def web(url: str, rules: Rules) -> Fetched:
    """A small web: one picture, one page, one thing that is neither, and nothing else."""
    path = url.partition("//")[2].partition("/")[2].partition("?")[0]
    if path == "down":
        raise Unavailable("atlas.example does not answer as it should.")
    found = {"ring%20one.png": ("image/png", png(40, 20)), "mars": ("text/html; charset=utf-8", PAGE), "song": ("audio/mp3", b"x"),
        "puny": ("text/html; charset=punycode", b"<title>Plain-abc</title>")}  # fmt: skip
    kind, body = found.get(path, ("text/html", b""))
    return Fetched(url, 200 if path in found else 404, {"content-type": kind}, body)


@pytest.fixture
def client(studio: Studio) -> Client:
    wiring.install(studio.app, replace(studio.house, fetch=web))
    return studio.as_a(RoleName.AUTHOR)


@pytest.fixture
def ask(client: Client) -> Callable[[str, object], tuple[int, dict[str, object]]]:
    def asked(door: str, given: object) -> tuple[int, dict[str, object]]:
        answer = client.post(f"/studio/{door}", json=given)
        return answer.status_code, answer.json or {}

    return asked


Ask = Callable[[str, object], tuple[int, dict[str, object]]]


def test_a_pasted_picture_is_brought_here_once_and_says_where_it_came_from(ask: Ask) -> None:
    url = "https://atlas.example/ring%20one.png"
    status, made = ask("pictures/remote.json", {"url": url})
    assert (status, made["width"], made["filename"]) == (200, 40, "ring one.png")
    again = ask("pictures/remote.json", {"url": url})[1]
    assert (again["id"], again["duplicate"], again["source_url"]) == (
        made["id"],
        True,
        url,
    )


def test_a_picture_keeps_the_source_that_its_file_tells_and_a_key_in_an_address_is_nobody_else_s(
    ask: Ask, studio: Studio, tmp_path: Path
) -> None:
    source = "https://example.org/images/heic0000/"
    said = HEBE.replace(b"photoshop:Credit=", f'dc:source="{source}" photoshop:Credit='.encode())
    file = with_xmp(jpeg(tmp_path, 60, 40), said)

    def telling(url: str, rules: Rules) -> Fetched:
        return Fetched(url, 200, {"content-type": "image/jpeg"}, file) if "told" in url else web(url, rules)

    wiring.install(studio.app, replace(studio.house, fetch=telling))
    told = ask("pictures/remote.json", {"url": "https://atlas.example/told.jpg"})[1]
    assert told["source_url"] == source
    assert "source_url" in str(told["unconfirmed"])
    signed = "https://me:secret@atlas.example/ring%20one.png?X-Amz-Signature=secret#page"
    made = ask("pictures/remote.json", {"url": signed})[1]
    assert made["source_url"] == "https://atlas.example/ring%20one.png", "the page has it from the beginning"


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"url": "https://atlas.example/none.png"}, 503), ({"url": "https://atlas.example/down"}, 503),
        ({"url": "https://atlas.example/mars"}, 422), ({"url": "file:///etc/passwd"}, 422), ({"url": 5}, 422), ([], 422),
        ({"url": "https://a.example/" + "x" * 3000}, 422),
    ],
)  # fmt: skip
def test_what_cannot_be_brought_is_refused_with_a_sentence(ask: Ask, given: object, status: int) -> None:
    told = ask("pictures/remote.json", given)
    assert told[0] == status and str(told[1]["error"]).endswith((".", ")."))


def test_a_picture_inside_our_own_walls_is_never_asked_for(studio: Studio) -> None:
    assert studio.house.fetch is fetch
    client = studio.as_a(RoleName.AUTHOR)
    for inside in (
        "http://127.0.0.1:1/x.png",
        "http://[::1]/x.png",
        "http://169.254.169.254/latest",
        "http://10.0.0.1/a",
    ):
        answer = client.post("/studio/pictures/remote.json", json={"url": inside})
        assert answer.status_code == 422 and answer.json == {
            "error": "That address can't be fetched.",
            "fields": {},
        }


def test_a_link_card_has_the_words_of_its_page(ask: Ask) -> None:
    assert ask("cards.json", {"url": "https://atlas.example/mars"}) == (
        200,
        {"title": "Mars & its moons", "description": "Two of them.", "site": "The Atlas"},
    )


def test_a_page_that_names_an_encoding_of_no_browser_is_read_as_most_are(ask: Ask) -> None:
    assert ask("cards.json", {"url": "https://atlas.example/puny"})[1]["title"] == "Plain-abc"


@pytest.mark.parametrize("path", ["down", "none", "song"])
def test_a_page_that_says_nothing_makes_a_blank_card(ask: Ask, path: str) -> None:
    assert ask("cards.json", {"url": f"https://atlas.example/{path}"}) == (
        200,
        {"title": "", "description": "", "site": ""},
    )
