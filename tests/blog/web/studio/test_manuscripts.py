"""What the editor's page starts from and what it saves; the same fields without scripts."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from blog.accounts.roles import RoleName
from blog.posts import writing
from tests.blog.web.staff import Client, Studio

BODY: dict[str, Any] = {
    "type": "doc",
    "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Ice has depth."}]}],
}


@pytest.fixture
def client(studio: Studio) -> Client:
    return studio.as_a(RoleName.EDITOR)


@pytest.fixture
def post(client: Client) -> str:
    """The address of a story that was just started."""
    return client.post("/studio/posts", {"title": "Rings"}).headers["Location"]


def manuscript(**changed: Any) -> dict[str, Any]:
    return {
        "version": 1, "title": "Rings", "dek": "", "slug": "", "body": BODY, "lead_image": None, "author_ids": [1], "topic_ids": [],
        "in_digest": True, "search_title": "", "search_description": "", "social_title": "", "social_description": "", "canonical_url": "", "sources": [], **changed,
    }  # fmt: skip


def island(client: Client, post: str) -> dict[str, Any]:
    found = re.search(r'id="manuscript-data">(.*?)</script>', client.get(post).text, re.DOTALL)
    assert found
    read: dict[str, Any] = json.loads(found[1])
    return read


def test_the_page_holds_all_that_the_editor_needs(studio: Studio, client: Client, post: str) -> None:
    image = studio.picture(alt="Saturn", credit="NASA", licence="Public domain")
    client.post(f"{post}/manuscript", json=manuscript(lead_image=image))
    data = island(client, post)
    assert (data["post"], data["version"], data["lead_image"], data["readonly"]) == (1, 2, image, False)
    assert data["pictures"][str(image)]["credit"] == "NASA"
    assert data["urls"] == {
        "save": "/studio/posts/1/manuscript", "pictures": "/studio/pictures.json", "upload": "/studio/pictures",
        "describe": "/studio/pictures/0.json", "stories": "/studio/posts.json", "card": "/studio/cards.json",
        "remote": "/studio/pictures/remote.json", "preview": "/studio/posts/1/preview",
        "presence": "/studio/posts/1/presence.json", "comparison": "/studio/posts/1/comparison.json",
        "aside": "/studio/posts/1/aside.json", "history": "/studio/posts/1/history",
        "sources": "/studio/posts/1/sources", "source": "/studio/sources.json",
        "guest": "/studio/posts/1/guests", "guests": "/studio/guests.json",
    }  # fmt: skip


def test_the_pages_own_token_saves(client: Client, post: str) -> None:
    token = island(client, post)["csrf"]
    answer = client.flask.post(f"{post}/manuscript", json=manuscript(), headers={"X-CSRFToken": token})
    assert answer.status_code == 200


def test_saving_tells_version_time_words_and_minutes(client: Client, post: str) -> None:
    before = datetime.now(UTC)
    saved = client.post(f"{post}/manuscript", json=manuscript()).json
    assert saved and (saved["version"], saved["words"], saved["minutes"]) == (2, 3, 1)
    assert datetime.fromisoformat(saved["saved_at"]) >= before


def test_saving_over_somebody_elses_newer_version_is_a_conflict_that_names_them(
    studio: Studio, client: Client, post: str
) -> None:
    studio.as_a(RoleName.ADMINISTRATOR, "Ada Kovač").post(f"{post}/manuscript", json=manuscript(dek="Hers"))
    answer = client.post(f"{post}/manuscript", json=manuscript(dek="Mine"))
    told = answer.json
    assert answer.status_code == 409
    assert told and (told["version"], told["saved_by"]) == (2, "Ada Kovač")
    assert told["saved_at"] and told["error"]
    assert client.post(f"{post}/manuscript", json=manuscript(dek="Mine", version=2)).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": 7}, {"title": "x" * 201}, {"body": "<p>"}, {"body": None}, {"version": "1"}, {"version": True}, {"lead_image": 99},
        {"lead_image": "1"}, {"author_ids": "1"}, {"author_ids": [2**70]}, {"author_ids": [None]}, {"in_digest": "yes"},
        {"body": {"type": "doc", "content": [{"type": "table"}]}}, {"body": {"type": "doc", "content": [{"type": "figure", "attrs": {"image": 0}}]}},
    ],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_with_a_sentence_and_changes_nothing(
    client: Client, post: str, wrong: dict[str, Any]
) -> None:
    answer = client.post(f"{post}/manuscript", json=manuscript(**wrong))
    assert answer.status_code == 422
    assert answer.json and answer.json["error"].endswith(".")
    assert island(client, post)["version"] == 1


@pytest.mark.parametrize("sent", [b"", b"{", b"[]", b"null", b'"text"'])
def test_what_is_no_manuscript_at_all_is_the_senders_fault(client: Client, post: str, sent: bytes) -> None:
    answer = client.post(f"{post}/manuscript", sent, content_type="application/json")
    assert answer.status_code in (400, 422)
    assert answer.json and answer.json["error"]


def test_too_large_a_manuscript_is_told_so(client: Client, post: str) -> None:
    answer = client.post(f"{post}/manuscript", json=manuscript(search_description="x" * 320_000))
    assert answer.status_code == 413
    assert answer.json and answer.json["error"]


def test_a_session_that_ended_is_told_as_json(studio: Studio, post: str) -> None:
    answer = studio.visitor().post(f"{post}/manuscript", json=manuscript())
    assert answer.status_code == 401
    assert answer.json and answer.json["error"].startswith("Your session ended.")


def test_without_scripts_the_form_saves_everything_but_the_body(
    studio: Studio, client: Client, post: str
) -> None:
    client.post(f"{post}/manuscript", json=manuscript())
    answer = client.post(
        f"{post}/manuscript", {"version": "2", "title": "Rings of ice", "dek": "Thin", "author_ids": ["1"]}
    )
    assert answer.headers["Location"] == post
    page = client.get(post).text
    assert "Rings of ice" in page and "Saved." in page
    data = island(client, post)
    assert (data["version"], data["body"]["content"][0]["content"][0]["text"]) == (3, "Ice has depth.")


def test_a_form_with_a_fault_comes_back_with_what_was_typed(client: Client, post: str) -> None:
    answer = client.post(
        f"{post}/manuscript", {"version": "1", "title": "y" * 201, "dek": "Kept words", "author_ids": ["1"]}
    )
    assert answer.status_code == 422
    assert "Kept words" in answer.text and "y" * 201 in answer.text


def test_words_of_a_story_never_become_markup_of_the_studio(client: Client, post: str) -> None:
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    client.post(f"{post}/manuscript", json=manuscript(title=evil, dek=evil))
    for path in (post, f"{post}/publication", f"{post}/preview", "/studio", "/studio/posts"):
        page = client.get(path).text
        assert "<script>alert" not in page and "<img src=x" not in page, path


def test_the_preview_shows_the_newest_words_and_is_not_for_search_engines(client: Client, post: str) -> None:
    client.post(f"{post}/manuscript", json=manuscript(dek="Not yet public"))
    answer = client.get(f"{post}/preview")
    assert "Not yet public" in answer.text and "Preview. Readers do not see this yet." in answer.text
    assert "noindex" in answer.headers["X-Robots-Tag"]


def test_a_contributor_reads_an_own_story_that_is_out_of_hand_without_changing_it(studio: Studio) -> None:
    who = studio.hire(RoleName.CONTRIBUTOR)
    client, editor = studio.signed_in(who), studio.as_a(RoleName.EDITOR)
    post = client.post("/studio/posts", {"title": "Rings"}).headers["Location"]
    client.post(f"{post}/manuscript", json=manuscript())
    editor.publish(post)
    assert island(client, post)["readonly"] is True
    assert client.post(f"{post}/manuscript", json=manuscript(version=2)).status_code == 403


def test_the_list_of_stories_that_can_be_linked_holds_published_ones_only(client: Client, post: str) -> None:
    client.post(f"{post}/manuscript", json=manuscript())
    listed = client.get("/studio/posts.json").json
    assert listed == {"stories": []}
    client.publish(post)
    for address in ("/studio/posts.json", "/studio/posts.json?q=ring"):
        found = client.get(address).json
        assert found and [story["title"] for story in found["stories"]] == ["Rings"]


def test_discarded_changes_bring_back_the_public_words(studio: Studio, client: Client, post: str) -> None:
    client.post(f"{post}/manuscript", json=manuscript())
    client.publish(post)
    client.post(f"{post}/manuscript", json=manuscript(version=2, title="Worse"))
    client.post(f"{post}/changes/removal")
    editor = studio.hire(RoleName.EDITOR, "Another Editor")
    assert writing.get(studio.db, 1, editor).draft.title == "Rings"


@pytest.mark.parametrize("sent", ["[" * 100_000, '{"version": 1, "body": ' + '{"a":' * 50_000])
def test_json_nested_without_end_is_the_senders_fault(studio: Studio, sent: str) -> None:
    client = studio.as_a(RoleName.AUTHOR)
    post = client.post("/studio/posts").headers["Location"]
    assert client.post(f"{post}/manuscript", sent, content_type="application/json").status_code == 400


TYPED = {"title": "Typed words", "dek": "Kept", "author_ids": ["1"]}


@pytest.mark.parametrize("version", [None, "", "x", "9" * 5000, "-1", "²"], ids=lambda v: str(v)[:5])
def test_a_form_that_names_no_version_overwrites_nothing(
    client: Client, post: str, version: str | None
) -> None:
    answer = client.post(f"{post}/manuscript", TYPED | ({} if version is None else {"version": version}))
    assert answer.status_code == 422
    assert "This page didn&#39;t say which version" in answer.text and "Typed words" in answer.text
    assert island(client, post)["version"] == 1


def test_a_form_behind_somebody_elses_save_comes_back_with_what_was_typed(
    studio: Studio, client: Client, post: str
) -> None:
    studio.as_a(RoleName.ADMINISTRATOR).post(f"{post}/manuscript", json=manuscript(dek="Theirs"))
    answer = client.post(f"{post}/manuscript", TYPED | {"version": "1"})
    assert answer.status_code == 409
    assert "Typed words" in answer.text and "Somebody saved a newer version" in answer.text
    assert island(client, post)["version"] == 2
    shown = re.search(r'name="version" value="(\d+)"', answer.text)
    assert shown and client.post(f"{post}/manuscript", TYPED | {"version": shown[1]}).status_code == 302
    assert island(client, post)["version"] == 3


def test_a_form_with_a_fault_keeps_the_version_that_it_began_with(
    studio: Studio, client: Client, post: str
) -> None:
    studio.as_a(RoleName.ADMINISTRATOR).post(f"{post}/manuscript", json=manuscript(dek="Theirs"))
    answer = client.post(f"{post}/manuscript", TYPED | {"version": "1", "title": "y" * 201})
    assert answer.status_code == 422 and 'name="version" value="1"' in answer.text


@pytest.mark.parametrize("name", sorted(manuscript()))
def test_a_field_that_is_not_sent_is_missed_and_not_blanked(client: Client, post: str, name: str) -> None:
    sent = manuscript()
    del sent[name]
    answer = client.post(f"{post}/manuscript", json=sent)
    assert answer.status_code == 422
    assert answer.json and list(answer.json["fields"]) == [name] and name in answer.json["error"]
    assert island(client, post)["version"] == 1


def test_a_preview_tells_machines_nothing(client: Client, post: str) -> None:
    client.post(f"{post}/manuscript", json=manuscript())
    client.publish(post)
    page = client.get(f"{post}/preview").text
    assert '<meta name="robots" content="noindex">' in page
    for told in ("ld+json", 'rel="canonical"', "og:url"):
        assert told not in page


def test_a_form_of_a_session_that_ended_is_told_so_and_a_script_gets_its_own_answer(
    studio: Studio, client: Client, post: str
) -> None:
    stale = client.token()
    visitor, headers = studio.visitor().flask, {"X-CSRFToken": stale}
    for path in (f"{post}/manuscript", f"{post}/publication", "/studio/pictures"):
        answer = visitor.post(path, data={"csrf_token": stale}, headers=headers)
        assert answer.status_code == 401
        assert "Your session ended. Sign in again;" in answer.text and 'href="/studio"' in answer.text
    told = visitor.post(f"{post}/manuscript", json=manuscript(), headers=headers)
    assert told.status_code == 400 and told.json and told.json["error"]
    assert client.flask.post(f"{post}/manuscript", data=TYPED).status_code == 400
    assert visitor.post("/studio/login", data={}).status_code == 400


def test_the_page_keeps_the_order_of_authors(studio: Studio, client: Client, post: str) -> None:
    for name in ("Abel", "Zoe"):
        client.post("/studio/authors", {"name": name})
    client.post(f"{post}/manuscript", json=manuscript(author_ids=[3, 1]))
    boxes = re.findall(r'name="author_ids" value="(\d)"( checked)?', client.get(post).text)
    assert boxes == [("3", " checked"), ("1", " checked"), ("2", "")]
