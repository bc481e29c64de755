"""The studio's smaller pages: Today, Stories, Authors, Topics, People and Settings, and how it refuses."""

import pytest
from sqlalchemy.exc import OperationalError

from blog.accounts.roles import RoleName
from blog.authors import profiles
from blog.posts import topics
from blog.settings import build
from blog.web.studio import settings as settings_page
from blog.web.studio.today import _greeting
from tests.blog.web.staff import Client, Studio


@pytest.fixture
def client(studio: Studio) -> Client:
    return studio.as_a(RoleName.ADMINISTRATOR, "Ada Kovač")


def test_today_greets_by_name(client: Client) -> None:
    assert ", Ada</h1>" in client.get("/studio").text


@pytest.mark.parametrize(
    ("hour", "words"),
    [(5, "Good morning"), (12, "Good afternoon"), (18, "Good evening"), (2, "Good evening")],
)
def test_the_greeting_goes_by_the_hour(hour: int, words: str) -> None:
    assert _greeting(hour) == words


def test_stories_are_listed_by_state_and_words(client: Client) -> None:
    for title in ("Rings", "Moons"):
        client.post("/studio/posts", {"title": title})
    assert "Moons" not in client.get("/studio/posts?q=ring").text
    assert "No story matches" in client.get("/studio/posts?state=published").text
    assert "Rings" in client.get("/studio/posts?state=no-such-state").text
    assert "Rings" in client.get("/studio/posts?page=1").text


def test_an_empty_list_of_stories_offers_to_write_the_first(client: Client) -> None:
    assert "Write the first one" in client.get("/studio/posts").text


def test_an_author_is_made_changed_and_deleted(studio: Studio, client: Client) -> None:
    form = {
        "name": "Maren Solbakk",
        "biography": "Writes on tides.",
        "place": "Bergen",
        "links": "Web site https://example.org/maren",
    }
    made = client.post("/studio/authors", form).headers["Location"]
    entry = profiles.get(studio.db, int(made.rsplit("/", 1)[1]))
    assert (entry.slug, entry.text.place, entry.text.links) == (
        "maren-solbakk",
        "Bergen",
        (("Web site", "https://example.org/maren"),),
    )
    client.post(made, form | {"slug": "maren"})
    page = client.get(made).text
    assert 'value="maren"' in page and "Web site https://example.org/maren" in page
    client.post(f"{made}/removal")
    assert profiles.list_all(studio.db) == ()


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"name": ""}, "Enter the name."),
        ({"links": "Site javascript:alert(1)"}, "is no web address"),
        ({"slug": "Not A Slug"}, "Use small letters"),
        ({"image_id": "99"}, "not in the library any more"),
        ({"account_id": "99"}, "Not a valid choice"),
    ],
)
def test_a_fault_in_an_authors_page_is_told_and_nothing_typed_is_lost(
    client: Client, fault: dict[str, str], sentence: str
) -> None:
    answer = client.post("/studio/authors", {"name": "Maren", "biography": "Kept words"} | fault)
    assert answer.status_code == 422
    assert sentence in answer.text and "Kept words" in answer.text


def test_a_topic_is_made_changed_in_its_place_and_deleted(studio: Studio, client: Client) -> None:
    client.post("/studio/topics", {"name": "Planets", "description": "Eight of them."})
    [planets] = topics.list_all(studio.db)
    same = client.post("/studio/topics", {"name": "planets"})
    assert (same.status_code, "There is a topic of that name already." in same.text) == (422, True)
    empty = client.post(f"/studio/topics/{planets.id}", {"name": "", "description": "Kept words"})
    assert (empty.status_code, "Enter the name." in empty.text, "Kept words" in empty.text) == (
        422,
        True,
        True,
    )
    client.post(f"/studio/topics/{planets.id}", {"name": "Worlds"})
    assert "Worlds" in client.get("/studio/topics").text
    client.post(f"/studio/topics/{planets.id}/removal")
    assert topics.list_all(studio.db) == ()


def test_people_are_given_roles_shut_out_and_let_in(studio: Studio, client: Client) -> None:
    author = studio.hire(RoleName.AUTHOR, "Maren Solbakk")
    hers = studio.signed_in(author)
    client.post(f"/studio/people/{author.id}/role", {"role": "editor"})
    assert hers.get("/studio").status_code == 302
    assert studio.signed_in(author).get("/studio/authors").status_code == 200
    client.post(f"/studio/people/{author.id}/shut-out")
    assert "Let in again" in client.get("/studio/people").text
    client.post(f"/studio/people/{author.id}/let-in")
    assert "Shut out…" in client.get("/studio/people").text


def test_an_invitation_is_mailed_where_an_address_is_given_and_handed_on_where_none_is(
    studio: Studio, client: Client
) -> None:
    page = client.post("/studio/people/invitations", {"role": "author", "email": "new@example.org"}).text
    ((address, subject, words),) = studio.mails
    assert (address, subject) == ("new@example.org", "Your invitation to Perijove")
    link = words.split("/studio/invitation/")[1].split()[0]
    assert link in page and "on its way to new@example.org" in page
    client.post("/studio/people/invitations", {"role": "author", "email": ""})
    wrong = client.post("/studio/people/invitations", {"role": "author", "email": "nobody"})
    assert wrong.status_code == 422 and "look like an email address" in wrong.text
    assert len(studio.mails) == 1


def test_nonsense_and_the_last_administrator_are_refused_in_plain_words(
    studio: Studio, client: Client
) -> None:
    assert client.post("/studio/people/1/role", {"role": "emperor"}).status_code == 422
    last = client.post("/studio/people/1/role", {"role": "editor"})
    assert (last.status_code, "last administrator" in last.text) == (409, True)
    assert client.post("/studio/people/1/shut-out").status_code == 409
    assert client.post("/studio/people/invitations", {"role": "emperor"}).status_code == 422


def test_settings_are_shown_without_their_secrets(client: Client) -> None:
    page = client.get("/studio/settings").text
    assert "PERIJOVE_WEB_WORKERS" in page and "a-key-for-tests-only" not in page
    rows = settings_page.rows(
        build(smtp_url="smtp://user:hush@mail.example.org:587", database_url="postgresql://p:hush@db/x")
    )
    shown = {row.variable: row for row in rows}
    assert shown["PERIJOVE_SMTP_URL"].value == "smtp://user:…@mail.example.org:587"
    assert shown["PERIJOVE_SMTP_URL"].changed and not shown["PERIJOVE_PORT"].changed
    assert not any("hush" in row.value for row in rows)


def test_the_rail_shows_only_rooms_that_the_person_may_enter(studio: Studio, client: Client) -> None:
    assert 'href="/studio/people"' in client.get("/studio").text
    page = studio.as_a(RoleName.AUTHOR).get("/studio").text
    assert 'href="/studio/posts"' in page
    assert 'href="/studio/people"' not in page and 'href="/studio/topics"' not in page


def test_what_is_not_there_is_refused_in_the_studios_look_or_as_json(client: Client) -> None:
    page = client.get("/studio/nowhere")
    assert (page.status_code, "Back to Today" in page.text) == (404, True)
    told = client.get("/studio/nowhere.json")
    assert told.json == {"error": "We can't find that page."}
    wrong_way = client.post("/studio", {})
    assert (wrong_way.status_code, wrong_way.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


def test_an_unknown_public_page_is_refused_in_the_sites_look(client: Client) -> None:
    answer = client.get("/nowhere")
    assert (answer.status_code, "Back to Today" in answer.text) == (404, False)


def test_a_locked_database_and_a_full_disk_are_told_without_an_error_of_ours(
    studio: Studio, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object) -> None:
        raise OperationalError("BEGIN IMMEDIATE", None, Exception("database is locked"))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    for broken, sentence in ((locked, "very busy just now"), (full, "disk is full")):
        monkeypatch.setattr("blog.posts.writing.start", broken)
        answer = client.post("/studio/posts")
        assert (answer.status_code, sentence in answer.text) == (503, True)


def test_our_own_faults_show_a_mark_and_no_detail(
    studio: Studio, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("blog.posts.writing.start", broken)
    studio.app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = client.post("/studio/posts")
    assert answer.status_code == 500
    assert "Something broke on our side." in answer.text and "secret detail" not in answer.text


def test_a_form_from_another_site_does_nothing(studio: Studio, client: Client) -> None:
    answer = client.flask.post("/studio/posts", data={"title": "Forged", "csrf_token": "made-up"})
    assert answer.status_code == 400
    assert "open for too long" in answer.text
    assert "Write the first one" in client.get("/studio/posts").text
