"""A changed name, hour or zone counts in the next mail and for the next edition, without a restart, and never twice a day."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from blog.accounts.roles import RoleName
from blog.db import Database
from blog.publication import changing, proving
from blog.publication.reading import current, current_in
from blog.settings import Settings
from newsletter.delivery.model import LetterId
from newsletter.delivery.parcels import LetterView, Parcel
from newsletter.doctor.signing import keyring
from newsletter.editions import compiling, composing
from newsletter.editions.model import EditionState
from newsletter.subscribers.tokens import Tokens
from tests.blog.posts.building import person
from tests.blog.publication.test_changing import AS_IT_IS
from tests.newsletter.editions.conftest import DAY, HOUR, Newsroom


class Owner:
    def __init__(self, db: Database, given: Settings) -> None:
        self.db, self.given, self.choice = db, given, AS_IT_IS
        self.who = person(db, RoleName.ADMINISTRATOR, "Ada")

    def choose(self, at: datetime, **words: Any) -> None:
        self.choice = replace(self.choice, **words)
        seen = proving.standing(self.db, at).version
        changing.change(self.db, self.given, self.choice, seen, self.who, at)


@pytest.fixture
def owner(db: Database, settings: Settings) -> Owner:
    return Owner(db, settings)


def live(
    db: Database,
    given: Settings,
    start: datetime,
    end: datetime,
    owner: Owner,
    changes: dict[int, dict[str, Any]],
) -> None:
    """The clock as ``app.py`` binds it, every quarter of an hour; ``changes`` by the hours after the start."""
    at = start
    while at <= end:
        minutes = int((at - start) / timedelta(minutes=1))
        if minutes % 60 == 0 and minutes // 60 in changes:
            owner.choose(at, **changes[minutes // 60])
        compiling.compile_due(db, at, current(db, given))
        at += timedelta(minutes=15)


@pytest.mark.parametrize(
    "changes",
    [
        {20: {"send_hour": 9}, 21: {"send_hour": 5}, 40: {"send_hour": 23}},
        {18: {"send_hour": 6}, 19: {"send_hour": 7}, 20: {"send_hour": 8}, 21: {"send_hour": 9}},
        {
            10: {"timezone": "Pacific/Kiritimati"},
            30: {"timezone": "Pacific/Pago_Pago"},
            50: {"timezone": "UTC"},
        },
        {
            19: {"timezone": "Europe/Berlin", "send_hour": 8},
            20: {"send_hour": 9},
            44: {"timezone": "Asia/Tokyo"},
        },
    ],
)
def test_however_hour_and_zone_are_changed_a_local_date_has_one_edition_and_a_story_one_place(
    newsroom: Newsroom, owner: Owner, noon: datetime, changes: dict[int, dict[str, Any]]
) -> None:
    newsroom.begin(noon)
    newsroom.reader("ann@example.org", noon)
    for hours in range(0, 96, 2):
        newsroom.publish(f"Story {hours}", noon + hours * HOUR)
    live(newsroom.db, newsroom.settings, noon, noon + 5 * DAY, owner, changes)
    closed = [one for one in newsroom.editions() if one.state != EditionState.OPEN]
    dates = [one.local_date for one in closed]
    assert len(dates) == len(set(dates)) >= 3
    told = [title for one in closed for title in newsroom.titles(one.id)]
    assert sorted(told) == sorted(f"Story {hours}" for hours in range(0, 96, 2))


def test_the_next_mail_bears_the_new_name_sender_and_way_to_answer(
    newsroom: Newsroom, owner: Owner, noon: datetime
) -> None:
    given = newsroom.settings
    write = composing.following(
        lambda s: current_in(s, given), Tokens("a-key-for-tests-only"), lambda now: keyring(now)
    )
    reader = newsroom.reader("ann@example.org", noon, "pending")
    first = mail(newsroom, write, reader, noon)
    assert b"From: Perijove <digest@localhost.localdomain>" in first and b"Reply-To" not in first
    owner.choose(noon, site_name="The Daily Sky", sender_name="The Daily Sky", reply_to="desk@example.org")
    second = mail(newsroom, write, reader, noon + HOUR)
    assert b"From: The Daily Sky <digest@localhost.localdomain>" in second
    assert b"Reply-To: desk@example.org" in second and b"The Daily Sky" in second.partition(b"\r\n\r\n")[2]


def test_every_kind_of_letter_follows(newsroom: Newsroom) -> None:
    assert set(composing.KINDS) == set(composing.composers(newsroom.settings, Tokens("x")))


def mail(newsroom: Newsroom, write: dict[str, Any], reader: int, at: datetime) -> bytes:
    view = LetterView(LetterId(1), "confirmation", int(at.timestamp()), reader, "ann@example.org", None, at)
    with newsroom.db.reading() as s:
        parcel = write["confirmation"](s, [view])[LetterId(1)]
    assert isinstance(parcel, Parcel)
    return parcel.message
