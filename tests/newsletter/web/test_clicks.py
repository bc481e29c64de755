"""The door for marks: always the same answer, counts what is ours, and pages never know of it."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from blog.db import Database
from blog.pagecache.keys import key_of
from blog.settings import Settings
from newsletter.delivery.marks import mark
from newsletter.delivery.model import Letter
from newsletter.figures.model import Click, ClickCount
from newsletter.web import clicks
from tests.newsletter.web.conftest import Facts, Hands

SECRET = "a-key-for-tests-only"
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
BEACON = {**BROWSER, "Sec-Fetch-Site": "same-origin", "Content-Type": "text/plain;charset=UTF-8"}


@pytest.fixture
def made(gone_out: int, hands: Hands) -> str:
    """The mark on the first story of the edition that left, in ann's letter; an hour has passed since."""
    hands.move(hours=1)
    return mark(SECRET, gone_out, 1, 1, 1)


def test_a_beacon_counts_a_click(reader: FlaskClient, db: Database, made: str) -> None:
    with db.transaction() as s:
        for letter in s.scalars(select(Letter)):
            letter.state, letter.settled_at = "accepted", letter.created_at
    answer = reader.post("/clicks", data=made, headers=BEACON)
    assert (answer.status_code, answer.data) == (204, b"")
    assert "Set-Cookie" not in answer.headers and answer.headers["Cache-Control"] == "no-store"
    with db.reading() as s:
        (row,) = s.scalars(select(Click))
        assert (row.post_id, row.slot, row.subscriber_id, row.is_machine) == (1, 1, 1, False)


def test_whatever_is_sent_the_answer_is_the_same(reader: FlaskClient, facts: Facts) -> None:
    before = facts()
    for text in ("", "nonsense", "d1-1-1-1-aaaaaaaaaa", "x" * 100_000, "\x00é"):
        assert reader.post("/clicks", data=text.encode(), headers=BEACON).status_code == 204
    assert facts() == before


def test_a_click_from_another_site_counts_nothing(reader: FlaskClient, facts: Facts, made: str) -> None:
    before = facts()
    foreign = {**BEACON, "Sec-Fetch-Site": "cross-site"}
    assert reader.post("/clicks", data=made, headers=foreign).status_code == 204
    assert facts() == before


def test_past_the_limit_of_one_network_nothing_is_counted(
    reader: FlaskClient, db: Database, made: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clicks, "MOST", 2)
    nobodys = mark(SECRET, 1, 1, 1, 0)
    for _ in range(4):
        assert reader.post("/clicks", data=nobodys, headers=BEACON).status_code == 204
    with db.reading() as s:
        assert s.scalars(select(ClickCount.nameless)).all() == [2]


def test_a_click_is_not_counted_by_looking(reader: FlaskClient, facts: Facts, made: str) -> None:
    before = facts()
    assert reader.get("/clicks").status_code == 404
    assert reader.get(f"/2026/11/rings-of-saturn?via={made}", headers=BROWSER).status_code == 200
    assert facts() == before


def test_a_page_is_the_same_with_and_without_a_mark(reader: FlaskClient, made: str) -> None:
    with_mark = reader.get(f"/2026/11/rings-of-saturn?via={made}")
    without = reader.get("/2026/11/rings-of-saturn")
    assert with_mark.data == without.data and made.encode() not in with_mark.data
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/2026/11/rings-of-saturn"}
    assert key_of({**environ, "QUERY_STRING": f"via={made}"}) == key_of({**environ, "QUERY_STRING": ""})


def test_the_picture_is_the_same_for_everybody_and_changes_no_row(
    reader: FlaskClient, facts: Facts, settings: Settings, gone_out: int
) -> None:
    before = facts()
    answers = [reader.get(f"/o/{name}.gif") for name in (mark(SECRET, gone_out, 0, 0, 1), "nonsense")]
    assert {(one.status_code, one.content_type, one.data) for one in answers} == {
        (200, "image/gif", clicks.DOT)
    }
    assert facts() == before and not (settings.data / "opens").exists()
