"""The demonstration's charts, drawn and printed."""

import struct
from dataclasses import replace
from pathlib import Path

import pytest

from blog.demo import drawing, script
from blog.refusals import Unavailable

CHARTS = [entry for entry in script.read().pictures if entry.chart]


def test_there_are_charts_of_every_kind() -> None:
    assert len(CHARTS) >= 14
    assert {entry.chart for entry in CHARTS} == set(drawing._CHARTS)


@pytest.mark.parametrize("key", [entry.key for entry in CHARTS])
def test_every_chart_of_the_script_can_be_drawn(key: str) -> None:
    chart = next(entry for entry in CHARTS if entry.key == key)
    assert drawing.draw(chart).startswith("<svg ")


def test_charts_are_printed_large_and_without_transparency(tmp_path: Path) -> None:
    drawing.print_charts(CHARTS[:2], tmp_path)
    for entry in CHARTS[:2]:
        head = (tmp_path / f"{entry.key}.png").read_bytes()[:26]
        width, height, _depth, colours = struct.unpack(">IIBB", head[16:26])
        assert (width, height, colours) == (2000, 1300, 2)


def test_charts_are_printed_also_where_uploads_may_not_be_drawings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIPS_BLOCK_UNTRUSTED", "1")
    drawing.print_charts(CHARTS[:1], tmp_path)
    assert (tmp_path / f"{CHARTS[0].key}.png").stat().st_size > 10_000


def test_a_printer_that_fails_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "broken.svg").write_text("<svg")
    with pytest.raises(Unavailable, match="could not be drawn"):
        drawing.print_charts([replace(CHARTS[0])], tmp_path)
