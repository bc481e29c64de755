"""Marks: short, signed, the same each time."""

import re

import pytest

from newsletter.delivery.marks import Mark, mark, read_mark


@pytest.mark.parametrize(
    ("kind", "numbers"), [("digest", (0, 1, 0, 0)), ("story", (0, 7, 1, 35)), ("digest", (36, 99, 12, 2**62))]
)
def test_a_mark_says_what_it_was_made_of(kind: str, numbers: tuple[int, int, int, int]) -> None:
    made = mark("key", *numbers, kind=kind)
    assert read_mark("key", made) == Mark(kind, *numbers)
    assert read_mark("key", f" {made.upper()}\n") == Mark(kind, *numbers), (
        "mail programs are rough with links"
    )
    assert re.fullmatch(r"[a-z0-9-]{15,50}", made) and made == mark("key", *numbers, kind=kind)


def test_a_mark_of_another_key_or_with_another_number_is_none() -> None:
    made = mark("key", 412, 99, 3, 100_000)
    assert len(made) < 30
    assert read_mark("other", made) is None
    assert read_mark("key", made.replace("d", "s", 1)) is None
    for place in range(len(made)):
        changed = made[:place] + ("3" if made[place] != "3" else "4") + made[place + 1 :]
        assert read_mark("key", changed) is None
    assert read_mark("key", made[:-1]) is None and read_mark("key", "") is None
