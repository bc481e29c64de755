"""The page of one reader and what an editor does there."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from blog.accounts.roles import RoleName
from blog.db import Database
from newsletter.delivery import outbox
from newsletter.delivery.model import LetterState
from newsletter.figures.model import Click
from newsletter.lists import reading as lists
from newsletter.returns.refused import count_refusals
from newsletter.subscribers import serving, stopping
from newsletter.subscribers.model import Consent, Follow, Subscriber, Subscription, Suppression
from tests.blog.web.staff import Client, Studio
from tests.conftest import NOON
from tests.newsletter.editions.conftest import Newsroom
from tests.newsletter.returns.conftest import SECRET, Backroom
from tests.newsletter.web.conftest import Facts, Hands, rows

PAGE = "/studio/readers/1"


@pytest.fixture
def editor(studio: Studio) -> Client:
    return studio.as_a(RoleName.EDITOR, "Ed Itor")


@pytest.fixture
def ann(newsroom: Newsroom, hands: Hands) -> int:
    """Confirmed, by the form on the first page; on the daily list."""
    ann = newsroom.reader("ann@example.org", NOON)
    with newsroom.db.transaction() as s:
        reader = s.get_one(Subscriber, ann)
        reader.source, reader.form, reader.campaign, reader.fields = "/", "band", "spring", {"tag": "vip"}
        serving.subscribe(s, reader, lists.default_list(s, NOON).id, NOON, newsroom.settings)
        stopping.note(s, ann, "asked", NOON, "/", "band: the words of the form")
        stopping.note(s, ann, "confirmed", NOON, "letter")
        outbox.put(s, "digest", 12, ann, reader.address, NOON)
    return ann


def test_the_page_says_who_it_is_and_why_they_are_here(editor: Client, ann: int, facts: Facts) -> None:
    before = facts()
    page = editor.get(PAGE).text
    for words in (
        "ann@example.org", "Gets the digest since 22 Nov 2026", "First page", "Sign-up band", "spring", "Daily digest",
        "Every day", "Daily digest: Mon 23 Nov, 07:00", "band: the words of the form", 'value="vip"', '<a href="/studio/digest/12">Digest</a>', "waiting",
    ):  # fmt: skip
        assert words in page, words
    assert page.index("Confirmed by the button") < page.index("Asked for the digest"), "newest first"
    assert facts() == before
    assert editor.get("/studio/readers/2").status_code == 404


def test_the_page_names_the_days_that_they_chose(
    editor: Client, db: Database, ann: int, newsroom: Newsroom
) -> None:
    with db.transaction() as s:
        for one in s.scalars(select(Subscription).where(Subscription.subscriber_id == ann)):
            one.days = 0b0010101
        serving.settle(s, s.get_one(Subscriber, ann), NOON, newsroom.settings)
    assert "<dd>Monday, Wednesday, Friday</dd>" in editor.get(PAGE).text


def test_the_page_tells_what_they_chose_in_words(
    editor: Client, db: Database, ann: int, newsroom: Newsroom
) -> None:
    with db.transaction() as s:
        reader = s.get_one(Subscriber, ann)
        reader.hour, reader.timezone, reader.only_followed = 6, "Africa/Lagos", True
        reader.pictures, reader.clicks = False, False
        s.add(Follow(subscriber_id=ann, subject="topic", subject_id=5))
        s.add(Follow(subscriber_id=ann, subject="author", subject_id=6, weight=-1))
        serving.settle(s, reader, NOON, newsroom.settings)
    page = editor.get(PAGE).text
    for words in (
        "06:00 in Africa/Lagos", "a topic without stories and nothing else", "less of something gone",
        "Without pictures, clicks not counted", "Not counted, as they wish",
    ):  # fmt: skip
        assert words in page, words


def test_the_page_says_why_they_get_nothing(editor: Client, db: Database, ann: int) -> None:
    for state in ("left", "bounced", "complained", "pending"):
        with db.transaction() as s:
            reader = s.get_one(Subscriber, ann)
            reader.state, reader.reason, reader.left_at = state, "Mailbox <gone>", NOON
        page = editor.get(PAGE).text
        assert "Mailbox &lt;gone&gt;" in page
        assert ("Resend the confirmation" in page) == (state == "pending")
        assert ("Unsubscribe 1 reader" in page) == (state == "pending")


def test_clicks_stand_in_the_time_line(editor: Client, db: Database, ann: int, newsroom: Newsroom) -> None:
    post_id = newsroom.publish("A quiet Sun", NOON)
    with db.transaction() as s:
        mine = {"kind": "digest", "edition_id": 12, "post_id": post_id, "subscriber_id": ann, "at": NOON}
        s.add_all([Click(slot=1, **mine), Click(slot=1, is_machine=True, **mine)])
    page = editor.get(PAGE).text
    assert page.count('Clicked: <a href="/2026/11/a-quiet-sun">A quiet Sun</a>') == 1


def test_what_came_back_stands_in_the_time_line_in_the_server_s_words(
    editor: Client, db: Database, hands: Hands
) -> None:
    room = Backroom(db, hands.at)
    reader = room.reader("full")
    for number, words in enumerate(("452 4.2.2 mailbox <full>", "550 5.7.1 blocked", "550 5.1.1 unknown"), 1):
        room.back(room.letter(reader, hands.at - timedelta(days=number), about=number), words, number=number)
    page = editor.get(PAGE).text
    assert 'Came back, not for now: <a href="/studio/digest/1">452 4.2.2 mailbox &lt;full&gt;</a>' in page
    assert 'Came back, which is about us: <a href="/studio/digest/2">550 5.7.1 blocked</a>' in page
    assert "a dead address" not in page and page.count("The address takes no mail") == 1, "told once"


def test_what_a_server_refused_is_told_with_its_letter(editor: Client, db: Database, hands: Hands) -> None:
    room = Backroom(db, hands.at)
    room.letter(room.reader("full"), hands.at, state=LetterState.REFUSED, reply="552 5.2.2 full")
    assert count_refusals(db, hands.at, SECRET) == 1
    page = editor.get(PAGE).text
    assert "552 5.2.2 full" in page and "Came back" not in page


def test_fields_and_notes_are_written(editor: Client, db: Database, ann: int) -> None:
    pairs = {"name": "Ann A", "field": ["tag", "city", ""], "text": ["", "Jos", "x"]}
    answer = editor.post(f"{PAGE}/fields", pairs, follow_redirects=True)
    assert "is no name for a field" in answer.text
    editor.post(f"{PAGE}/fields", pairs | {"text": ["", "Jos", ""]})
    with db.reading() as s:
        reader = s.get_one(Subscriber, ann)
        assert (reader.fields, reader.name) == ({"city": "Jos"}, "Ann A")
    assert (
        "Rang us (Ed Itor)" in editor.post(f"{PAGE}/notes", {"words": "Rang us"}, follow_redirects=True).text
    )
    assert "Write a few words" in editor.post(f"{PAGE}/notes", follow_redirects=True).text


def test_an_editor_stops_their_mail(editor: Client, db: Database, ann: int) -> None:
    page = editor.post(f"{PAGE}/departure", follow_redirects=True).text
    assert "Left on 22 Nov 2026" in page and "Stopped by an editor." in page and "By Ed Itor." in page
    with db.reading() as s:
        assert "stopped" in s.scalars(select(Consent.deed)).all()


def test_an_address_is_suppressed_from_its_page(editor: Client, db: Database, ann: int) -> None:
    page = editor.post(f"{PAGE}/suppression", follow_redirects=True).text
    assert "suppression list</a> since 22 Nov 2026" in page and "Suppress 1 address" not in page
    assert rows(db, Suppression) == 1


def test_a_reader_is_deleted(editor: Client, db: Database, ann: int) -> None:
    answer = editor.post(f"{PAGE}/removal", follow_redirects=True)
    assert "Deleted." in answer.text and "ann@example.org" not in answer.text
    assert rows(db, Subscriber) == 0
    for act in ("fields", "notes", "departure", "suppression", "removal", "confirmation"):
        assert editor.post(f"{PAGE}/{act}").status_code == 404, act
