"""What composers are told of the readers of a batch, however far apart those are."""

from datetime import datetime

import pytest

from newsletter.subscribers.model import Follow, Subscriber, Subscription
from newsletter.subscribers.served import Batch, Served, served, served_by, weights
from tests.cast import Newsroom
from tests.newsletter.editions.conftest import newsroom

__all__ = ["newsroom"]


@pytest.fixture
def readers(newsroom: Newsroom, noon: datetime) -> list[int]:
    """Forty who get the daily list; the second has given it up, the third wants neither pictures nor counting and follows."""
    newsroom.begin(noon)
    ids = [newsroom.reader(f"reader{n}@example.org", noon) for n in range(40)]
    with newsroom.db.transaction() as s:
        third = s.get_one(Subscriber, ids[2])
        third.pictures = third.clicks = False
        s.delete(s.get_one(Subscription, (ids[1], 1)))
        s.add_all(
            Follow(subscriber_id=ids[2], subject=kind, subject_id=7, weight=w)
            for kind, w in (("topic", 2), ("author", -1))
        )
    return ids


@pytest.mark.parametrize("chosen", [[0, 1, 2], [0, 1, 2, 39]], ids=["neighbours", "far apart"])
def test_each_reader_is_found_with_their_choices(
    newsroom: Newsroom, readers: list[int], chosen: list[int]
) -> None:
    first, second, third = readers[:3]
    batch = Batch([readers[n] for n in chosen])
    with newsroom.db.reading() as s:
        found = served_by(s, 1, batch)
        assert found[first] == Served("confirmed", True, True)
        assert found[second] == Served("confirmed", True, True, False)
        assert found[third] == Served("confirmed", False, False)
        assert {who: sorted(likes) for who, likes in weights(s, batch).items()} == {
            third: [("author", 7, -1), ("topic", 7, 2)]
        }
        assert served(s, [first, 999])[first] == Served("confirmed", True, True)
        assert 999 not in served(s, [first, 999])


def test_of_nobody_nothing_is_told(newsroom: Newsroom) -> None:
    with newsroom.db.reading() as s:
        assert served(s, []) == {} == weights(s, Batch([]))
