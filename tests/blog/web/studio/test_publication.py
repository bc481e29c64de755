"""The publish dialog, with and without obstacles, and the way back."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from werkzeug.datastructures import MultiDict

from blog.accounts.roles import RoleName
from blog.posts import reading, undoing
from blog.web.studio.forms.posts import PublishForm
from tests.blog.web.staff import Client, Studio
from tests.blog.web.studio.test_manuscripts import manuscript


@pytest.fixture
def client(studio: Studio) -> Client:
    return studio.as_a(RoleName.AUTHOR, "Maren Solbakk")


@pytest.fixture
def post(client: Client) -> str:
    """The address of a story that is ready to be published."""
    post = client.post("/studio/posts").headers["Location"]
    client.post(f"{post}/manuscript", json=manuscript())
    return post


def test_publishing_now_makes_the_page_public_and_offers_view_copy_and_undo(
    studio: Studio, client: Client, post: str
) -> None:
    assert client.publish(post).headers["Location"] == f"{post}/publication"
    page = client.get(f"{post}/publication").text
    found = re.search(r'href="(/\d{4}/\d\d/rings)"', page)
    assert found and all(words in page for words in ("It&#39;s live.", "Copy link", "Undo"))
    assert studio.visitor().get(found[1]).status_code == 200
    # Shown on the last moment it still has all its time.
    button = re.search(r'data-undo="(\d+)"', page)
    assert button and timedelta(seconds=int(button[1])) == undoing.LONGEST - undoing.SHOWN


def test_undo_makes_it_a_draft_again_and_withdrawing_is_for_later(
    studio: Studio, client: Client, post: str
) -> None:
    client.publish(post)
    path = reading.latest(studio.db).items[0].path
    client.post(f"{post}/publication/removal")
    assert studio.visitor().get(path).status_code == 404
    assert "Draft" in client.get(f"{post}/publication").text
    client.publish(post)
    client.post(f"{post}/withdrawal")
    assert studio.visitor().get(path).status_code == 410
    assert "Withdrawn" in client.get(f"{post}/publication").text


def test_what_is_missing_is_named_and_links_to_its_place(client: Client) -> None:
    post = client.post("/studio/posts").headers["Location"]
    page = client.get(f"{post}/publication").text
    assert "Give the story a title." in page and f'href="{post}#title"' in page
    assert "disabled" in page
    refused = client.publish(post)
    assert refused.status_code == 422
    assert "Give the story a title." in refused.text


def test_an_editor_says_why_a_story_goes_out_over_a_check(studio: Studio) -> None:
    editor = studio.as_a(RoleName.EDITOR)
    post = editor.post("/studio/posts").headers["Location"]
    editor.post(f"{post}/manuscript", json=manuscript(title="TK rings"))
    page = editor.get(f"{post}/publication").text
    assert "Publish over the checks" in page and "TK” still stands in the title." in page
    assert "TK” still stands" in editor.get(f"{post}/checks").text
    assert editor.publish(post).status_code == 422
    assert editor.publish(post, reason="It is their name.").status_code == 302
    assert "It is their name." in editor.get(f"{post}/review").text


def test_a_story_can_be_set_for_a_time_in_the_publications_zone_and_be_taken_off_again(
    client: Client, post: str
) -> None:
    soon = (datetime.now(UTC) + timedelta(days=2)).replace(second=0, microsecond=0)
    client.publish(post, what="site", when="later", at=f"{soon:%Y-%m-%dT%H:%M}")
    page = client.get(f"{post}/publication").text
    assert f"at {soon:%H:%M} (UTC)." in page and f'value="{soon:%Y-%m-%dT%H:%M}"' in page
    client.post(f"{post}/schedule/removal")
    assert "Not scheduled any more." in client.get(f"{post}/publication").text


def test_the_choice_of_the_digest_is_kept(studio: Studio, client: Client, post: str) -> None:
    client.publish(post, what="site")
    client.post(f"{post}/withdrawal")
    assert re.search(r'checked[^>]* value="site"', client.get(f"{post}/publication").text)


@pytest.mark.parametrize("at", ["", "tomorrow", "2026-13-45T99:99"])
def test_a_set_time_needs_a_time(client: Client, post: str, at: str) -> None:
    answer = client.publish(post, when="later", at=at)
    assert answer.status_code == 422
    assert "Draft" in client.get(f"{post}/publication").text


def test_a_time_that_has_passed_is_refused(client: Client, post: str) -> None:
    answer = client.publish(post, when="later", at="2020-01-01T07:00")
    assert answer.status_code == 422
    assert "This time has passed." in answer.text


def test_a_contributor_sees_what_is_missing_and_cannot_publish(studio: Studio) -> None:
    client = studio.as_a(RoleName.CONTRIBUTOR)
    post = client.post("/studio/posts").headers["Location"]
    client.post(f"{post}/manuscript", json=manuscript())
    assert "an editor publishes it" in client.get(f"{post}/publication").text
    assert client.publish(post).status_code == 403


def test_changes_to_a_live_story_wait_until_they_are_published(
    studio: Studio, client: Client, post: str
) -> None:
    client.publish(post)
    client.post(f"{post}/manuscript", json=manuscript(version=2, title="Better rings"))
    path = reading.latest(studio.db).items[0].path
    assert "Better rings" not in studio.visitor().get(path).text
    assert "Publish the changes" in client.get(f"{post}/publication").text
    client.publish(post)
    assert "Better rings" in studio.visitor().get(path).text


def test_changes_and_the_withdrawal_of_a_live_story_are_set_for_a_time(client: Client, post: str) -> None:
    client.publish(post)
    client.post(f"{post}/manuscript", json=manuscript(version=2, title="Better rings"))
    soon = datetime.now(UTC) + timedelta(days=2)
    client.publish(post, when="later", at=f"{soon:%Y-%m-%dT%H:%M}")
    assert f"The newer words go live on {soon:%a} {soon.day}" in client.get(f"{post}/publication").text
    assert "Better rings" in client.get("/studio/calendar").text
    client.post(f"{post}/plan", {"at": f"{soon + timedelta(days=5):%Y-%m-%dT%H:%M}"})
    assert "It is taken back on" in client.get(f"{post}/publication").text
    client.post(f"{post}/plan/removal")
    assert "It is taken back on" not in client.get(f"{post}/publication").text
    for wrong in ("", "never", "2020-01-01T07:00"):
        assert client.post(f"{post}/plan", {"at": wrong}).status_code == 422


def test_a_draft_is_deleted_and_a_public_story_is_not(studio: Studio, client: Client, post: str) -> None:
    draft = client.post("/studio/posts").headers["Location"]
    assert client.post(f"{draft}/removal").headers["Location"] == "/studio/posts"
    assert client.get(draft).status_code == 404
    client.publish(post)
    assert client.post(f"{post}/removal").status_code == 409


def test_an_hour_that_a_clock_change_skips_or_repeats_is_a_moment_all_the_same() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    for typed, moment in (("2026-03-29T02:30", "2026-03-29T01:30"), ("2026-10-25T02:30", "2026-10-25T00:30")):
        form = PublishForm(MultiDict({"version": "1", "what": "digest", "when": "later", "at": typed}))
        assert form.validate()
        assert form.moment(berlin) == datetime.fromisoformat(moment).replace(tzinfo=UTC)


def test_words_that_were_saved_while_somebody_looked_are_read_before_they_are_published(
    studio: Studio, client: Client, post: str
) -> None:
    editor = studio.as_a(RoleName.EDITOR)
    editor.post(f"{post}/manuscript", json=manuscript(version=2, title="Libel"))
    soon = f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%dT%H:%M}"
    for what in ("digest", "site"):
        answer = client.publish(post, version="2", what=what, when="later", at=soon)
        assert answer.status_code == 409
        assert "Somebody saved a newer version while you were looking. Read it, then publish." in answer.text
        assert f'value="{soon}"' in answer.text and re.search(rf'checked[^>]* value="{what}"', answer.text)
        assert re.search(r'name="version"[^>]* value="3"', answer.text)
    assert reading.latest(studio.db).total == 0
    assert client.publish(post).status_code == 302
    assert reading.latest(studio.db).items[0].title == "Libel"


@pytest.mark.parametrize("version", ["", "x", "9" * 5000, "-1", "²", "1.5"])
def test_a_publication_that_names_no_version_is_not_done(
    studio: Studio, client: Client, post: str, version: str
) -> None:
    answer = client.publish(post, version=version)
    assert answer.status_code == 422
    assert "This page didn&#39;t say which version" in answer.text
    assert re.search(r'name="version"[^>]* value="2"', answer.text)
    assert client.post(f"{post}/publication", {"what": "digest", "when": "now"}).status_code == 422
    assert reading.latest(studio.db).total == 0


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
@pytest.mark.parametrize("at", ["9999-12-31T23:59", "0001-01-01T00:00", "2099-01-01T00:00"])
def test_a_time_beyond_all_plans_is_told_beside_its_field(
    studio: Studio, client: Client, post: str, zone: str, at: str
) -> None:
    studio.app.extensions["perijove"] = replace(
        studio.house, settings=studio.house.settings.model_copy(update={"timezone": zone})
    )
    answer = client.publish(post, when="later", at=at, what="site")
    assert answer.status_code == 422
    assert re.search(
        r'class="field__error">(Choose a time within the next five years|This time has passed)', answer.text
    )
    assert "Draft" in client.get(f"{post}/publication").text
