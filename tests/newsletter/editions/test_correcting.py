from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from sqlalchemy import select, update

from blog.posts.model import Post
from blog.refusals import Conflict, Invalid, NotFound
from newsletter.delivery.model import Letter, LetterState
from newsletter.editions import correcting
from newsletter.editions.correcting import Draft
from newsletter.editions.model import Correction
from newsletter.subscribers.model import Subscriber, SubscriberState
from tests.newsletter.editions.conftest import HOUR, Newsroom


class Desk:
    """An edition with stories A and B that left for ann, bob and cec; the server took all letters but cec's."""

    def __init__(self, room: Newsroom, noon: datetime) -> None:
        self.room = room
        room.begin(noon)
        self.posts = {title: room.publish(title, noon + n * HOUR) for n, title in enumerate("AB")}
        for name in ("ann", "bob", "cec"):
            room.reader(f"{name}@example.org", noon)
        (self.edition,) = room.tick(room.open().due_at)
        self.now = room.open().due_at
        with room.db.transaction() as s:
            accepted = {"state": LetterState.ACCEPTED, "settled_at": self.now}
            s.execute(update(Letter).where(Letter.address != "cec@example.org").values(accepted))

    def draft(self, title: str = "") -> Draft:
        return correcting.draft(self.room.db, self.edition, self.posts.get(title, 0))

    def send(self, title: str = "A", text: str = "It is 4 km.") -> int:
        about = self.posts.get(title, 0)
        return correcting.send(
            self.room.db,
            self.edition,
            about,
            " Correction:\nA ",
            text,
            "Ada",
            self.now + HOUR,
            self.room.settings,
        )

    def written_to(self) -> list[str]:
        return sorted(letter.address for letter in self.room.letters("correction"))


@pytest.fixture
def desk(newsroom: Newsroom, noon: datetime) -> Desk:
    return Desk(newsroom, noon)


def test_the_draft_names_the_story_and_how_many_got_it(desk: Desk) -> None:
    draft = desk.draft("A")
    assert (draft.subject, draft.readers, draft.post_id) == ("Correction: A", 2, desk.posts["A"])
    assert "Our mail of Mon 23 Nov carried “A”." in draft.text
    whole = desk.draft()
    assert (whole.subject, whole.readers, whole.post_id) == ("Correction: B", 2, 0)


def test_it_goes_to_exactly_those_whose_mail_carried_it_and_who_are_still_there(desk: Desk) -> None:
    with desk.room.db.transaction() as s:
        s.execute(
            update(Subscriber)
            .where(Subscriber.address == "bob@example.org")
            .values(state=SubscriberState.LEFT)
        )
    assert desk.draft("A").readers == 1
    assert desk.send() == 1
    assert desk.written_to() == ["ann@example.org"]
    with desk.room.db.reading() as s:
        kept = s.scalars(select(Correction)).one()
        assert (kept.subject, kept.text, kept.by, kept.recipients) == (
            "Correction: A",
            "It is 4 km.",
            "Ada",
            1,
        )
        assert {letter.about_id for letter in desk.room.letters("correction")} == {kept.id}
    (earlier,) = desk.draft("B").earlier
    assert (earlier.subject, earlier.recipients) == ("Correction: A", 1)


def test_the_same_is_sent_once_and_another_one_again(desk: Desk) -> None:
    desk.send()
    with pytest.raises(Conflict, match="sent already"):
        desk.send()
    assert desk.send(text="It is 5 km.") == 2
    assert len(desk.written_to()) == 4


def test_without_words_or_readers_or_an_edition_nothing_is_sent(desk: Desk) -> None:
    with pytest.raises(Invalid) as refusal:
        desk.send(text=" \n ")
    assert list(refusal.value.fields) == ["text"]
    with pytest.raises(NotFound):
        correcting.draft(desk.room.db, 999)
    with pytest.raises(Conflict, match="has not left"):
        correcting.draft(desk.room.db, desk.room.open().id)
    with desk.room.db.transaction() as s:
        s.execute(update(Letter).values(state=LetterState.REFUSED))
    with pytest.raises(Conflict, match="nobody to write to"):
        desk.send()
    assert desk.written_to() == []


def test_the_opening_alone_is_no_correction(desk: Desk) -> None:
    for title in ("A", ""):
        with pytest.raises(Invalid, match="Say what was wrong"):
            desk.send(title, desk.draft(title).text.replace("\n", "\r\n"))
    assert desk.written_to() == []


def test_pressed_several_times_in_one_moment_it_is_sent_once(desk: Desk) -> None:
    def press(_: int) -> int:
        try:
            return desk.send()
        except Conflict:
            return 0

    with ThreadPoolExecutor(6) as hands:
        assert sorted(hands.map(press, range(6))) == [0, 0, 0, 0, 0, 2]
    assert desk.written_to() == ["ann@example.org", "bob@example.org"]


def test_a_storys_page_of_corrections_knows_which_editions_carried_it(desk: Desk) -> None:
    (one,) = correcting.carriers(desk.room.db, desk.posts["A"])
    assert (one.edition_id, one.readers, one.corrected) == (desk.edition, 2, 0)
    desk.send()
    (one,) = correcting.carriers(desk.room.db, desk.posts["A"])
    assert one.corrected == 1
    assert correcting.carriers(desk.room.db, 10**6) == ()


def test_the_mail_begins_with_the_correction_that_stands_on_the_site(desk: Desk) -> None:
    with desk.room.db.transaction() as s:
        note = {"kind": "correction", "text": "It is 4 km.", "at": desk.now.isoformat(), "reworded_at": ""}
        s.execute(update(Post).where(Post.id == desk.posts["A"]).values(notes=[note]))
    assert desk.draft("A").text.endswith("One thing in it was not right.\n\nIt is 4 km.")
