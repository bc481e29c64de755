"""Coming in and going out: sessions, the throttle, forgotten passwords, and what never leaves the studio."""

import re

import pytest

from blog.accounts import staffing
from blog.accounts.datastore import Colleague
from blog.accounts.roles import RoleName
from tests.blog.web.staff import PASSWORD, Client, Studio

WRONG = "That address and password don't go together."


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str) -> tuple[int, str, str]:
    answer = client.post("/studio/login", {"email": email, "password": password, **more})
    return answer.status_code, answer.headers.get("Location", ""), answer.text


def test_the_right_password_opens_the_studio_and_signing_out_closes_it(studio: Studio) -> None:
    studio.hire(RoleName.AUTHOR)
    client = studio.visitor()
    assert sign_in(client, "Author@example.org")[:2] == (302, "/studio")
    assert client.get("/studio").status_code == 200
    client.post("/studio/logout")
    assert client.get("/studio").headers["Location"] == "/studio/login?next=/studio"


def test_a_wrong_password_and_an_unknown_address_are_told_the_same(studio: Studio) -> None:
    studio.hire(RoleName.AUTHOR)
    for email in ("author@example.org", "nobody@example.org"):
        status, _, text = sign_in(studio.visitor(), email, "not the password")
        assert status == 200
        assert text.count("go together. Check both") == 1


def test_somebody_shut_out_cannot_sign_in_and_open_sessions_end(studio: Studio) -> None:
    author, boss = studio.hire(RoleName.AUTHOR), studio.hire(RoleName.ADMINISTRATOR)
    client = studio.signed_in(author)
    assert client.get("/studio").status_code == 200
    staffing.disable(studio.db, author.id, boss)
    assert client.get("/studio").status_code == 302
    assert sign_in(studio.visitor(), "author@example.org")[0] == 200


def test_the_session_is_another_one_after_sign_in(studio: Studio) -> None:
    studio.hire(RoleName.AUTHOR)
    client = studio.visitor()
    planted = client.token()
    sign_in(client, "author@example.org")
    with client.flask.session_transaction("/studio") as session:
        assert session["sid"]
        assert "csrf_token" not in session
    assert client.flask.post("/studio/posts", headers={"X-CSRFToken": planted}).status_code == 400


def test_a_changed_password_ends_the_other_sessions_and_keeps_this_one(studio: Studio) -> None:
    author = studio.hire(RoleName.AUTHOR)
    here, elsewhere = studio.signed_in(author), studio.signed_in(author)
    new = {
        "password": PASSWORD,
        "new_password": "orion rises late",
        "new_password_confirm": "orion rises late",
    }
    assert here.post("/studio/change", new).headers["Location"] == "/studio"
    assert here.get("/studio").status_code == 200
    assert elsewhere.get("/studio").status_code == 302
    assert sign_in(studio.visitor(), "author@example.org", "orion rises late")[0] == 302


def test_a_new_password_has_to_be_a_good_one(studio: Studio) -> None:
    client = studio.as_a(RoleName.AUTHOR)
    weak = {"password": PASSWORD, "new_password": "password123", "new_password_confirm": "password123"}
    assert "first that anybody would try" in client.post("/studio/change", weak).text


def test_the_eleventh_try_for_one_address_has_to_wait(studio: Studio) -> None:
    studio.hire(RoleName.AUTHOR)
    client = studio.visitor()
    for _ in range(10):
        sign_in(client, "author@example.org", "guess after guess")
    assert (
        "That was a lot of tries. Wait 10 minutes and try again." in sign_in(client, "author@example.org")[2]
    )
    studio.hire(RoleName.EDITOR)
    assert sign_in(client, "editor@example.org")[0] == 302


def test_a_network_that_tries_many_addresses_has_to_wait(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("blog.web.signin.FROM_ONE_NETWORK", 3)
    client = studio.visitor()
    for number in range(3):
        sign_in(client, f"somebody{number}@example.org")
    assert "a lot of tries" in sign_in(client, "another@example.org")[2]


@pytest.mark.parametrize(
    "away",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/news",
        "javascript:alert(1)",
        "/studioevil",
    ],
)
def test_a_sign_in_never_leads_out_of_the_studio(studio: Studio, away: str) -> None:
    studio.hire(RoleName.AUTHOR)
    assert sign_in(studio.visitor(), "author@example.org", next=away)[1] == "/studio"


def test_a_sign_in_leads_back_to_where_one_came_from(studio: Studio) -> None:
    studio.hire(RoleName.AUTHOR)
    assert (
        sign_in(studio.visitor(), "author@example.org", next="/studio/pictures?page=2")[1]
        == "/studio/pictures?page=2"
    )


def test_a_forgotten_password_is_replaced_through_a_mailed_link_that_works_once(studio: Studio) -> None:
    author = studio.hire(RoleName.AUTHOR)
    open_session = studio.signed_in(author)
    client = studio.visitor()
    answer = client.post(
        "/studio/reset", {"email": "author@example.org"}, headers={"X-Forwarded-Host": "evil.example"}
    )
    assert "Check your mail" in answer.text
    [(address, subject, text)] = studio.mails
    assert (address, subject) == ("author@example.org", "A new password for the studio")
    link = re.search(r"http://localhost:8000(/studio/reset/\S+)", text)
    assert link and "evil" not in text
    new = {"password": "orion rises late", "password_confirm": "orion rises late"}
    assert client.post(link[1], new).status_code == 302
    assert open_session.get("/studio").status_code == 302
    assert sign_in(studio.visitor(), "author@example.org", "orion rises late")[0] == 302
    assert studio.visitor().get(link[1]).headers["Location"] == "/studio/reset"
    assert len(studio.mails) == 2


def test_nobody_learns_from_a_forgotten_password_who_works_here(studio: Studio) -> None:
    answer = studio.visitor().post("/studio/reset", {"email": "nobody@example.org"})
    assert "Check your mail" in answer.text
    assert studio.mails == []


def test_one_address_gets_at_most_three_mails_an_hour(studio: Studio) -> None:
    studio.hire(RoleName.AUTHOR)
    client = studio.visitor()
    for _ in range(5):
        client.post("/studio/reset", {"email": "author@example.org"})
    assert len(studio.mails) == 3


def test_the_cookie_of_a_session_belongs_to_the_studio_alone(studio: Studio) -> None:
    studio.hire(RoleName.AUTHOR)
    client = studio.visitor()
    answer = client.post("/studio/login", {"email": "author@example.org", "password": PASSWORD})
    [cookie] = answer.headers.getlist("Set-Cookie")
    assert all(part in cookie for part in ("Path=/studio", "HttpOnly", "SameSite=Lax"))


def test_a_public_page_neither_sets_nor_reads_a_cookie_even_for_staff(studio: Studio) -> None:
    client = studio.as_a(RoleName.ADMINISTRATOR)
    answer = client.get("/", headers={"Cookie": "studio=whatever"})
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_nothing_in_the_studio_is_kept_or_indexed(studio: Studio) -> None:
    answer = studio.as_a(RoleName.EDITOR).get("/studio/posts")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]


def test_a_token_in_the_address_is_no_way_in(studio: Studio) -> None:
    author = studio.hire(RoleName.AUTHOR)
    with studio.app.test_request_context("/studio"), studio.db.reading() as s:
        token = s.get_one(Colleague, author.id).get_auth_token()
    assert studio.visitor().get(f"/studio?auth_token={token}").status_code == 302
    assert studio.visitor().get("/studio", headers={"Authentication-Token": token}).status_code == 302


def test_an_invitation_makes_an_account_that_can_sign_in(studio: Studio) -> None:
    boss = studio.as_a(RoleName.ADMINISTRATOR)
    made = boss.post("/studio/people/invitations", {"role": "author", "email": "rafael@example.org"})
    link = re.search(r"http://localhost:8000(/studio/invitation/[\w-]+)", made.text)
    assert link
    visitor = studio.visitor()
    assert 'value="rafael@example.org"' in visitor.get(link[1]).text
    weak = visitor.post(link[1], {"name": "Rafael", "email": "rafael@example.org", "password": "short"})
    assert (weak.status_code, "Use at least 10 characters" in weak.text) == (422, True)
    fine = {"name": "Rafael Quintero", "email": "rafael@example.org", "password": "southern cross"}
    assert visitor.post(link[1], fine).headers["Location"] == "/studio/login"
    assert sign_in(visitor, "rafael@example.org", "southern cross")[0] == 302
    assert studio.visitor().get(link[1]).status_code == 410


@pytest.mark.parametrize("door", ["login", "reset", "reset/nonsense"])
@pytest.mark.parametrize("sent", ["1", "[1]", '{"email": "\\ud800", "password": 5}', "[" * 50_000])
def test_only_forms_come_through_the_doors_of_sign_in(studio: Studio, door: str, sent: str) -> None:
    answer = studio.visitor().post(f"/studio/{door}", sent, content_type="application/json")
    assert (answer.status_code, answer.json) == (415, {"error": "We can't read that kind of data."})


def test_a_password_without_end_is_refused(studio: Studio) -> None:
    author = studio.hire(RoleName.AUTHOR)
    endless = "x" * 5000
    for password in (endless, "\ufdfa" * 400):
        assert sign_in(studio.visitor(), "author@example.org", password)[0] == 422
    assert sign_in(studio.visitor(), "author@example.org", "\ufdfa" * 200)[0] == 200
    new = {
        "password": endless,
        "new_password": "four words of mine",
        "new_password_confirm": "four words of mine",
    }
    assert studio.signed_in(author).post("/studio/change", new).status_code == 422
