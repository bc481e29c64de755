"""A story that is mailed at once, as it stands in the mail box."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import delete

from newsletter.delivery.marks import Mark
from newsletter.delivery.parcels import Parcel, Skip
from newsletter.lists import keeping
from newsletter.lists.keeping import ListWords
from newsletter.subscribers import leaving, serving
from newsletter.subscribers.model import Subscriber, Subscription
from newsletter.subscribers.tokens import Tokens
from tests.newsletter.editions.conftest import HOUR
from tests.newsletter.editions.post_office import (
    OWN,
    PostOffice,
    linked,
    marks,
    parts,
    read,
    tokens_in,
    told,
)

SEVEN = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


@dataclass
class Wire:
    """Readers who get each story at once, and one that comes out an hour after noon."""

    office: PostOffice
    noon: datetime

    def __post_init__(self) -> None:
        self.room = self.office.room
        self.room.begin(self.noon)

    def reader(self, name: str, **choices: Any) -> int:
        reader_id = self.room.reader(f"{name}@example.org", self.noon)
        self.office.choose(reader_id, self.noon, at_once=True, **choices)
        return reader_id

    def publish(self, title: str = "An eclipse <tonight>") -> int:
        at = self.noon + HOUR
        post_id = self.room.publish(
            title,
            at,
            topics=[self.room.topic("Moon")],
            authors=[self.room.author("Ada Morrow", at)],
            image_id=self.room.picture("eclipse", at, alt="The Moon in copper"),
        )
        self.room.tick(at)
        return post_id


@pytest.fixture
def wire(post_office: PostOffice, noon: datetime) -> Wire:
    return Wire(post_office, noon)


def test_a_story_comes_alone_with_its_picture_and_every_header(wire: Wire) -> None:
    reader = wire.reader("ann")
    post_id = wire.publish()
    message = wire.office.mail("story", reader)
    text, html = parts(message)
    assert (
        message["Subject"] == "An eclipse <tonight>"
        and message["From"] == "Perijove <digest@news.example.org>"
    )
    assert message["List-Id"] == "Daily digest <daily.news.example.org>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Unsubscribe"].strip("<>") in told(text)
    assert message["Date"].datetime == wire.noon + HOUR and "Auto-Submitted" not in message
    assert 'alt="The Moon in copper"' in html and "The Observatory (CC BY 4.0)" in html
    assert "Moon · Ada Morrow · 3 min" in text and "An eclipse &lt;tonight&gt;" in html
    assert marks(text) == [Mark("story", 0, post_id, 1, reader)]
    assert set(told(text)) == linked(html)


def test_each_reader_gets_only_their_own_links(wire: Wire, tokens: Tokens) -> None:
    readers = [wire.reader(name) for name in ("ann", "bob", "dot")]
    wire.publish()
    texts = [parts(wire.office.mail("story", reader))[0] for reader in readers]
    held = [tokens_in(text) for text in texts]
    assert [len(one) for one in held] == [4, 4, 4] and len(set.union(*held)) == 12
    assert len({OWN.sub("", text) for text in texts}) == 1
    for reader, text in zip(readers, texts, strict=True):
        more = tokens.read_taste(text.partition("More like this: ")[2].split()[0].rpartition("/")[2])
        assert (more.subscriber_id, more.more) == (reader, True)


def test_pictures_and_marks_are_left_out_for_whoever_wants_none(wire: Wire) -> None:
    wire.office.set(count_opens=True)
    reader = wire.reader("ann", pictures=False, clicks=False)
    other = wire.reader("dot")
    wire.publish()
    text, html = parts(wire.office.mail("story", reader))
    assert "<img" not in html and "via=" not in text + html
    text, html = parts(wire.office.mail("story", other))
    assert html.count("<img") == 1 and "/o/" not in html, "only digests are counted when they are opened"


def test_a_list_that_is_only_alerts_speaks_in_its_own_name(wire: Wire) -> None:
    room = wire.room
    list_id = keeping.add(
        room.db, ListWords("Sky alerts", weekdays=0, sender="Alerts <sky@news.example.org>", design="plain"), wire.noon
    )  # fmt: skip
    reader = room.reader("ann@example.org", wire.noon)
    with room.db.transaction() as s:
        serving.subscribe(s, s.get_one(Subscriber, reader), list_id, wire.noon, room.settings)
    wire.publish()
    wire.office.set(bounce_address="back@news.example.org")
    parcel = wire.office.parcels("story")[reader]
    assert isinstance(parcel, Parcel) and parcel.sender.startswith("back+")
    message = read(parcel)
    text, html = parts(message)
    assert message["From"] == "Alerts <sky@news.example.org>" and "<img" not in html
    assert message["List-Id"] == "Sky alerts <sky-alerts.news.example.org>"
    assert "each story of Sky alerts as it comes out" in text


def test_who_left_or_gave_the_list_up_gets_none_and_a_withdrawn_story_goes_to_nobody(wire: Wire) -> None:
    gone, without, there = (wire.reader(name) for name in ("ann", "bob", "dot"))
    post_id = wire.publish()
    leaving.leave(wire.room.db, gone, SEVEN, settings=wire.room.settings)
    with wire.room.db.transaction() as s:
        s.execute(delete(Subscription).where(Subscription.subscriber_id == without))
    parcels = wire.office.parcels("story")
    assert parcels[gone] == Skip("left the list") and parcels[without] == Skip("gave up this list")
    assert isinstance(parcels[there], Parcel)
    wire.room.withdraw(post_id)
    assert wire.office.parcels("story")[there] == Skip("the story was withdrawn")


def test_what_is_edited_before_it_leaves_goes_out_as_it_reads_then(wire: Wire) -> None:
    reader = wire.reader("ann")
    post_id = wire.publish()
    assert wire.office.mail("story", reader)["Subject"] == "An eclipse <tonight>"
    wire.room.change(post_id, title="An eclipse tomorrow")
    assert wire.office.mail("story", reader)["Subject"] == "An eclipse tomorrow"
