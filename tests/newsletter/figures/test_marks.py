"""Marks: short, signed, the same each time."""

import re

import pytest

from newsletter.delivery.marks import Mark, letter_marks, mark, read_mark, story_mark
from newsletter.delivery.seals import LENGTH, seal
from newsletter.subscribers.tokens import Tokens


@pytest.mark.parametrize(
    ("kind", "numbers"), [("digest", (0, 1, 0, 0)), ("story", (0, 7, 1, 35)), ("digest", (36, 99, 12, 10**18 - 1))]
)  # fmt: skip
def test_a_mark_says_what_it_was_made_of(kind: str, numbers: tuple[int, int, int, int]) -> None:
    made = mark("key", *numbers, kind=kind)
    assert read_mark("key", made) == Mark(kind, *numbers)
    assert read_mark("key", f" {made.upper()}\n") == Mark(kind, *numbers), (
        "mail programs are rough with links"
    )
    assert re.fullmatch(r"[a-z0-9-]{15,50}", made) and made == mark("key", *numbers, kind=kind)


def test_nobody_can_make_up_whose_letter_it_was() -> None:
    made = mark("key", 412, 99, 3, 100_000)
    assert len(made) < 35
    assert read_mark("other", made) is None
    assert read_mark("key", made.replace("d", "s", 1)) is None
    signed = letter_marks("key")("digest", 412, 100_000)
    for place in range(len(signed)):
        changed = made[:place] + ("3" if made[place] != "3" else "4") + made[place + 1 :]
        assert read_mark("key", changed) is None
    assert read_mark("key", signed) is None and read_mark("key", "") is None


def test_all_links_of_a_letter_share_their_signature() -> None:
    signed = letter_marks("key")("digest", 412, 7)
    assert read_mark("key", signed + story_mark(1, 99)) == Mark("digest", 412, 99, 1, 7)
    assert read_mark("key", signed + story_mark(2, 98)) == Mark("digest", 412, 98, 2, 7)


def test_a_mark_tells_nothing_of_the_links_it_is_signed_with() -> None:
    tokens = Tokens("key")
    of_digest, of_story = (
        letter_marks("key")(kind, 412, 7).rpartition("-")[2] for kind in ("digest", "story")
    )
    assert of_digest != of_story
    for token in (*tokens.ways_out(7, 412), *tokens.tastes(7, 412)):
        assert of_digest not in token and of_story not in token


def test_a_seal_signs_each_text_by_itself() -> None:
    sign = seal("key", "taste")
    signed = {text: sign(text) for text in ("", "7.412", "7.413")}
    assert {len(signature) for signature in signed.values()} == {LENGTH} and len(set(signed.values())) == 3
    assert all(sign(text) == signature for text, signature in signed.items())
    assert seal("key", "ways out")("7.412") != signed["7.412"] != seal("another", "taste")("7.412")


def test_the_link_of_a_story_that_came_alone_fits_no_other_story() -> None:
    signed = letter_marks("key")("story", 99, 7)
    assert read_mark("key", signed + story_mark(1, 99)) == Mark("story", 0, 99, 1, 7)
    assert read_mark("key", signed + story_mark(1, 98)) is None


@pytest.mark.parametrize(
    "odd", ["d1-1-1-1-", "d1-1-0123456789abc-1-" + "9" * 30, "d²-1-0123456789abc-1-1", "d" * 500]
)
def test_odd_strings_are_no_marks(odd: str) -> None:
    assert read_mark("key", odd) is None
