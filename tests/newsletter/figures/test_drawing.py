"""Geometry: what is drawn stays on its sheet and is as long as its number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.figures import drawing, sheets
from newsletter.figures.drawing import HEIGHT, WIDTH

numbers = st.lists(st.integers(0, 10**7), max_size=400)


@given(numbers)
def test_columns_stay_on_the_sheet_and_none_that_is_something_vanishes(some: list[int]) -> None:
    made = drawing.columns(some)
    assert len(made) == len(some)
    for number, one in zip(some, made, strict=True):
        assert one.x >= 0 and one.x + one.width <= WIDTH + 0.1
        assert 0 <= one.y <= HEIGHT and one.y + one.height == pytest.approx(HEIGHT, abs=0.02)
        assert (one.height > 0) == (number > 0)


@given(numbers.filter(len))
def test_a_line_runs_from_edge_to_edge(some: list[int]) -> None:
    made = drawing.line(some, *drawing.around(some))
    assert made.path.startswith("M0 ") and made.end_x == pytest.approx(WIDTH)
    assert 0 <= made.end_y <= HEIGHT and made.area.endswith("Z")


@given(numbers, st.data())
def test_a_tide_rises_above_its_level_and_falls_below_it(up: list[int], data: st.DataObject) -> None:
    down = data.draw(st.lists(st.integers(0, 10**7), min_size=len(up), max_size=len(up)))
    made = drawing.tide(up, down)
    assert all(one.y + one.height == pytest.approx(made.level, abs=0.02) for one in made.up)
    assert all(one.y == made.level and one.y + one.height <= HEIGHT + 0.1 for one in made.down)


@given(st.floats(0, 10**9))
def test_an_axis_ends_with_a_round_number_that_is_not_far(most: float) -> None:
    top = drawing.ceiling([most])
    assert max(most, 1) <= top <= max(2 * most, 2) and str(top).rstrip("0") in {"1", "15", "2", "25", "3", "4", "5", "6", "8"}  # fmt: skip


def test_nothing_to_draw_is_drawn_as_nothing() -> None:
    assert drawing.columns([]) == () and drawing.line([]).path == ""
    assert drawing.tide([], []).up == () and drawing.ticks([]) == ()


def test_ticks_keep_the_first_and_the_last() -> None:
    assert drawing.ticks(["a", "b", "c"]) == ("a", "b", "c")
    assert drawing.ticks([*"abcdefghijkl"]) == ("a", "e", "h", "l")


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "  =1", "|x", "%x"])
def test_a_cell_never_begins_a_formula(cell: str) -> None:
    assert sheets.safe(cell) == f"'{cell}"


def test_words_and_numbers_are_left_as_they_are() -> None:
    assert [sheets.safe(cell) for cell in ("Rings", "", -5, 2.5)] == ["Rings", "", -5, 2.5]
    assert sheets.written(sheets.Sheet(("a", "b"), (('Say "hi"', 1),))) == 'a,b\r\n"Say ""hi""",1\r\n'
