"""A list's mail leaves by the relay that the list has chosen, whatever kind of mail it is."""

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import update

from newsletter.delivery.model import Letter, LetterState
from newsletter.editions import correcting
from newsletter.lists import keeping
from newsletter.subscribers import signup
from newsletter.subscribers.origins import Origin
from tests.newsletter.editions.conftest import DAY, HOUR, Newsroom
from tests.newsletter.editions.test_dispatching import SEVEN, choose, room
from tests.newsletter.editions.test_giving import special

__all__ = ["room"]
RELAYS = "alerts=smtp://mail.example.net"


def choose_relay(room: Newsroom, name: str, at: datetime) -> None:
    daily = room.open().list_id
    words = keeping.get(room.db, daily, at, room.settings).words
    keeping.change(room.db, daily, replace(words, relay=name), at)


def relays(room: Newsroom, kind: str) -> set[str]:
    return {letter.relay for letter in room.letters(kind)}


@pytest.mark.parametrize(("set_in_the_settings", "taken"), [(RELAYS, "alerts"), ("", "")])
def test_digests_stories_and_corrections_leave_by_the_list_s_relay_if_there_is_one(
    room: Newsroom, noon: datetime, set_in_the_settings: str, taken: str
) -> None:
    room.settings = room.settings.model_copy(update={"relays": set_in_the_settings})
    choose_relay(room, "alerts", noon)
    for name, choices in (
        ("ann", {}),
        ("kiwi", {"timezone": "Pacific/Auckland"}),
        ("eve", {"at_once": True}),
    ):
        choose(room, room.reader(f"{name}@example.org", noon), noon, **choices)  # type: ignore[arg-type]
    post = room.publish("Tides", noon + HOUR)
    (edition, *_) = room.tick(SEVEN)
    room.tick(SEVEN + DAY)
    extra = special(room, SEVEN + DAY + HOUR, note="Look up.")
    with room.db.transaction() as s:
        s.execute(update(Letter).values(state=LetterState.ACCEPTED, settled_at=SEVEN + DAY))
    correcting.send(
        room.db, edition, post, "Correction", "It is 4 km.", "Ada", SEVEN + 2 * DAY, room.settings
    )
    assert {letter.about_id for letter in room.letters()} >= {edition, extra}
    assert [relays(room, kind) for kind in ("digest", "story", "correction")] == [{taken}] * 3


def test_a_confirmation_leaves_by_the_publication_s_own(room: Newsroom, noon: datetime) -> None:
    room.settings = room.settings.model_copy(update={"relays": RELAYS})
    choose_relay(room, "alerts", noon)
    signup.ask(room.db, "new@example.org", Origin("/"), noon, room.settings)
    assert relays(room, "confirmation") == {""}
