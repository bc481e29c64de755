from newsletter.editions import reading
from tests.newsletter.editions.conftest import Newsroom


def test_the_desk_sees_the_empty_day_too(week: Newsroom) -> None:
    past = reading.past(week.db)
    assert [(card.local_date.day, card.state) for card in past.editions] == [
        (4, "sending"), (3, "sending"), (2, "sending"), (1, "skipped"), (30, "sending"), (29, "sending"),
    ]  # fmt: skip
