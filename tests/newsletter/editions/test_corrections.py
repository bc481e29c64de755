"""A correction, as it stands in the mail box of those whose digest carried the story."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from newsletter.delivery.model import Letter, LetterState
from newsletter.delivery.parcels import Skip
from newsletter.editions import correcting
from newsletter.subscribers import leaving
from tests.newsletter.editions.conftest import HOUR
from tests.newsletter.editions.post_office import SITE, PostOffice, linked, parts, tokens_in, told

SEVEN = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
TEXT = "We wrote 4 km.\n\nIt is <5> km."


class Corrected(PostOffice):
    post_id: int
    edition_id: int

    def send(self, post_id: int) -> None:
        subject = "Correction: Tides"
        correcting.send(
            self.room.db, self.edition_id, post_id, subject, TEXT, "Ada", SEVEN + HOUR, self.room.settings
        )


@pytest.fixture
def office(post_office: PostOffice, noon: datetime) -> Corrected:
    """An edition with the story Tides that three readers got."""
    made = Corrected(post_office.room)
    made.room.begin(noon)
    for name in ("ann", "bob", "dot"):
        made.room.reader(f"{name}@example.org", noon)
    made.post_id = made.room.publish("Tides", noon)
    (made.edition_id,) = made.room.tick(SEVEN)
    with made.room.db.transaction() as s:
        s.execute(update(Letter).values(state=LetterState.ACCEPTED, settled_at=SEVEN))
    return made


def test_a_correction_says_what_was_wrong_where_it_stood_and_how_to_leave(office: Corrected) -> None:
    office.send(office.post_id)
    message = office.mail("correction")
    text, html = parts(message)
    assert message["Subject"] == "Correction: Tides" and message["Date"].datetime == SEVEN + HOUR
    assert message["List-Id"] == "Daily digest <daily.news.example.org>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Unsubscribe"].strip("<>") in told(text)
    assert "We wrote 4 km.\n\nIt is <5> km." in text and "It is &lt;5&gt; km." in html
    for address in ("/2026/11/tides", "/digest/2026-11-23"):
        assert f"{SITE}{address}" in told(text)
    assert "your digest of Mon 23 Nov carried this" in text and set(told(text)) == linked(html)
    assert "<img" not in html and "via=" not in text + html


def test_each_reader_gets_only_their_own_links(office: Corrected) -> None:
    office.send(office.post_id)
    readers = list(office.parcels("correction"))
    held = [tokens_in(parts(office.mail("correction", reader))[0]) for reader in readers]
    assert [len(one) for one in held] == [2, 2, 2] and len(set.union(*held)) == 6


def test_one_about_the_whole_edition_or_a_withdrawn_story_leads_to_the_edition_alone(
    office: Corrected,
) -> None:
    office.send(0)
    text, html = parts(office.mail("correction"))
    assert "/2026/11/tides" not in text and f"{SITE}/digest/2026-11-23" in told(text)
    assert set(told(text)) == linked(html)


def test_who_left_meanwhile_gets_none(office: Corrected) -> None:
    office.send(office.post_id)
    gone = office.room.letters("correction")[0].reader_id
    leaving.leave(office.room.db, gone, SEVEN + HOUR, settings=office.settings)
    office.room.withdraw(office.post_id)
    parcels = office.parcels("correction")
    assert parcels.pop(gone) == Skip("left the list") and len(parcels) == 2
    assert "/2026/11/tides" not in parts(office.mail("correction", next(iter(parcels))))[0]
