"""The desk's imports: a file is handed in, read about, let in, stopped and taken back; and odd files never break a page."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from blog.accounts.roles import RoleName
from newsletter.moving import running
from newsletter.subscribers.model import Subscriber
from tests.blog.web.staff import Client, Studio
from tests.newsletter.web.conftest import Facts, Hands

ROOM = "/studio/readers/imports"
FILE = "email,name,Shoe\nann@example.org,Ann,38\nbob@example.org,Bob,44\n<b>no</b>,Nobody,\n"


@pytest.fixture
def editor(studio: Studio, hands: Hands) -> Client:
    return studio.as_a(RoleName.EDITOR)


@pytest.fixture
def beat(studio: Studio, hands: Hands) -> "Beat":
    return Beat(studio, hands)


class Beat:
    """One beat of the clock; with ``seconds`` 0 it does a single chunk."""

    def __init__(self, studio: Studio, hands: Hands) -> None:
        self.studio, self.hands = studio, hands

    def __call__(self, seconds: float = 60) -> int:
        return running.run_due(self.studio.db, self.hands.at, self.studio.house.settings, seconds)


def hand_in(editor: Client, text: str | bytes = FILE, name: str = "readers.csv") -> TestResponse:
    raw = text.encode() if isinstance(text, str) else text
    return editor.post(ROOM, {"file": (io.BytesIO(raw), name)}, content_type="multipart/form-data")


def addresses(studio: Studio) -> list[str]:
    with studio.db.reading() as s:
        return list(s.scalars(select(Subscriber.address).order_by(Subscriber.id)))


def test_a_file_goes_from_its_check_to_its_readers_and_back(
    studio: Studio, editor: Client, beat: Beat
) -> None:
    page = hand_in(editor).location
    assert page == f"{ROOM}/1"
    checking = editor.get(page).text
    assert (
        "Reading the file" in checking
        and 'data-follow="2"' in checking
        and 'http-equiv="refresh"' in checking
    )
    beat()
    report = editor.get(page).text
    assert (
        "2 new readers in 3 lines" in report and "Import 2 readers" in report and "data-follow" not in report
    )
    assert "&lt;b&gt;no&lt;/b&gt;" in report and "<b>no" not in report and "Shoe" in report
    assert addresses(studio) == []
    started = editor.post(f"{page}/start", {"status": "keep", "slug": "daily", "tag": "Fair", "extras": "y"})
    assert started.location == page and "Stop</button>" in editor.get(page).text
    beat()
    assert "2 readers came in" in editor.get(page).text and "Remove 2 readers" in editor.get(page).text
    with studio.db.reading() as s:
        assert [row.fields for row in s.scalars(select(Subscriber).order_by(Subscriber.id))] == [
            {"Shoe": "38", "tag": "Fair"},
            {"Shoe": "44", "tag": "Fair"},
        ]
    assert editor.post(f"{page}/start", {"status": "keep", "slug": "daily"}).status_code == 409
    assert editor.post(f"{page}/removal").location == page
    assert "Taking it back" in editor.get(page).text
    beat()
    assert "2 readers removed" in editor.get(page).text and addresses(studio) == []
    assert "Taken back" in editor.get(ROOM).text


def test_an_import_can_be_stopped_and_go_on(studio: Studio, editor: Client, beat: Beat) -> None:
    page = hand_in(editor, "email\n" + "".join(f"r{n}@example.org\n" for n in range(501))).location
    beat()
    editor.post(f"{page}/start", {"status": "keep", "slug": "daily"})
    beat(seconds=0)
    assert "500 of 501 lines done" in editor.get(page).text and 'value="99"' in editor.get(page).text
    assert editor.post(f"{page}/stop").location == page
    assert beat() == 0 and "Going on never brings anybody in twice" in editor.get(page).text
    assert editor.post(f"{page}/stop").status_code == 409
    editor.post(f"{page}/continuation")
    beat()
    assert len(addresses(studio)) == 501


def test_the_page_says_so_when_nothing_moves(editor: Client, hands: Hands) -> None:
    page = hand_in(editor).location
    hands.move(seconds=61)
    assert "Stalled" in editor.get(page).text


def test_a_file_that_was_only_checked_can_be_discarded(editor: Client, beat: Beat) -> None:
    page = hand_in(editor).location
    beat()
    assert editor.post(f"{page}/removal").location == ROOM
    assert "Nothing was taken in" in editor.get(ROOM).text and editor.get(page).status_code == 404


def test_a_file_with_nothing_new_offers_nothing(editor: Client, beat: Beat) -> None:
    page = hand_in(editor, "email\nnonsense\n").location
    beat()
    text = editor.get(page).text
    assert "There is nothing to import" in text and f"{page}/start" not in text


@pytest.mark.parametrize(
    ("name", "raw", "why"),
    [
        ("", b"email\n", "Choose a file first"),
        ("x.csv", b"", "That file is empty"),
        ("x.csv", b"name\nAnn\n", "We found no column with email addresses"),
        ("x.zip", b"PK\x03\x04broken", "damaged"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_beside_its_field(
    editor: Client, name: str, raw: bytes, why: str
) -> None:
    answer = hand_in(editor, raw, name)
    assert answer.status_code == 422 and why in answer.text and 'role="alert"' in answer.text


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "C:\\x\\r.csv", "<script>.csv", "\u202er\t.csv", "x" * 400]
)
def test_an_odd_name_of_a_file_is_but_a_name(editor: Client, name: str) -> None:
    text = editor.get(hand_in(editor, name=name).location).text
    assert "<script>." not in text and "../" not in text and "\u202e" not in text


def test_odd_choices_are_refused(editor: Client, beat: Beat) -> None:
    page = hand_in(editor).location
    beat()
    for odd in (
        {"status": "all", "slug": "daily"},
        {"status": "keep", "slug": "x'"},
        {"status": "keep", "slug": "daily", "tag": "x" * 61},
    ):
        assert editor.post(f"{page}/start", odd).status_code == 422
    for deed in ("start", "stop", "continuation", "removal"):
        assert editor.post(f"{ROOM}/99/{deed}", {"status": "keep", "slug": "daily"}).status_code == 404


def test_looking_at_an_import_changes_nothing(editor: Client, beat: Beat, facts: Facts, hands: Hands) -> None:
    page = hand_in(editor).location
    beat()
    before = facts()
    for path in (ROOM, page):
        assert editor.get(path).status_code == editor.flask.head(path).status_code == 200
    hands.at += timedelta(days=30)
    assert editor.get(page).headers["Cache-Control"] == "no-store"
    assert facts() == before
