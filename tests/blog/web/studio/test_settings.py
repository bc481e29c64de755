"""The owner names the publication, sets its hour and proves its sender, on one page that works without script."""

import io
import re
from pathlib import Path

import pytest
from sqlalchemy import text

import app as front_door
from blog.accounts.roles import RoleName
from blog.db import Database
from blog.images import library
from blog.publication.reading import current
from blog.settings import Settings, build
from tests.blog.images.drawing import png
from tests.blog.web.staff import Client, Studio, studio

__all__ = ["studio"]

PAGE = "/studio/settings"


@pytest.fixture
def owner(studio: Studio) -> Client:
    return studio.as_a(RoleName.ADMINISTRATOR, "Ada Quint")


def filled(client: Client, **words: str) -> dict[str, str]:
    """The form as the page has it, with some words changed."""
    page = client.get(PAGE).text.partition(f'action="{PAGE}"')[2].partition("</form>")[0]
    kept = dict(re.findall(r'<input[^>]*?name="(\w+)"[^>]*?value="([^"]*)"', page))
    return {**kept, "send_hour": "7", **words}


def test_a_new_name_stands_on_every_page_at_once(studio: Studio, owner: Client) -> None:
    studio.visitor().get("/")
    words = filled(
        owner, site_name="The Daily Sky", social_links="https://bsky.app/profile/sky\nhttps://sky.example"
    )
    answer = owner.post(PAGE, words, follow_redirects=True)
    assert "Saved. It counts from now on" in answer.text and 'value="The Daily Sky"' in answer.text
    page = studio.visitor().get("/").text
    assert "The Daily Sky" in page and "Perijove</span>" not in page
    assert '<a href="https://bsky.app/profile/sky" rel="me noopener">Bluesky</a>' in page
    assert "The Daily Sky" in studio.visitor().get("/feed.xml").text


def test_ones_own_privacy_words_take_the_place_of_the_usual(studio: Studio, owner: Client) -> None:
    usual = studio.visitor().get("/privacy").text
    owner.post(PAGE, filled(owner, privacy_text="We keep <nothing>.\n\nNot a thing."))
    own = studio.visitor().get("/privacy").text
    assert "no counters" in usual and "no counters" not in own
    assert "<p>We keep &lt;nothing&gt;.</p>" in own and "<p>Not a thing.</p>" in own


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    studio: Studio, owner: Client
) -> None:
    answer = owner.post(PAGE, filled(owner, timezone="Mars/Olympus", tagline="Kept as typed", send_hour="x"))
    assert answer.status_code == 422 and 'value="Kept as typed"' in answer.text
    answer = owner.post(PAGE, filled(owner, timezone="Mars/Olympus", tagline="Kept as typed"))
    assert answer.status_code == 422 and "is no IANA time zone" in answer.text
    assert (
        'value="Kept as typed"' in answer.text and current(studio.db, studio.house.settings).timezone == "UTC"
    )


def test_of_two_open_pages_the_later_save_is_told_and_may_then_be_made(studio: Studio, owner: Client) -> None:
    early = filled(owner, tagline="Mine")
    owner.post(PAGE, filled(owner, site_name="Theirs"))
    answer = owner.post(PAGE, early)
    assert answer.status_code == 422 and "Somebody else changed the settings" in answer.text
    assert 'value="Mine"' in answer.text
    (seen,) = re.findall(r'name="seen"[^>]*value="(\d+)"', answer.text)
    assert owner.post(PAGE, {**early, "site_name": "Theirs", "seen": seen}).status_code == 302
    now = current(studio.db, studio.house.settings)
    assert (now.site_name, now.tagline) == ("Theirs", "Mine")


def test_a_sender_is_used_once_its_code_came_back(studio: Studio, owner: Client) -> None:
    assert "not tested yet" in owner.get(PAGE).text
    page = owner.post(f"{PAGE}/sender", {"address": "digest@example.org"}, follow_redirects=True).text
    ((address, subject, words),) = studio.mails
    assert address == "digest@example.org" and "A code was sent to" in page
    (code,) = re.findall(r"^(\d{4} \d{4})$", words, re.M)
    assert code in subject
    wrong = owner.post(f"{PAGE}/sender/proof", {"code": "1"})
    assert wrong.status_code == 422 and "That is not the code" in wrong.text
    done = owner.post(f"{PAGE}/sender/proof", {"code": code}, follow_redirects=True).text
    assert (
        "Mail leaves from digest@example.org now." in done and "somebody here has read a mail at it" in done
    )
    assert current(studio.db, studio.house.settings).sender == "Perijove <digest@example.org>"


def test_a_renamed_sender_keeps_its_address(studio: Studio, owner: Client) -> None:
    owner.post(PAGE, filled(owner, sender_name="The Daily Sky"))
    assert current(studio.db, studio.house.settings).sender == "The Daily Sky <digest@localhost.localdomain>"


def test_a_ready_page_is_stale_from_the_commit_that_renames(
    db: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where another worker has it ready."""
    monkeypatch.setattr("blog.pagecache.generation.POLL", 1e-9)
    one, other = front_door.create_app(settings), front_door.create_app(settings)
    here = Studio(one, db, one.extensions["perijove"])
    reader = other.test_client()
    with db.reading() as s:
        before = s.scalar(text("SELECT max(number) FROM content_generation")) or 0
    assert "The Daily Sky" not in reader.get("/").text
    client = here.as_a(RoleName.ADMINISTRATOR)
    assert client.post(PAGE, filled(client, site_name="The Daily Sky")).status_code == 302
    with db.reading() as s:
        assert (s.scalar(text("SELECT max(number) FROM content_generation")) or 0) == before + 1
    assert "The Daily Sky" in reader.get("/").text
    for made in (one, other):
        made.extensions["perijove"].db.close()


def test_what_the_environment_holds_is_shown_shut_and_says_where_to_change_it(
    db: Database, settings: Settings, tmp_path: Path
) -> None:
    held = build(
        **{name: getattr(settings, name) for name in ("data", "database_url", "secret_key")}, send_hour=5
    )
    made = front_door.create_app(held)
    client = Studio(made, db, made.extensions["perijove"]).as_a(RoleName.ADMINISTRATOR)
    page = client.get(PAGE).text
    assert "Set by the environment (PERIJOVE_SEND_HOUR); change it there." in page
    assert re.search(r'<select[^>]*disabled[^>]*name="send_hour"', page)
    client.post(PAGE, filled(client, send_hour="9", tagline="Ours"))
    now = current(db, held)
    assert (now.send_hour, now.tagline) == (5, "Ours")
    made.extensions["perijove"].db.close()


def logo(side: int = 300) -> dict[str, object]:
    return {"file": (io.BytesIO(png(side, side)), "mark.png")}


def test_a_logo_comes_through_the_intake_and_stands_on_every_page_and_tab(
    studio: Studio, owner: Client
) -> None:
    answer = owner.post(f"{PAGE}/logo", logo(), follow_redirects=True)
    [picture] = library.search(studio.db, "", 1).items
    assert "The logo stands on every page." in answer.text
    page = studio.visitor().get("/").text
    assert f'<img class="mark" src="{picture.square}"' in page
    assert f'<link rel="icon" href="{picture.square}" type="image/jpeg">' in page
    assert (picture.alt, picture.credit) == ("Logo of Perijove", "Perijove")
    owner.post(PAGE, filled(owner, tagline="Another"))
    assert picture.square in studio.visitor().get("/").text, "the other settings leave it be"


def test_the_logo_cannot_be_deleted_before_it_is_taken_off(studio: Studio, owner: Client) -> None:
    owner.post(f"{PAGE}/logo", logo())
    [picture] = library.search(studio.db, "", 1).items
    assert owner.post(f"/studio/pictures/{picture.id}/removal").status_code == 409
    owner.post(f"{PAGE}/logo/removal")
    assert "<img" not in studio.visitor().get("/privacy").text
    assert owner.post(f"/studio/pictures/{picture.id}/removal").status_code == 302


@pytest.mark.parametrize(("sent", "told"), [((), "Choose a picture first."), (("file",), "picture")])
def test_what_is_no_picture_is_told_and_changes_nothing(
    studio: Studio, owner: Client, sent: tuple[str, ...], told: str
) -> None:
    answer = owner.post(f"{PAGE}/logo", {name: (io.BytesIO(b"no picture"), "x.png") for name in sent})
    assert answer.status_code == 422 and 'id="file-error"' in answer.text and told in answer.text
    assert current(studio.db, studio.house.settings).logo == ""
