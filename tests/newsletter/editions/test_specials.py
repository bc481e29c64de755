from datetime import datetime

import pytest

from blog.refusals import Conflict, Invalid, NotFound
from newsletter.editions import adding, arranging, compiling, specials
from newsletter.editions.coming import Coming, Which, coming, every_coming, which_of
from newsletter.editions.model import EditionState
from newsletter.lists import keeping
from newsletter.lists.keeping import ListWords
from tests.newsletter.editions.conftest import DAY, HOUR, Newsroom


class Desk:
    """An editor with stories A to C for tomorrow, O of last month, and two readers."""

    def __init__(self, room: Newsroom, noon: datetime) -> None:
        self.room, self.now = room, noon + 6 * HOUR
        room.begin(noon)
        self.regular = room.open()
        self.posts = {title: room.publish(title, noon + n * HOUR) for n, title in enumerate("ABC")}
        self.posts["O"] = room.publish("O", noon - 30 * DAY)
        for name in ("ann", "bob"):
            room.reader(f"{name}@example.org", noon)
        self.special = self.make("Total eclipse tonight")

    def make(self, subject: str) -> int:
        return specials.make(self.room.db, self.regular.list_id, subject, self.now, self.room.settings)

    def add(self, titles: str) -> None:
        for title in titles:
            adding.add(self.room.db, self.special, self.posts[title], self.now)

    def seen(self, which: Which | None = None) -> Coming:
        return coming(self.room.db, self.now, self.room.settings, which or Which(edition_id=self.special))

    def order(self, which: Which | None = None) -> str:
        return "".join(story.own_title for story in self.seen(which).stories)

    def send(self) -> int:
        return compiling.send_now(self.room.db, self.now, self.room.settings, self.special)


@pytest.fixture
def desk(newsroom: Newsroom, noon: datetime) -> Desk:
    return Desk(newsroom, noon)


def test_it_holds_what_was_added_in_that_order_and_the_digest_loses_it(desk: Desk) -> None:
    desk.add("OBO")
    assert (desk.order(), desk.order(Which())) == ("OB", "CA")
    arranging.move(desk.room.db, desk.special, desk.posts["B"], desk.now, up=True)
    assert desk.order() == "BO"
    arranging.drop(desk.room.db, desk.special, desk.posts["B"], desk.now)
    assert (desk.order(), desk.order(Which()), desk.seen().dropped) == ("O", "CBA", ())


def test_sent_it_goes_to_every_reader_and_the_digest_goes_on(desk: Desk) -> None:
    desk.add("OB")
    assert desk.send() == desk.special
    assert [letter.about_id for letter in desk.room.letters()] == [desk.special] * 2
    assert desk.room.titles(desk.special) == ["O", "B"]
    assert desk.room.tick(desk.regular.due_at) == [desk.regular.id]
    assert desk.room.titles(desk.regular.id) == ["C", "A"]
    with pytest.raises(Conflict):
        desk.send()
    with pytest.raises(Conflict, match="has left"):
        specials.discard(desk.room.db, desk.special)


def test_several_stand_beside_the_regular_one_each_with_its_address(desk: Desk) -> None:
    desk.make("Another")
    slugs = [edition.slug for edition in desk.room.editions() if edition.kind == "special"]
    assert slugs == ["2026-11-22-2", "2026-11-22-3"]
    shown = every_coming(desk.room.db, desk.now, desk.room.settings)
    assert [(one.subject, one.is_special, one.readers) for one in shown] == [
        ("", False, 2), ("Total eclipse tonight", True, 2), ("Another", True, 2),
    ]  # fmt: skip
    assert which_of(desk.room.db, desk.special) == Which(edition_id=desk.special)
    assert which_of(desk.room.db, desk.regular.id) == which_of(desk.room.db, 999) == Which()


def test_thrown_away_its_stories_go_back(desk: Desk) -> None:
    arranging.pin(desk.room.db, desk.regular.id, desk.posts["A"], desk.now)
    desk.add("A")
    assert desk.order(Which()) == "CB"
    specials.discard(desk.room.db, desk.special)
    assert desk.order(Which()) == "CBA"
    with pytest.raises(NotFound):
        desk.seen()
    with pytest.raises(Conflict, match="Only a special edition"):
        specials.discard(desk.room.db, desk.regular.id)


def test_it_needs_a_subject_and_a_living_list(desk: Desk) -> None:
    for subject in (" ", "x" * 201):
        with pytest.raises(Invalid) as refusal:
            desk.make(subject)
        assert list(refusal.value.fields) == ["subject"]
    gone = keeping.add(desk.room.db, ListWords("Weekly best"), desk.now)
    special = specials.make(desk.room.db, gone, "Best", desk.now, desk.room.settings)
    keeping.retire(desk.room.db, gone, desk.now)
    with pytest.raises(NotFound, match="no such list"):
        specials.make(desk.room.db, gone, "Best", desk.now, desk.room.settings)
    with pytest.raises(Conflict, match="retired"):
        arranging.word(desk.room.db, special, "Best", "", "", desk.now)


def test_every_list_has_its_own_next_edition(desk: Desk) -> None:
    weekly = keeping.add(desk.room.db, ListWords("Weekly best", weekdays=0b1000000, hour=9), desk.now)
    keeping.add(desk.room.db, ListWords("Sky alerts", weekdays=0), desk.now)
    desk.room.tick(desk.now)
    shown = every_coming(desk.room.db, desk.now, desk.room.settings)
    assert [one.list_name for one in shown] == ["Daily digest", "Weekly best", "Daily digest"]
    best = desk.seen(Which("weekly-best"))
    assert (best.list_id, best.local_date.isoformat(), best.due_at.hour, best.readers) == (
        weekly,
        "2026-11-29",
        9,
        0,
    )
    for slug in ("sky-alerts", "nonsense"):
        with pytest.raises(NotFound):
            desk.seen(Which(slug))
    open_ones = [edition for edition in desk.room.editions() if edition.state == EditionState.OPEN]
    assert len(open_ones) == 3
