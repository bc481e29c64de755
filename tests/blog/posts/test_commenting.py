"""Comments on blocks: they go where their block goes, and are for those alone who may see the story."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from blog.accounts.people import Person
from blog.db import Database
from blog.posts import commenting, deeds, publishing, reading, writing
from blog.refusals import Forbidden, Invalid, NotFound
from tests.blog.posts.building import MORNING, block, doc, edit, paragraph, picture, write

FIRST, SECOND, THIRD = (
    "Stars form in clouds of gas that fall together.",
    "Then the gas is blown away by their light.",
    "What is left are planets, and some dust.",
)


@pytest.fixture
def post(db: Database, arno: Person) -> int:
    return write(db, arno, "Clouds", *map(paragraph, (FIRST, SECOND, THIRD)))


def blocks(db: Database, post: int, by: Person) -> list[int]:
    return [one.block for one in commenting.threads(db, post, by)]


def rewrite(db: Database, post: int, by: Person, *body: Any) -> None:
    edit(db, post, by, MORNING, body=doc(*body))


def test_a_comment_is_said_answered_and_settled(db: Database, post: int, arno: Person, edda: Person) -> None:
    said = commenting.say(db, post, 2, "Whose light?", edda, MORNING)
    commenting.answer(db, post, said, "The young stars'.", arno, MORNING)
    (thread,) = commenting.threads(db, post, arno)
    assert (thread.block, thread.quote, commenting.open_count(db, post)) == (2, SECOND, 1)
    assert [(one.name, one.text) for one in thread.remarks] == [
        (edda.name, "Whose light?"), (arno.name, "The young stars'."),
    ]  # fmt: skip
    commenting.settle(db, post, said, arno, MORNING)
    assert commenting.open_count(db, post) == 0
    assert commenting.threads(db, post, edda)[0].settled_by == arno.name
    commenting.answer(db, post, said, "Not quite.", edda, MORNING)
    assert commenting.open_count(db, post) == 1, "an answer opens it again"
    assert [line.kind for line in deeds.of_post(db, post)][:2] == ["settled a comment", "commented"]


def test_it_goes_where_its_block_goes(db: Database, post: int, arno: Person) -> None:
    commenting.say(db, post, 2, "Whose light?", arno, MORNING)
    moved = [paragraph(one) for one in ("New.", FIRST, THIRD, SECOND)]
    rewrite(db, post, arno, *moved)
    assert blocks(db, post, arno) == [4]
    for words in (
        "Then the gas is blown off by the light",
        "So the gas is blown off by light of young stars",
    ):
        rewrite(db, post, arno, *moved[:3], paragraph(words))
        assert blocks(db, post, arno) == [4], "step by step it may become a quite different sentence"


def test_a_comment_outlives_its_block_and_finds_it_when_it_comes_back(
    db: Database, post: int, arno: Person
) -> None:
    commenting.say(db, post, 2, "Whose light?", arno, MORNING)
    rewrite(db, post, arno, paragraph(FIRST), paragraph(THIRD))
    (thread,) = commenting.threads(db, post, arno)
    assert (thread.block, thread.quote) == (0, SECOND)
    rewrite(db, post, arno, paragraph(SECOND), paragraph(FIRST))
    assert blocks(db, post, arno) == [1]


def test_of_two_blocks_that_say_the_same_the_nearest_is_meant(db: Database, arno: Person) -> None:
    post = write(db, arno, "Twice", *map(paragraph, ("Same.", "Between.", "Same.")))
    commenting.say(db, post, 3, "This one.", arno, MORNING)
    rewrite(db, post, arno, *map(paragraph, ("Same.", "Between.", "More.", "Same.")))
    assert blocks(db, post, arno) == [4]


def test_a_picture_can_be_commented_on(db: Database, arno: Person) -> None:
    image = picture(db, by=arno)
    post = write(db, arno, "Pictured", paragraph(FIRST), block("figure", image=image, caption="", alt=""))
    commenting.say(db, post, 2, "Brighter?", arno, MORNING)
    rewrite(db, post, arno, block("figure", image=image, caption="", alt=""), paragraph(FIRST))
    assert blocks(db, post, arno) == [1]


def test_who_may_do_what(db: Database, post: int, arno: Person, edda: Person, cleo: Person) -> None:
    said = commenting.say(db, post, 1, "Mine.", arno, MORNING)
    by_editor = commenting.say(db, post, 1, "Hers.", edda, MORNING)
    for deed in (
        lambda: commenting.threads(db, post, cleo),
        lambda: commenting.say(db, post, 1, "No.", cleo, MORNING),
        lambda: commenting.settle(db, post, said, cleo, MORNING),
        lambda: commenting.change(db, post, said, "No.", edda, MORNING),
        lambda: commenting.remove(db, post, by_editor, arno),
    ):
        with pytest.raises(Forbidden):
            deed()
    commenting.change(db, post, said, "Mine, changed.", arno, MORNING + timedelta(minutes=1))
    assert commenting.threads(db, post, arno)[0].remarks[0].is_edited
    commenting.remove(db, post, said, edda)
    assert [one.remarks[0].text for one in commenting.threads(db, post, arno)] == ["Hers."]


@pytest.mark.parametrize("text", ["", "  \n", "x" * 2001])
def test_what_is_empty_or_too_long_is_said_in_a_sentence(
    db: Database, post: int, arno: Person, text: str
) -> None:
    with pytest.raises(Invalid, match=r"\.$"):
        commenting.say(db, post, 1, text, arno, MORNING)
    for nowhere in (0, 4):
        with pytest.raises(Invalid, match="Put the cursor"):
            commenting.say(db, post, nowhere, "Words.", arno, MORNING)


def test_a_comment_of_another_story_is_not_there(db: Database, post: int, arno: Person) -> None:
    other = write(db, arno, "Other", paragraph(FIRST))
    said = commenting.say(db, other, 1, "Here.", arno, MORNING)
    with pytest.raises(NotFound):
        commenting.settle(db, post, said, arno, MORNING)


def test_the_mark_tells_of_every_change(db: Database, post: int, arno: Person) -> None:
    marks = [commenting.mark(db, post)]
    said = commenting.say(db, post, 1, "One.", arno, MORNING)
    marks.append(commenting.mark(db, post))
    for deed in (
        lambda: commenting.answer(db, post, said, "Two.", arno, MORNING),
        lambda: commenting.change(db, post, said, "Three.", arno, MORNING),
        lambda: commenting.settle(db, post, said, arno, MORNING),
        lambda: commenting.settle(db, post, said, arno, MORNING, settled=False),
        lambda: commenting.remove(db, post, said, arno),
    ):
        deed()
        marks.append(commenting.mark(db, post))
    assert all(before != after for before, after in pairwise(marks)) and len(marks) == 7


def test_readers_never_see_one_and_it_goes_with_its_story(db: Database, arno: Person) -> None:
    post = write(db, arno, "Public", paragraph(FIRST), lead_image=picture(db))
    commenting.say(db, post, 1, "A secret word", arno, MORNING)
    path = publishing.publish(db, post, arno, MORNING)
    assert "A secret word" not in str(reading.article(db, str(getattr(path, "path", path))))
    draft = write(db, arno, "Draft", paragraph(FIRST))
    commenting.say(db, draft, 1, "Another", arno, MORNING)
    writing.delete(db, draft, arno, MORNING)
    with pytest.raises(NotFound):
        commenting.threads(db, draft, arno)
