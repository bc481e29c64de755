"""One act for many readers, segments, and the suppression list: the desk's doors."""

import re

import pytest
from sqlalchemy import select

from blog.accounts.roles import RoleName
from blog.db import Database
from newsletter.lists.model import MailingList
from newsletter.subscribers.model import Segment, Subscriber, SubscriberState, Suppression
from tests.blog.web.staff import Client, Studio
from tests.conftest import NOON
from tests.newsletter.editions.conftest import Newsroom
from tests.newsletter.web.conftest import Facts, Hands, rows

LIST, BULK = "/studio/readers", "/studio/readers/bulk"


@pytest.fixture
def editor(studio: Studio) -> Client:
    return studio.as_a(RoleName.EDITOR, "Ed Itor")


@pytest.fixture
def three(newsroom: Newsroom, hands: Hands) -> list[int]:
    """Two confirmed readers and one who left."""
    states = (SubscriberState.CONFIRMED, SubscriberState.CONFIRMED, SubscriberState.LEFT)
    return [newsroom.reader(f"r{n}@example.org", NOON, state) for n, state in enumerate(states)]


def fill_in(page: str, **more: str) -> dict[str, object]:
    """What the form on a page that asks would send."""
    form = page[page.index('action="/studio/readers/bulk"') :]
    found: dict[str, object] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form):
        found[name] = [*found.get(name, []), value]  # type: ignore[misc]
    return found | more


def tags(db: Database) -> list[object]:
    with db.reading() as s:
        return [fields.get("tag") for fields in s.scalars(select(Subscriber.fields).order_by(Subscriber.id))]


def test_ticked_readers_are_named_by_their_number_before_anything_is_done(
    editor: Client, db: Database, three: list[int], facts: Facts
) -> None:
    before = facts()
    page = editor.get(f"{BULK}?act=tag&id={three[0]}&id={three[2]}").text
    assert "2 readers: tag?" in page and facts() == before
    done = editor.post(BULK, fill_in(page, tag="vip"), follow_redirects=True)
    assert "Tagged: 2 readers." in done.text and tags(db) == ["vip", None, "vip"]


def test_all_that_match_are_meant_and_what_does_not_apply_is_skipped(
    editor: Client, db: Database, three: list[int], newsroom: Newsroom
) -> None:
    page = editor.get(f"{BULK}?act=stop&all=yes&q=example").text
    assert "3 readers: unsubscribe?" in page and "all that match the filter" in page
    done = editor.post(BULK, fill_in(page))
    assert done.location == f"{LIST}?q=example"
    assert "Unsubscribed: 2 readers. 1 reader skipped" in editor.get(done.location).text


def test_nothing_is_done_when_the_number_changed_meanwhile(
    editor: Client, db: Database, three: list[int], newsroom: Newsroom
) -> None:
    page = editor.get(f"{BULK}?act=delete&all=yes&state=confirmed").text
    newsroom.reader("new@example.org", NOON)
    again = editor.post(BULK, fill_in(page))
    assert (
        again.status_code == 409
        and "it would be 3 now, not 2" in again.text
        and "3 readers: delete?" in again.text
    )
    assert rows(db, Subscriber) == 4
    editor.post(BULK, fill_in(again.text))
    assert rows(db, Subscriber) == 1 and rows(db, Suppression) == 3


def test_a_list_is_given_and_taken(editor: Client, db: Database, three: list[int]) -> None:
    with db.transaction() as s:
        s.add(MailingList(slug="weekly", name="The week", weekdays=64, created_at=NOON))
        s.flush()
        weekly = str(s.scalars(select(MailingList.id).where(MailingList.slug == "weekly")).one())
    page = editor.get(f"{BULK}?act=subscribe&all=yes").text
    done = editor.post(BULK, fill_in(page, list_id=weekly), follow_redirects=True)
    assert "Put on the list: 2 readers. 1 reader skipped" in done.text
    page = editor.get(f"{BULK}?act=unsubscribe&all=yes&list=weekly").text
    assert "2 readers: take off a list?" in page
    taken = editor.post(BULK, fill_in(page, list_id=weekly), follow_redirects=True)
    assert "Taken off the list: 2 readers." in taken.text
    page = editor.get(f"{BULK}?act=unsubscribe&all=yes").text
    gone = editor.post(BULK, fill_in(page, list_id="99"))
    assert gone.status_code == 422 and "no such list" in gone.text


def test_without_readers_or_an_act_there_is_nothing_to_ask(editor: Client, hands: Hands) -> None:
    for said in ("", "act=tag", "act=rob&id=1", "act=tag&id=x&id=-1&id=99999999999999999999"):
        assert "Tick the readers first" in editor.get(f"{BULK}?{said}", follow_redirects=True).text, said
    assert editor.post(BULK, {"act": "rob"}).status_code == 422


def test_a_filter_is_saved_opened_renamed_and_deleted(
    editor: Client, db: Database, three: list[int], newsroom: Newsroom
) -> None:
    saved = editor.post(f"{LIST}/segments", {"name": "Gone", "state": "left"})
    shown = editor.get(saved.location).text
    assert "Segment: Gone" in shown and "r2@example.org" in shown and "r0@example.org" not in shown
    newsroom.reader("later@example.org", NOON, SubscriberState.LEFT)
    assert "later@example.org" in editor.get(saved.location).text
    asked = editor.get(f"{BULK}?act=tag&all=yes&segment=1").text
    assert "everybody in the segment “Gone”" in asked
    editor.post(BULK, fill_in(asked, tag="gone"))
    assert tags(db) == [None, None, "gone", "gone"]
    page = editor.get(f"{LIST}/segments").text
    assert "Status: Left" in page and 'data-label="Readers now">2<' in page
    editor.post(f"{LIST}/segments/1", {"name": "Away"})
    assert "Away" in editor.get(f"{LIST}/segments").text
    editor.post(f"{LIST}/segments/1/removal")
    assert rows(db, Segment) == 0 and rows(db, Subscriber) == 4
    assert editor.get(saved.location).status_code == 404


def test_a_segment_that_cannot_be_saved_says_why(editor: Client, hands: Hands) -> None:
    nameless = editor.post(f"{LIST}/segments", {"name": " ", "state": "left"}, follow_redirects=True)
    assert "Give the segment a name." in nameless.text and nameless.request.query_string == b"state=left"
    for act in ("", "/removal"):
        assert (
            "no such segment"
            in editor.post(f"{LIST}/segments/9{act}", {"name": "x"}, follow_redirects=True).text
        )


def test_an_address_is_suppressed_by_hand_found_and_lifted(
    editor: Client, db: Database, three: list[int]
) -> None:
    path = f"{LIST}/suppressed"
    assert "No address is suppressed" in editor.get(path).text
    wrong = editor.post(path, {"email": "nobody", "note": "why"})
    assert wrong.status_code == 422 and "needs a name, an @" in wrong.text and 'value="why"' in wrong.text
    page = editor.post(
        path, {"email": "R0@example.org", "note": "asked by phone"}, follow_redirects=True
    ).text
    assert "R0@example.org" in page and "asked by phone" in page and "Ed Itor" in page
    assert "No one matches." in editor.get(f"{path}?q=somebody").text
    assert "No one matches." in editor.get(f"{path}?reason=bounced").text
    assert "R0@example.org" in editor.get(f"{path}?q=r0&reason=manual").text
    with db.reading() as s:
        assert s.get_one(Subscriber, three[0]).state == "left"
        key = s.scalars(select(Suppression.key_hash)).one()
    assert "Lifted." in editor.post(f"{path}/{key}/removal", follow_redirects=True).text
    assert rows(db, Suppression) == 0
    assert "any more" in editor.post(f"{path}/{key}/removal", follow_redirects=True).text
