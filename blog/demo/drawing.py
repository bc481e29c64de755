"""Draws the demonstration's charts and prints them as PNG. ``loading.py`` asks for all of them at once.

Run as a program it is the printing child: libvips is never loaded into the process that asks.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import Any

from blog.demo.script import PictureEntry
from blog.refusals import Unavailable
from blog.sky import charts, spectrum
from blog.sky.almanac import Place

LINES = {"hydrogen": spectrum.HYDROGEN, "sodium": spectrum.SODIUM, "sunlight": spectrum.SUNLIGHT}
SECONDS = 120
FONTS = """<?xml version="1.0"?>
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>
"""
"""Only our own two fonts: charts look alike everywhere, also on a machine that has none."""


def draw(picture: PictureEntry) -> str:
    """The chart as SVG."""
    return _CHARTS[picture.chart](dict(picture.options))


def print_charts(pictures: list[PictureEntry], folder: Path) -> None:
    """Writes ``<key>.png`` for each into ``folder``."""
    for picture in pictures:
        (folder / f"{picture.key}.svg").write_text(draw(picture), "utf-8")
    house = Path(__file__).parents[2]
    fonts = folder / "fonts.conf"
    fonts.write_text(
        FONTS.format(fonts=escape(str(house / "blog/demo/fonts")), cache=escape(str(folder / "cache"))),
        "utf-8",
    )
    # Only our own drawings come to this child, so the blocks that guard uploads are lifted for it.
    settings = {name: value for name, value in os.environ.items() if name != "VIPS_BLOCK_UNTRUSTED"}
    try:
        subprocess.run(
            [sys.executable, "-m", "blog.demo.drawing", str(folder)],
            cwd=house,
            env=settings | {"PYTHONPATH": str(house), "VIPS_CONCURRENCY": "1", "FONTCONFIG_FILE": str(fonts)},
            check=True,
            capture_output=True,
            timeout=SECONDS,
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise Unavailable(
            "The demonstration's charts could not be drawn just now. Try again in a minute."
        ) from error


def _print_all(folder: Path) -> None:
    import pyvips

    for drawing in sorted(folder.glob("*.svg")):
        printed = pyvips.Image.svgload_buffer(drawing.read_bytes()).flatten()
        printed.pngsave(str(drawing.with_suffix(".png")), compression=7, keep="none")


def _star_chart(options: dict[str, Any]) -> str:
    return charts.star_chart(options["at"], _place(options))


def _spectrum(options: dict[str, Any]) -> str:
    lines = LINES[options["lines"]]
    return charts.spectrum(options["title"], options["note"], lines, bright=options["bright"])


def _place(options: dict[str, Any]) -> Place:
    return Place(options["name"], options["lat"], options["lon"], options["timezone"])


_CHARTS: Mapping[str, Callable[[dict[str, Any]], str]] = {
    "star_chart": _star_chart,
    "figure_chart": lambda o: charts.figure_chart(o["name"], o["width"]),
    "orbit_diagram": lambda o: charts.orbit_diagram(o["at"], o["which"]),
    "retrograde_loop": lambda o: charts.retrograde_loop(o["start"], o["days"]),
    "galilean_moons": lambda o: charts.galilean_moons(o["start"], o["days"]),
    "analemma": lambda o: charts.analemma(o["year"], _place(o)),
    "moon_calendar": lambda o: charts.moon_calendar(o["year"], o["month"]),
    "moon_portrait": lambda o: charts.moon_portrait(o["angle"], o["name"]),
    "spectrum": _spectrum,
}

if __name__ == "__main__":
    _print_all(Path(sys.argv[1]))
