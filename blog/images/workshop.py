"""The program that opens pictures, and the only one that loads libvips. ``foreman.py`` runs it as a child, never imports it.

One JSON job a line comes in, one JSON answer a line goes out. It knows neither database nor storage: it reads one file and
writes into one folder. It runs isolated, with limits on memory and time, because a hostile file may do anything to a codec.
"""

import base64
import json
import math
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any

MEMORY = 3 << 30
CPU_SECONDS = 240
"""Of processor time for one job; the foreman's patience is shorter, this is for a child whose foreman died."""
IDLE_SECONDS = 120
NOTES_LIMIT = 200_000
"""Bytes of each kind of notes in a file that are handed on."""
TALLEST = 16_000
"""WebP ends at 16,383 pixels a side, so a taller rendition is made smaller as a whole."""
SQUARE = 240
TILE = 510
"""Inner side of a tile; with the pixel that it shares with each neighbour it is 512."""
GREY = 32
LOADERS = ("Jpeg", "Png", "Tiff", "Webp", "Heif", "Nsgif")
COLOUR_SPACES = ("lab", "labs", "labq", "xyz", "scrgb", "cmyk")
"""Spaces whose numbers mean colours; any other number that is not 8 or 16 bits wide is a measurement."""
WHITE = [255, 255, 255]


def main() -> None:
    """Answers until its input ends or nothing came for two minutes."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    _limit()
    _load_engine()
    signal.signal(signal.SIGALRM, lambda *_: sys.exit(0))
    while True:
        signal.alarm(IDLE_SECONDS)
        line = sys.stdin.readline()
        signal.alarm(0)
        if not line:
            return
        answers.write(json.dumps(_answer(json.loads(line))) + "\n")


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _load_engine() -> None:
    import pyvips

    pyvips.cache_set_max(0)
    pyvips.operation_block_set("VipsForeignLoad", True)
    for loader in LOADERS:
        pyvips.operation_block_set(f"VipsForeignLoad{loader}", False)


def _answer(job: dict[str, Any]) -> dict[str, Any]:
    import pyvips

    used = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    resource.setrlimit(resource.RLIMIT_CPU, (int(used) + CPU_SECONDS, resource.RLIM_INFINITY))
    try:
        return _inspect(job) if job["do"] == "inspect" else _render(job)
    except (pyvips.Error, OSError, MemoryError, ValueError) as error:
        return {"fault": "full" if "No space left" in str(error) else "broken", "detail": str(error)[:500]}


def _inspect(job: dict[str, Any]) -> dict[str, Any]:
    """Reads the header alone: a bomb is known by its size before anything is decoded."""
    import pyvips

    image = pyvips.Image.new_from_file(job["source"], access="sequential")
    upright = image.autorot()
    return {
        "width": upright.width,
        "height": upright.height,
        "xmp": _notes(image, "xmp-data").decode("utf-8", "replace"),
        "iptc": base64.b64encode(_notes(image, "iptc-data")).decode(),
        "exif": base64.b64encode(_notes(image, "exif-data")).decode(),
    }


def _notes(image: Any, name: str) -> bytes:
    notes = bytes(image.get(name)) if image.get_typeof(name) else b""
    return notes if len(notes) <= NOTES_LIMIT else b""


def _render(job: dict[str, Any]) -> dict[str, Any]:
    """Writes the files of ``names`` into ``folder``. Also tells the colour, a tiny stand-in and a grey copy to compare by."""
    folder, names, words = Path(job["folder"]), list(job["names"]), job["words"].encode()
    if "zoom.zip" in names:
        _tile(job["source"], folder / "zoom.zip", words)
    widths = sorted({int(name.split(".")[0]) for name in names if name[0].isdigit()}, reverse=True)
    image = _open(job["source"], widths[0] if widths else SQUARE, TALLEST)
    for width in widths:
        sized = image.thumbnail_image(width, height=TALLEST, size="down")
        for name in names:
            if name.startswith(f"{width}."):
                _save(_imprinted(sized, words), folder / name, job["crisp"])
    if "square.jpg" in names:
        square = _square(job["source"], image, job["focal"])
        _save(_imprinted(square, words), folder / "square.jpg", job["crisp"])
    return _sample(image)


def _open(source: str, width: int, height: int) -> Any:
    """Upright, no larger than the box, eight-bit sRGB on white, in memory: read once, saved many times."""
    import pyvips

    header = pyvips.Image.new_from_file(source, access="sequential")
    measured = header.format not in ("uchar", "ushort") and header.interpretation not in COLOUR_SPACES
    box = {"height": height, "size": "down"}
    if measured:
        # Measurements come in any range; the whole of it is shown.
        image = pyvips.Image.new_from_file(source, fail_on="error").scaleimage().thumbnail_image(width, **box)
    else:
        image = pyvips.Image.thumbnail(source, width, output_profile="srgb", fail_on="error", **box)
    return _plain(image).copy_memory()


def _plain(image: Any) -> Any:
    if image.interpretation == "multiband" or image.bands > 4:
        image = image.extract_band(0, n=3 if image.bands >= 3 else 1)
        image = image.copy(interpretation="srgb" if image.bands == 3 else "b-w")
    image = image.colourspace("srgb")
    if image.hasalpha():
        image = image.flatten(background=WHITE)
    return image.cast("uchar")


def _imprinted(image: Any, words: bytes) -> Any:
    """The picture with our XMP packet in the place of what its file brought, or without any."""
    import pyvips

    image = image.copy()
    if image.get_typeof("xmp-data"):
        image.remove("xmp-data")
    if words:
        image.set_type(pyvips.GValue.blob_type, "xmp-data", words)
    return image


def _tile(source: str, place: Path, words: bytes) -> None:
    """All tiles of the whole picture, each size half of the next, in one archive: ``<level>/<column>_<row>.jpg``."""
    import pyvips

    image = pyvips.Image.new_from_file(source, access="sequential", fail_on="error")
    if image.format not in ("uchar", "ushort") and image.interpretation not in COLOUR_SPACES:
        image = pyvips.Image.new_from_file(source, fail_on="error").scaleimage()
    image = image.autorot()
    if image.get_typeof("icc-profile-data"):
        image = image.icc_transform("srgb", embedded=True, depth=8)
    _imprinted(_plain(image), words).dzsave(
        str(place),
        container="zip",
        tile_size=TILE,
        overlap=1,
        suffix=".jpg[Q=80,optimize_coding]",
        keep="xmp",
    )


def _save(image: Any, place: Path, crisp: bool) -> None:
    """No profile, EXIF or GPS goes along, and no XMP but ours. A ``crisp`` picture (a chart) keeps its full colour resolution."""
    chroma = "off" if crisp else "auto"
    if place.suffix == ".avif":
        image.heifsave(
            str(place), compression="av1", Q=55, effort=2, bitdepth=8, subsample_mode=chroma, keep="xmp"
        )
    elif place.suffix == ".webp":
        image.webpsave(str(place), Q=80, smart_subsample=crisp, keep="xmp")
    else:
        image.jpegsave(
            str(place), Q=82, subsample_mode=chroma, optimize_coding=True, interlace=True, keep="xmp"
        )


def _square(source: str, image: Any, focal: list[int]) -> Any:
    """The largest square around the focal point, in percent, that fits; then 240 pixels a side."""
    if min(image.width, image.height) < SQUARE:
        stretch = SQUARE / min(image.width, image.height)
        longest = min(TALLEST, math.ceil(max(image.width, image.height) * stretch))
        image = _open(source, longest, longest)
    side = min(image.width, image.height)
    left = _start(image.width, side, focal[0])
    top = _start(image.height, side, focal[1])
    return image.crop(left, top, side, side).thumbnail_image(SQUARE, height=SQUARE, size="force")


def _start(length: int, side: int, percent: int) -> int:
    return max(0, min(length - side, round(length * percent / 100 - side / 2)))


def _sample(image: Any) -> dict[str, Any]:
    small = image.thumbnail_image(16, height=64, size="down")
    colour = "#" + "".join(f"{round(band.avg()):02x}" for band in small.bandsplit())
    tiny = base64.b64encode(small.webpsave_buffer(Q=50, keep="none")).decode()
    grey = image.colourspace("b-w").thumbnail_image(GREY, height=GREY, size="force")
    return {
        "colour": colour,
        "placeholder": f"data:image/webp;base64,{tiny}",
        "grey": base64.b64encode(grey.extract_band(0).cast("uchar").write_to_memory()).decode(),
    }


if __name__ == "__main__":
    main()
