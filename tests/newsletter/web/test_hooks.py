"""Providers' webhooks: what is signed rightly counts, what is not changes nothing. What each event means is tried without the web."""

import csv
import json
from base64 import b64encode
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import select

from blog import fetching
from blog.accounts.roles import RoleName
from blog.db import Database
from blog.settings import Settings, build
from newsletter.delivery import pausing
from newsletter.delivery.paths import return_path
from newsletter.returns.model import Returned
from newsletter.subscribers.model import Subscriber
from newsletter.web import hooks
from tests.blog.web.staff import Studio
from tests.newsletter.editions.conftest import Newsroom
from tests.newsletter.returns import signers
from tests.newsletter.returns.conftest import Backroom
from tests.newsletter.returns.signers import READER, Amazon, SendGrid
from tests.newsletter.web.conftest import Facts, Hands

Post = Callable[..., int]
State = Callable[[], str]
PASSWORD = {"Authorization": "Basic " + b64encode(f"perijove:{signers.POSTMARK_SECRET}".encode()).decode()}


@pytest.fixture(scope="module")
def grid() -> SendGrid:
    return SendGrid()


@pytest.fixture
def settings(settings: Settings, grid: SendGrid) -> Settings:
    return settings.model_copy(
        update={
            "bounce_address": "bounces@example.org",
            "ses_topic": signers.TOPIC,
            "mailgun_signing_key": SecretStr(signers.MAILGUN_KEY),
            "postmark_hook_secret": SecretStr(signers.POSTMARK_SECRET),
            "sendgrid_public_key": grid.public,
            "hook_secret": SecretStr(signers.HOOK_SECRET),
        }
    )


@pytest.fixture
def amazon(studio: Studio) -> Amazon:
    made = Amazon(*signers.amazon_s_own())
    studio.app.extensions[hooks.FETCH] = made.fetch
    return made


@pytest.fixture
def post(reader: FlaskClient) -> Post:
    def posted(provider: str, body: Any, headers: dict[str, str] | None = None) -> int:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer = reader.post(f"/hooks/{provider}", data=data, headers=headers, content_type="text/plain")
        return answer.status_code

    return posted


@pytest.fixture
def state(newsroom: Newsroom, hands: Hands) -> State:
    """How our one reader stands."""
    newsroom.reader(READER, hands.at)

    def read() -> str:
        with newsroom.db.reading() as s:
            return s.scalars(select(Subscriber.state)).one()

    return read


def kinds(db: Database) -> list[tuple[str, str, str]]:
    with db.reading() as s:
        return [(row.kind, row.code, row.via) for row in s.scalars(select(Returned).order_by(Returned.id))]


def test_amazon_reports_a_dead_address_and_a_forged_note_changes_nothing(
    post: Post, amazon: Amazon, state: State, db: Database, facts: Facts
) -> None:
    note = amazon.note(signers.ses_bounce())
    before = facts()
    assert post("ses", note | {"Message": "{}"}) == 403
    assert facts() == before
    assert post("ses", note) == post("ses", note) == 200
    assert state() == "bounced" and kinds(db) == [("hard", "5.1.1", "ses")]
    assert amazon.fetched == [signers.CERTIFICATE]


def test_the_letter_is_known_by_the_envelope_that_amazon_names(
    post: Post, amazon: Amazon, db: Database, hands: Hands
) -> None:
    room = Backroom(db, hands.at)
    letter = room.letter(room.reader("somebody"))
    path = return_path("bounces@example.org", "a-key-for-tests-only", letter)
    assert post("ses", amazon.note(signers.ses_bounce(path=path))) == 200
    assert [row.letter_id for row in room.rows()] == [letter] and room.state(1) == "bounced"


def test_mailgun_s_token_is_good_for_one_report(post: Post, state: State, hands: Hands, db: Database) -> None:
    told = signers.mailgun(hands.at)
    assert post("mailgun", told | {"signature": {}}) == 403 and state() == "confirmed"
    assert post("mailgun", told) == 200 and state() == "bounced"
    swapped = told | {"event-data": told["event-data"] | {"id": "e-2", "event": "complained"}}
    assert post("mailgun", swapped) == 403
    assert kinds(db) == [("hard", "5.1.1", "mailgun")]


def test_postmark_knows_its_password(post: Post, state: State) -> None:
    wrong = {"Authorization": "Basic " + b64encode(b"perijove:wrong").decode()}
    for headers in ({}, wrong, {"Authorization": "Bearer x"}, {"Authorization": "Basic !!"}):
        assert post("postmark", signers.postmark(), headers) == 403
    assert state() == "confirmed"
    assert post("postmark", [signers.postmark()], PASSWORD) == 200
    assert state() == "bounced"


def test_sendgrid_reports_many_at_once(post: Post, grid: SendGrid, state: State, db: Database) -> None:
    told = [
        {"event": "delivered", "email": READER, "sg_event_id": "s-0"},
        signers.sendgrid(type="blocked", reason="550 5.7.1 spam", status="5.7.1", sg_event_id="s-1"),
        signers.sendgrid(event="spamreport", reason="", status="", sg_event_id="s-2"),
        signers.sendgrid(email="stranger@example.net", sg_event_id="s-3"),
    ]
    body = json.dumps(told).encode()
    assert post("sendgrid", body + b" ", grid.sign(body)) == 403 and kinds(db) == []
    assert post("sendgrid", body, grid.sign(body)) == 200
    assert [row[0] for row in kinds(db)] == ["block", "complaint"] and state() == "complained"


def test_any_software_may_report_in_the_standard_form(
    post: Post, state: State, hands: Hands, db: Database
) -> None:
    told = [{"kind": "soft", "words": "452 4.2.2 full"}, {"code": "5.1.1", "words": "user unknown"}, {}]
    body = json.dumps({"events": [one | {"address": READER} for one in told]}).encode()
    headers = signers.standard(body, hands.at)
    assert post("generic", body + b" ", headers) == 403
    assert post("generic", body, headers) == post("generic", body, headers) == 200
    assert kinds(db) == [("soft", "4.2.2", "generic"), ("hard", "5.1.1", "generic")]
    assert state() == "bounced"


def test_the_letter_is_known_by_its_message_id_where_the_signature_is_ours(
    post: Post, db: Database, hands: Hands
) -> None:
    room = Backroom(db, hands.at)
    letter = room.letter(room.reader("somebody"))
    for message_id, known in (
        (room.message_id(letter, "another key"), []),
        (room.message_id(letter), [letter]),
    ):
        body = json.dumps({"kind": "hard", "id": message_id, "message_id": message_id}).encode()
        assert post("generic", body, signers.standard(body, hands.at)) == 200
        assert [row.letter_id for row in room.rows()] == known
    assert room.state(1) == "bounced"


def test_many_blocks_pause_sending_and_the_administrators_are_written_to(
    studio: Studio, post: Post, state: State, hands: Hands
) -> None:
    studio.hire(RoleName.ADMINISTRATOR)
    studio.hire(RoleName.EDITOR)
    mails: list[tuple[str, str, str]] = []
    object.__setattr__(studio.house, "post_mail", lambda *mail: mails.append(mail))
    told = [
        {"kind": "block", "address": READER, "words": "550 5.7.1 blocked", "id": f"b{n}"} for n in range(10)
    ]
    body = json.dumps({"events": told}).encode()
    assert post("generic", body, signers.standard(body, hands.at)) == 200
    standing = pausing.standing(studio.db)
    assert standing and standing.paused and "550 5.7.1 blocked" in standing.reason
    assert [address for address, _, _ in mails] == ["administrator@example.org"] and state() == "confirmed"


def test_what_is_no_report_breaks_nothing(
    post: Post, grid: SendGrid, amazon: Amazon, hands: Hands, db: Database
) -> None:
    for body in (b"", b"{", b"[[1]]", b"null", b'"x"', b"\xff", b"[" * 100_000, b'{"events": 5}'):
        assert post("ses", body) in (200, 403, 422)
        assert post("mailgun", body) in (200, 403, 422)
        assert post("postmark", body, PASSWORD) in (200, 422)
        assert post("sendgrid", body, grid.sign(body)) in (200, 422)
        assert post("generic", body, signers.standard(body, hands.at)) in (200, 422)
    assert post("postmark", b" " * (hooks.LARGEST + 1), PASSWORD) == 413
    assert kinds(db) == []


def test_a_provider_that_is_not_set_has_no_address(studio: Studio, hands: Hands) -> None:
    bare = build(data=studio.house.settings.data, database_url=studio.house.settings.database_url)
    object.__setattr__(studio.house, "settings", bare)
    client = studio.app.test_client()
    for provider in ("ses", "mailgun", "postmark", "sendgrid", "generic"):
        assert client.post(f"/hooks/{provider}", data=b"{}").status_code == 404
        assert client.get(f"/hooks/{provider}").status_code == 405


def test_the_desk_shows_what_came_back(studio: Studio, db: Database, hands: Hands) -> None:
    editor, room = studio.as_a(RoleName.EDITOR), Backroom(db, hands.at)
    assert "Nothing came back" in editor.get("/studio/readers/returns").text.replace("<wbr>", "")
    room.back(room.letter(room.reader("gone")), "550 5.1.1 <b>no such user</b>")
    room.back(room.letter(room.reader("full")), "452 4.2.2 mailbox full", number=2)
    page = editor.get("/studio/readers/returns").text.replace("<wbr>", "")
    assert "gone@example.com" in page and "full@example.com" in page and "2 reports" in page
    assert "&lt;b&gt;no such user" in page and "Gets no more mail" in page and "Still on the list" in page
    assert "full@example.com" not in editor.get("/studio/readers/returns?kind=hard").text.replace("<wbr>", "")
    assert "Nothing of that kind" in editor.get("/studio/readers/returns?kind=complaint").text.replace(
        "<wbr>", ""
    )
    assert editor.get("/studio/readers/returns?kind=x'%00&edition=99999999999999999999").status_code == 200


def test_what_came_back_of_one_digest_is_looked_through_and_taken_away(
    studio: Studio, db: Database, hands: Hands
) -> None:
    editor, room = studio.as_a(RoleName.EDITOR), Backroom(db, hands.at)
    room.back(room.letter(room.reader("gone"), about=7), "550 5.1.1 =no such user")
    room.back(room.letter(room.reader("full"), about=8), "452 4.2.2 mailbox full", number=2)
    page = editor.get("/studio/readers/returns?edition=7").text.replace("<wbr>", "")
    assert "gone@example.com" in page and "full@example.com" not in page and "1 report" in page
    assert 'href="/studio/readers/returns/export.csv?edition=7"' in page
    answer = editor.get("/studio/readers/returns/export.csv?edition=7")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="came-back-2026-11-22.csv"'
    (told,) = csv.DictReader(StringIO(answer.text.removeprefix("\ufeff")))
    assert (told["address"], told["kind"], told["code"]) == ("gone@example.com", "hard", "5.1.1")
    assert (told["words"], told["consequence"], told["edition"]) == (
        "550 5.1.1 =no such user",
        "no more mail",
        "7",
    )
    assert editor.get("/studio/readers/returns/export.csv").text.count("\r\n") == 3
    assert editor.get("/studio/readers/returns/export.csv?kind=block").text.count("\r\n") == 1


@pytest.mark.parametrize("field", ["timestamp", "token", "signature"])
def test_a_signature_of_half_characters_is_a_wrong_one(post: Post, field: str) -> None:
    signature = {"timestamp": "1", "token": "t", "signature": "s"} | {field: "\ud800"}
    assert post("mailgun", {"signature": signature}) == 403


@pytest.mark.parametrize("odd", ["\0", "\ud800"])
def test_odd_characters_in_a_provider_s_words_are_no_fault(
    post: Post, grid: SendGrid, state: State, odd: str
) -> None:
    strange = {"email": f"no{odd}body@example.com", "sg_event_id": odd, "smtp-id": f"<{odd}.1.x@example.org>"}
    told = [
        signers.sendgrid(**strange),
        signers.sendgrid(reason=f"550 5.1.1 no {odd} such user", status=odd, sg_event_id=f"{odd}1"),
    ]
    body = json.dumps(told).encode()
    assert post("sendgrid", body, grid.sign(body)) == 200
    assert state() == "bounced"


def test_a_certificate_that_amazon_could_not_give_just_now_is_asked_for_again(
    studio: Studio, post: Post, amazon: Amazon, state: State
) -> None:
    def away(url: str) -> fetching.Fetched:
        return fetching.Fetched(url, 503, {}, b"<Error/>")

    studio.app.extensions[hooks.FETCH] = away
    assert post("ses", amazon.note(signers.ses_bounce())) == 503
    studio.app.extensions[hooks.FETCH] = amazon.fetch
    assert post("ses", amazon.note(signers.ses_bounce())) == 200
    assert state() == "bounced"
