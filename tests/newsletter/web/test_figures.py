"""The figures' pages: plots with their numbers, sheets that no spreadsheet reckons with."""

import csv
import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from blog.accounts.roles import RoleName
from blog.db import Database
from newsletter.delivery.marks import mark
from newsletter.delivery.model import Letter
from newsletter.editions.model import Edition
from newsletter.figures import clicks, sheets
from newsletter.returns.model import Returned
from newsletter.subscribers.model import Consent, Subscriber
from newsletter.web.desk import figures
from tests.blog.web.staff import Client, Studio
from tests.newsletter.web.conftest import Hands

SECRET = "a-key-for-tests-only"
BROWSER = "Mozilla/5.0 Firefox/140.0"


@pytest.fixture
def editor(studio: Studio) -> Client:
    return studio.as_a(RoleName.EDITOR)


@pytest.fixture
def clicked(gone_out: int, db: Database, hands: Hands) -> int:
    """Both letters were accepted; ann clicked on the first two stories, a machine on the first of bob's, and bob left by it."""
    with db.transaction() as s:
        for letter in s.scalars(select(Letter)):
            letter.state, letter.settled_at = "accepted", letter.created_at
        s.add(Consent(subscriber_id=2, deed="left", at=hands.at, source=f"edition {gone_out}"))
        bob = s.get_one(Subscriber, 2)
        bob.state, bob.left_at, bob.source = "left", hands.at, "/2026/11/rings-of-saturn"
    hands.move(hours=1)
    for reader, story, agent in ((1, 1, BROWSER), (1, 2, BROWSER), (2, 1, "Mimecast")):
        made = mark(SECRET, gone_out, story, story, reader)
        assert clicks.count(db, SECRET, made, agent, hands.at + timedelta(minutes=story))
    return gone_out


def test_without_anything_to_count_the_page_says_so(editor: Client) -> None:
    assert "Nothing to count yet" in editor.get("/studio/figures").text


def test_the_overview_draws_and_tells_everything(editor: Client, clicked: int) -> None:
    page = editor.get("/studio/figures").text
    assert "1 reader now, 1 more than twelve months ago." in page
    assert "2 joined and 1 left in twelve months." in page
    assert "50% of the accepted letters; the most by “A quiet Sun”, 50%." in page
    assert "2 clicks on these 2 stories" in page and "Sign-ups by story" in page
    assert f'href="/studio/figures/editions/{clicked}"' in page
    assert page.count("<svg") > 6 and page.count("Show numbers") == page.count("<figcaption>")
    assert "Opens are not counted" in page and "hatch" not in page
    assert not re.search(r"<[^>]+\sstyle=", page), "the policy forbids styles in the page"


def test_opens_are_hatched_and_called_an_estimate(studio: Studio, editor: Client, clicked: int) -> None:
    object.__setattr__(
        studio.house, "settings", studio.house.settings.model_copy(update={"count_opens": True})
    )
    page = editor.get("/studio/figures").text
    assert 'fill="url(#hatch-clicked)"' in page and "estimate: some mail apps open everything" in page
    assert "~0" in page


def test_an_edition_tells_its_letters_clicks_and_machines(editor: Client, clicked: int) -> None:
    page = editor.get(f"/studio/figures/editions/{clicked}").text
    assert "<b>2</b> of 2 accepted" in page and "<b>1</b> clicked (50%)" in page
    assert "<b>1</b> left by it" in page and "<b>0</b> bounced" in page
    assert "The first place got 50% of all clicks." in page
    assert "1 click by machines" in page and "1 from a known scanner." in page
    assert "How fast it went" in page


def test_an_edition_tells_what_came_back(editor: Client, clicked: int, db: Database, hands: Hands) -> None:
    assert "came back" not in editor.get(f"/studio/figures/editions/{clicked}").text
    with db.transaction() as s:
        for kind, words, via in (
            ("soft", "full", "imap"),
            ("soft", "later", "ses"),
            ("block", "spam", "imap"),
            ("hard", "no", "smtp"),
        ):
            s.add(Returned(letter_id=1, kind=kind, words=words, at=hands.at, via=via, key=words))
    page = editor.get(f"/studio/figures/editions/{clicked}").text
    assert "Of the accepted letters came back: 2 not for now, 1 blocks us." in page
    assert f'href="/studio/readers/returns?edition={clicked}"' in page


def test_an_edition_without_clicks_says_so(editor: Client, gone_out: int) -> None:
    page = editor.get(f"/studio/figures/editions/{gone_out}").text
    assert "Nobody has clicked on a story of this edition yet." in page
    assert editor.get("/studio/figures/editions/99").status_code == 404


SHEETS = {
    "growth": "2026-11-23,0,1,1",
    "sources": "story,Rings of Saturn,/2026/11/rings-of-saturn,1,0",
    "editions": "Daily digest,'=1+1",
    "stories": "1,Rings of Saturn,/2026/11/rings-of-saturn,,1",
    "clicks": "digest,1,1,Rings of Saturn,1,yes,1,0",
    "machines": "1,scanner,1",
    "pace": "1,2026-11-23T07:01+00:00,1,2",
}
"""A line that each must have; the edition's subject is a formula."""


def test_every_figure_is_had_as_a_sheet(editor: Client, clicked: int, db: Database) -> None:
    with db.transaction() as s:
        s.get_one(Edition, clicked).subject = "=1+1"
    assert SHEETS.keys() == sheets.SHEETS.keys()
    page = editor.get("/studio/figures").text
    for what, line in SHEETS.items():
        assert f'href="/studio/figures.csv?what={what}"' in page
        answer = editor.get(f"/studio/figures.csv?what={what}")
        assert answer.content_type == "text/csv; charset=utf-8"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{what}.csv"'
        assert line in answer.text
        head, *some = csv.reader(io.StringIO(answer.text))
        assert some and all(len(row) == len(head) for row in some), what


def test_another_sheet_there_is_not(editor: Client) -> None:
    assert editor.get('/studio/figures.csv?what=x"%0d%0aX: y').status_code == 404


def test_the_card_on_today_tells_the_last_days(studio: Studio, clicked: int, hands: Hands) -> None:
    with studio.app.test_request_context("/studio"):
        card = figures.panel(studio.db, hands.at)
    assert "<b>1</b>" in card and "+1 in 7 days" in card and 'class="spark"' in card
    assert "In 30 days 2 joined and 1 left." in card
