"""The desk's list of readers, adding by hand, and the download."""

import csv
from io import StringIO

import pytest
from sqlalchemy import select

from blog.accounts.roles import RoleName
from blog.db import Database
from newsletter.subscribers import inviting, suppression
from newsletter.subscribers.model import Subscriber, SubscriberState
from tests.blog.web.staff import Client, Studio
from tests.conftest import NOON
from tests.newsletter.editions.conftest import Newsroom
from tests.newsletter.web.conftest import Facts, Hands, rows

LIST = "/studio/readers"


@pytest.fixture
def editor(studio: Studio) -> Client:
    return studio.as_a(RoleName.EDITOR)


def change(db: Database, reader_id: int, **values: object) -> None:
    with db.transaction() as s:
        for name, value in values.items():
            setattr(s.get_one(Subscriber, reader_id), name, value)


def test_readers_are_counted_found_and_filtered(editor: Client, newsroom: Newsroom, hands: Hands) -> None:
    newsroom.reader("ann@example.org", NOON)
    newsroom.reader("bob@example.org", NOON, SubscriberState.PENDING)
    whole = editor.get(LIST).text
    assert "1 gets the digest · +1 this week" in whole and "Resend" in whole
    found = editor.get(f"{LIST}?q=BOB").text
    assert "bob@example.org" in found and "ann@example.org" not in found and "1 reader matches." in found
    assert "bob@example.org" not in editor.get(f"{LIST}?state=confirmed").text
    nobody = editor.get(f"{LIST}?q=%25").text
    assert "No one matches." in nobody and "Clear filters" in nobody
    assert editor.get(f"{LIST}?q=%00&state=x'&topic=x&since=x&sort=x&segment=x").status_code == 200


def test_each_row_says_why(editor: Client, newsroom: Newsroom, hands: Hands) -> None:
    for state, reason in (
        ("left", "Too many mails"),
        ("bounced", "550 5.1.1 No such user"),
        ("complained", ""),
    ):
        reader_id = newsroom.reader(f"{state}@example.org", NOON)
        change(
            newsroom.db,
            reader_id,
            state=state,
            reason=reason,
            form="embed",
            campaign="spring",
            last_click_at=NOON,
        )
    page = editor.get(LIST).text
    for words in (
        "Too many mails",
        "550 5.1.1 No such user",
        "Complained",
        "Form on another site · spring",
        "Today",
    ):
        assert words in page


def test_a_column_is_ordered_and_turned_round(editor: Client, newsroom: Newsroom, hands: Hands) -> None:
    for name in ("bob", "ann", "cy"):
        newsroom.reader(f"{name}@example.org", NOON)
    up = editor.get(f"{LIST}?sort=address&state=confirmed").text
    assert up.index("ann@") < up.index("bob@") < up.index("cy@") and 'aria-sort="ascending"' in up
    assert "state=confirmed&amp;sort=-address" in up
    down = editor.get(f"{LIST}?sort=-address").text
    assert down.index("cy@") < down.index("ann@") and 'aria-sort="descending"' in down
    assert "aria-sort" not in editor.get(LIST).text


def test_a_list_of_many_is_paged_and_all_can_be_selected(editor: Client, db: Database, hands: Hands) -> None:
    with db.transaction() as s:
        for n in range(60):
            key = f"reader{n}@example.org"
            s.add(Subscriber(address=key, address_key=key, state="confirmed", created_at=NOON, asked_at=NOON))
    first = editor.get(f"{LIST}?state=confirmed").text
    assert "Select all 60" in first and "Page 1 of 2" in first
    second = editor.get(f"{LIST}?state=confirmed&page=2").text
    assert "reader0@example.org" in second and "Readers 51 to 60 of 60" in second


def test_the_sub_navigation_has_the_rooms_that_are_built(editor: Client, hands: Hands) -> None:
    page = editor.get(LIST).text
    assert '<a href="/studio/readers" aria-current="page">Readers</a>' in page
    assert "/studio/readers/segments" in page and "/studio/readers/suppressed" in page


def test_somebody_added_by_hand_is_asked_as_by_the_form(
    editor: Client, db: Database, hands: Hands, letters: list[str]
) -> None:
    answer = editor.post(f"{LIST}/new", {"email": "Ann@example.org"})
    assert answer.location == "/studio/readers/1" and letters() == ["confirmation"]  # type: ignore[operator]
    with db.reading() as s:
        (reader,) = s.scalars(select(Subscriber))
        assert (reader.state, reader.form, reader.source) == ("pending", "desk", "desk")
    assert "We wrote to Ann@example.org." in editor.get(answer.location).text
    again = editor.post(f"{LIST}/new", {"email": "ANN@example.org"})
    assert again.location == "/studio/readers/1" and letters() == ["confirmation"]  # type: ignore[operator]


def test_adding_asks_about_typos_and_refuses_what_is_no_address(
    editor: Client, db: Database, hands: Hands
) -> None:
    refused = editor.post(f"{LIST}/new", {"email": "ann"})
    assert refused.status_code == 422 and "needs a name, an @ and a domain" in refused.text
    asked = editor.post(f"{LIST}/new", {"email": "ann@gmial.com"})
    assert asked.status_code == 422 and "<strong>ann@gmail.com</strong>" in asked.text
    assert rows(db, Subscriber) == 0
    kept = editor.post(f"{LIST}/new", {"email": "ann@gmial.com", "certain": "ann@gmial.com"})
    assert kept.status_code == 302 and rows(db, Subscriber) == 1
    suppression.enter(db, "a-key-for-tests-only", "bob@example.org", "", "Ed", NOON)
    stopped = editor.post(f"{LIST}/new", {"email": "bob@example.org"})
    assert stopped.status_code == 422 and inviting.SUPPRESSED in stopped.text


def test_a_confirmation_is_sent_again_within_the_forms_limits(
    editor: Client, hands: Hands, letters: list[str], newsroom: Newsroom
) -> None:
    editor.post(f"{LIST}/new", {"email": "ann@example.org"})
    wait = "one confirmation in 24 hours"
    assert wait in editor.post(f"{LIST}/1/confirmation", follow_redirects=True).text
    hands.move(minutes=2)
    assert "once more" in editor.post(f"{LIST}/1/confirmation", follow_redirects=True).text
    hands.move(minutes=2)
    assert wait in editor.post(f"{LIST}/1/confirmation", follow_redirects=True).text
    assert letters() == ["confirmation", "confirmation"]  # type: ignore[operator]
    other = newsroom.reader("bob@example.org", NOON)
    page = editor.post(f"{LIST}/{other}/confirmation", follow_redirects=True).text
    assert "Only somebody who has not confirmed yet" in page
    assert editor.post(f"{LIST}/99/confirmation").status_code == 404


def test_the_download_has_a_line_for_each_that_matches_and_no_formula(
    editor: Client, newsroom: Newsroom, hands: Hands, facts: Facts
) -> None:
    ann = newsroom.reader("ann@example.org", NOON)
    change(newsroom.db, ann, name="=cmd|' /C calc'!A0", reason='a "quoted", line')
    newsroom.reader("bob@example.org", NOON, SubscriberState.LEFT)
    before = facts()
    answer = editor.get(f"{LIST}/export.csv?state=confirmed")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="readers-2026-11-22.csv"'
    assert answer.headers["Cache-Control"] == "no-store" and answer.mimetype == "text/csv"
    (told,) = csv.DictReader(StringIO(answer.text.removeprefix("\ufeff")))
    assert (told["email"], told["name"], told["reason"]) == (
        "ann@example.org", "'=cmd|' /C calc'!A0", 'a "quoted", line',
    )  # fmt: skip
    assert facts() == before
    assert editor.get(f"{LIST}/export.csv").text.count("\r\n") == 3
