from datetime import datetime

import pytest
from sqlalchemy import select

from blog.posts.model import PostImage
from blog.refusals import Conflict, Invalid, NotFound
from newsletter.editions import adding, arranging
from newsletter.editions.arranging import LEFT, Coming
from newsletter.editions.model import EditionPost
from newsletter.lists.model import MailingList
from tests.newsletter.editions.conftest import DAY, HOUR, Newsroom


class Arranger:
    """An editor at the coming edition, with stories A to E; E is the newest."""

    def __init__(self, newsroom: Newsroom, noon: datetime) -> None:
        self.room, self.now = newsroom, noon + 6 * HOUR
        newsroom.begin(noon)
        self.posts = {title: newsroom.publish(title, noon + n * HOUR) for n, title in enumerate("ABCDE")}
        self.edition = newsroom.open().id

    def coming(self) -> Coming:
        return arranging.coming(self.room.db, self.now, self.room.settings)

    def order(self) -> str:
        return "".join(story.own_title for story in self.coming().stories)

    def pin(self, title: str) -> None:
        arranging.pin(self.room.db, self.edition, self.posts[title], self.now)

    def unpin(self, title: str) -> None:
        arranging.unpin(self.room.db, self.edition, self.posts[title], self.now)

    def up(self, title: str) -> None:
        arranging.move(self.room.db, self.edition, self.posts[title], self.now, up=True)

    def down(self, title: str) -> None:
        arranging.move(self.room.db, self.edition, self.posts[title], self.now, up=False)

    def drop(self, title: str) -> None:
        arranging.drop(self.room.db, self.edition, self.posts[title], self.now)

    def put_back(self, title: str) -> None:
        arranging.put_back(self.room.db, self.edition, self.posts[title], self.now)

    def retitle(self, title: str, other: str) -> None:
        arranging.retitle(self.room.db, self.edition, self.posts[title], other, self.now)

    def add(self, title: str) -> None:
        adding.add(self.room.db, self.edition, self.posts[title], self.now)

    def illustrate(self, title: str, image_id: int | None) -> None:
        arranging.illustrate(self.room.db, self.edition, self.posts[title], image_id, self.now)

    def offers(self, words: str = "") -> str:
        return "".join(offer.title for offer in adding.offers(self.room.db, self.coming(), words))

    def cut_off(self, minutes: int) -> None:
        with self.room.db.transaction() as s:
            s.scalars(select(MailingList)).one().cut_off = minutes
        self.room.tick(self.now)

    def close(self) -> list[str]:
        (edition_id,) = self.room.tick(self.room.open().due_at)
        return self.room.titles(edition_id)


@pytest.fixture
def editor(newsroom: Newsroom, noon: datetime) -> Arranger:
    return Arranger(newsroom, noon)


def test_the_coming_edition_shows_itself_as_it_would_leave_now(editor: Arranger, noon: datetime) -> None:
    editor.room.reader("ann@example.org", noon)
    coming = editor.coming()
    assert editor.order() == "EDCBA"
    assert (coming.edition_id, coming.readers, coming.timezone) == (editor.edition, 1, "UTC")
    assert (coming.likely_subject, coming.likely_preheader) == ("E", "D · C · B · A")
    assert coming.due_at == editor.room.open().due_at


def test_looking_changes_nothing_even_before_the_first_tick(newsroom: Newsroom, noon: datetime) -> None:
    newsroom.publish("Tides", noon)
    coming = arranging.coming(newsroom.db, noon + HOUR, newsroom.settings)
    assert (coming.edition_id, [story.title for story in coming.stories]) == (0, ["Tides"])
    assert newsroom.editions() == []


def test_pinned_stories_come_first_in_the_order_they_were_pinned(editor: Arranger) -> None:
    editor.pin("B")
    editor.pin("D")
    editor.pin("B")
    assert editor.order() == "BDECA"
    editor.up("D")
    assert editor.order() == "DBECA"
    editor.unpin("D")
    assert editor.order() == "BEDCA"


def test_a_story_moves_one_place_at_a_time(editor: Arranger) -> None:
    editor.up("A")
    assert editor.order() == "EDCAB"
    editor.down("E")
    assert editor.order() == "DECAB"
    editor.down("B")
    editor.up("D")
    assert editor.order() == "DECAB", "at either end there is nowhere to go"


def test_moving_does_not_cross_from_the_pinned_to_the_others(editor: Arranger) -> None:
    editor.pin("A")
    editor.up("E")
    editor.down("A")
    assert editor.order() == "AEDCB"
    shown = {story.own_title: (story.can_rise, story.can_sink) for story in editor.coming().stories}
    assert (shown["A"], shown["E"], shown["B"]) == ((False, False), (False, True), (True, False))


def test_a_new_story_comes_below_what_was_set_by_hand_and_above_the_rest(editor: Arranger) -> None:
    editor.up("D")
    assert editor.order() == "DECBA"
    editor.posts["F"] = editor.room.publish("F", editor.now)
    assert editor.order() == "DEFCBA"


def test_a_dropped_story_is_in_no_edition_unless_it_is_put_back(editor: Arranger) -> None:
    editor.drop("C")
    editor.drop("D")
    assert [story.own_title for story in editor.coming().dropped] == ["D", "C"]
    editor.put_back("D")
    assert editor.order() == "EDBA"
    assert editor.close() == ["E", "D", "B", "A"]
    editor.room.publish("F", editor.room.open().due_at - HOUR)
    assert editor.close() == ["F"]


def test_an_edition_with_every_story_dropped_is_skipped_and_they_stay_dropped(editor: Arranger) -> None:
    for title in "ABCDE":
        editor.drop(title)
    assert editor.room.tick(editor.room.open().due_at) == []
    assert editor.room.tick(editor.room.open().due_at) == []


def test_another_title_is_for_the_mail_only_and_can_be_taken_back(editor: Arranger) -> None:
    editor.retitle("E", "  The  better\ntitle ")
    assert editor.coming().stories[0].title == "The better title"
    assert editor.coming().likely_subject == "The better title"
    editor.retitle("D", "X")
    editor.retitle("D", "")
    assert editor.close() == ["The better title", "D", "C", "B", "A"]


def test_the_editors_words_are_kept_and_used(editor: Arranger) -> None:
    arranging.word(
        editor.room.db,
        editor.edition,
        "My subject\r\nBcc: x@example.org",
        " My  preheader ",
        "One.\r\n\r\nTwo.\n",
        editor.now,
    )
    coming = editor.coming()
    assert (coming.subject, coming.preheader) == ("My subject Bcc: x@example.org", "My preheader")
    assert coming.note == "One.\n\nTwo."
    editor.close()
    assert editor.room.editions()[0].subject == "My subject Bcc: x@example.org"


def test_words_that_do_not_fit_are_refused_with_the_numbers(editor: Arranger) -> None:
    with pytest.raises(Invalid, match="The subject has 201 characters; 200 fit.") as refusal:
        arranging.word(editor.room.db, editor.edition, "x" * 201, "", "", editor.now)
    assert list(refusal.value.fields) == ["subject"]
    with pytest.raises(Invalid):
        editor.retitle("A", "x" * 201)


def test_an_edition_that_has_left_cannot_be_arranged(editor: Arranger) -> None:
    editor.close()
    acts = (editor.pin, editor.unpin, editor.up, editor.down, editor.drop, editor.put_back)
    for act in acts:
        with pytest.raises(Conflict, match=LEFT):
            act("A")
    with pytest.raises(Conflict, match=LEFT):
        arranging.word(editor.room.db, editor.edition, "", "", "", editor.now)


def test_a_story_that_is_not_in_the_edition_cannot_be_arranged(editor: Arranger, noon: datetime) -> None:
    editor.room.withdraw(editor.posts["A"])
    editor.posts["kept out"] = editor.room.publish("Kept out", noon, in_digest=False)
    for title in ("A", "kept out"):
        with pytest.raises(NotFound, match="not in the coming edition"):
            editor.pin(title)
    with pytest.raises(NotFound, match="no such edition"):
        arranging.pin(editor.room.db, 999, editor.posts["B"], editor.now)


def test_a_pinned_story_that_is_withdrawn_leaves_no_gap_and_may_come_back(editor: Arranger) -> None:
    editor.pin("A")
    editor.room.withdraw(editor.posts["A"])
    assert editor.order() == "EDCB"
    assert editor.close() == ["E", "D", "C", "B"]
    editor.room.change(editor.posts["A"], state="published")
    assert editor.close() == ["A"]


def test_closing_numbers_the_stories_from_one(editor: Arranger) -> None:
    editor.pin("C")
    editor.up("A")
    assert editor.close() == ["C", "E", "D", "A", "B"]
    with editor.room.db.reading() as s:
        rows = s.scalars(select(EditionPost.position).where(EditionPost.edition_id == editor.edition))
        assert sorted(rows) == [1, 2, 3, 4, 5]
    assert editor.room.open().due_at == editor.room.editions()[0].due_at + DAY


def with_pictures(editor: Arranger, title: str, count: int) -> list[int]:
    ids = [editor.room.picture(f"{title}{n}".ljust(64, "0"), editor.now) for n in range(count)]
    with editor.room.db.transaction() as s:
        s.add_all(
            PostImage(post_id=editor.posts[title], image_id=image, position=n) for n, image in enumerate(ids)
        )
    editor.room.change(editor.posts[title], lead_image_id=ids[0])
    return ids


def test_a_story_gets_another_of_its_own_pictures_in_the_mail_only(editor: Arranger) -> None:
    own, other = with_pictures(editor, "E", 2)
    (foreign,) = with_pictures(editor, "D", 1)
    first, second, *_ = editor.coming().stories
    assert ([p.id for p in first.choices], second.choices) == ([own, other], ())
    editor.illustrate("E", other)
    shown = editor.coming().stories[0].picture
    assert shown and shown.id == other
    with pytest.raises(NotFound, match="not one of the story's"):
        editor.illustrate("E", foreign)
    editor.illustrate("D", None)
    editor.close()
    with editor.room.db.reading() as s:
        kept = select(EditionPost.image_id).where(EditionPost.post_id == editor.posts["E"])
        assert s.scalar(kept) == other


def test_stories_that_the_list_would_not_take_can_be_added(editor: Arranger, noon: datetime) -> None:
    editor.posts["O"] = editor.room.publish("O", noon - 30 * DAY)
    editor.posts["K"] = editor.room.publish("K", noon, in_digest=False)
    assert editor.offers() == "KO"
    assert editor.offers("what k") == "K" and editor.offers("%") == ""
    editor.add("O")
    editor.add("K")
    editor.add("E")
    assert (editor.order(), editor.offers()) == ("EDCBKAO", "")
    assert [story.own_title for story in editor.coming().stories if story.added] == ["K", "O"]
    editor.drop("O")
    assert (editor.order(), editor.coming().dropped, editor.offers()) == ("EDCBKA", (), "O")
    assert editor.close() == ["E", "D", "C", "B", "K", "A"]


def test_what_went_out_with_the_list_or_is_not_public_cannot_be_added(editor: Arranger) -> None:
    editor.room.withdraw(editor.posts["B"])
    editor.close()
    editor.edition = editor.room.open().id
    with pytest.raises(Conflict, match="nobody gets it twice"):
        editor.add("A")
    with pytest.raises(NotFound, match="not public"):
        editor.add("B")
    assert editor.offers() == ""


def test_a_story_left_out_of_an_edition_that_left_can_be_added_later(editor: Arranger) -> None:
    editor.drop("C")
    editor.close()
    editor.edition = editor.room.open().id
    assert editor.offers() == "C"
    editor.add("C")
    assert editor.order() == "C" and editor.close() == ["C"]


def test_after_the_cut_off_it_takes_neither_stories_nor_changes(editor: Arranger) -> None:
    editor.cut_off(30)
    due = editor.room.open().due_at
    editor.posts["F"] = editor.room.publish("F", due - HOUR / 4)
    editor.now = due - HOUR / 2
    with pytest.raises(Conflict, match="takes no more changes"):
        editor.pin("A")
    editor.now = due - HOUR / 8
    assert editor.coming().is_fixed and editor.order() == "EDCBA"
    assert editor.close() == ["E", "D", "C", "B", "A"]
    assert editor.order() == "F"
