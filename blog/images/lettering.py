"""Draws the picture that other sites show of a story that has none of its own: topic, title, names. ``web/sharing.py`` asks.

Run as a program it is the drawing child: libvips is never loaded into the process that asks.
"""

import contextlib
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any

from blog.images.foreman import surroundings
from blog.refusals import Unavailable

WIDTH, HEIGHT, EDGE = 1200, 630, 80
SECONDS = 30
REST = timedelta(minutes=10)
"""For so long nothing is drawn after it failed."""
KEPT = timedelta(days=90)
"""After so long a picture is drawn anew where it is still asked for; of former titles none stays."""
BUSY = "The picture could not be drawn just now. Try again in a minute."
LONGEST = 300
TITLE_ROOM = 330
"""Pixels that the title may be high; a longer one is set smaller."""
FONTS = """<?xml version="1.0"?>
<fontconfig><dir>{ours}</dir><dir>/usr/share/fonts</dir><cachedir>{cache}</cachedir></fontconfig>
"""
SKY = f"""<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}"><rect width="100%" height="100%" fill="#0b0e1a"/>
<g fill="none" stroke="#2a3048" stroke-width="2"><ellipse cx="1010" cy="560" rx="560" ry="250" transform="rotate(-24 1010 560)"/>
<ellipse cx="1010" cy="560" rx="330" ry="140" transform="rotate(-24 1010 560)"/></g>
<circle cx="1010" cy="560" r="64" fill="#1e2750"/><circle cx="1100" cy="243" r="13" fill="#f4b942"/></svg>"""


@dataclass(frozen=True)
class Words:
    title: str
    label: str
    """Above the title: the topic."""
    foot: str
    """Below: the publication and who wrote it."""

    @property
    def mark(self) -> str:
        """Differs for whatever is drawn differently."""
        return hashlib.sha256(json.dumps([asdict(self), SKY]).encode()).hexdigest()[:32]


def drawn(words: Words, folder: Path, at: datetime) -> Path:
    """The PNG, drawn at most once for the same words and kept in ``folder``. Raises Unavailable where it cannot be drawn, and at
    once where another is being drawn or drawing failed just now: nobody waits in a row for this.
    """
    kept, failed = folder / f"{words.mark}.png", folder / "failed"
    if kept.is_file():
        return kept
    if _is_younger(failed, at - REST) or not _turn.acquire(blocking=False):
        raise Unavailable(BUSY)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as place:
            made = Path(place) / "share.png"
            made.write_bytes(_print(words, Path(place)))
            made.replace(kept)
    except (subprocess.SubprocessError, OSError) as error:
        _note(failed, at)
        raise Unavailable(BUSY) from error
    finally:
        _turn.release()
    return kept


def sweep(folder: Path, at: datetime) -> int:
    """Takes away what was drawn long ago; returns how many. The clock's housekeeping calls it."""
    old = [path for path in folder.glob("*.png") if not _is_younger(path, at - KEPT)]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


_turn = threading.Lock()


def _is_younger(path: Path, moment: datetime) -> bool:
    try:
        return path.stat().st_mtime > moment.timestamp()
    except OSError:
        return False


def _note(failed: Path, at: datetime) -> None:
    with contextlib.suppress(OSError):  # a full disk, which is why it failed
        failed.touch()
        os.utime(failed, (at.timestamp(), at.timestamp()))


def _print(words: Words, place: Path) -> bytes:
    house = Path(__file__).parents[2]
    fonts = place / "fonts.conf"
    ours, cache = (escape(str(path)) for path in (house / "blog/demo/fonts", place.parent / "fonts"))
    fonts.write_text(FONTS.format(ours=ours, cache=cache), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "blog.images.lettering"],
        cwd=house,
        env=surroundings()
        | {
            "PYTHONPATH": str(house),
            "VIPS_CONCURRENCY": "1",
            "FONTCONFIG_FILE": str(fonts),
            "LANG": "C.UTF-8",
        },
        input=json.dumps(asdict(words)).encode(),
        check=True,
        capture_output=True,
        timeout=SECONDS,
    )
    return done.stdout


def _draw(words: Words) -> bytes:
    import pyvips

    page = pyvips.Image.svgload_buffer(SKY.encode()).flatten()
    page = _set(page, words.label, "Chart Sans 26", "#f4b942", EDGE, EDGE, 60)
    page = _set(page, words.title, "Chart Serif 54", "#eceef6", EDGE, EDGE + 64, TITLE_ROOM)
    page = _set(page, words.foot, "Chart Sans 24", "#b5bbd0", EDGE, HEIGHT - EDGE - 34, 50)
    return bytes(page.pngsave_buffer(compression=8, palette=True, keep="none"))


def _set(page: Any, words: str, font: str, colour: str, left: int, top: int, room: int) -> Any:
    import pyvips

    if not words.strip():
        return page
    text, width = escape(words[:LONGEST]), WIDTH - 2 * EDGE
    mask = pyvips.Image.text(text, font=font, width=width, dpi=90, spacing=6)
    if mask.height > room:
        mask = pyvips.Image.text(text, font=font, width=width, height=room)
    ink = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    lettering = mask.new_from_image(ink).copy(interpretation="srgb").bandjoin(mask)
    return page.composite2(lettering, "over", x=left, y=top).flatten()


if __name__ == "__main__":
    sys.stdout.buffer.write(_draw(Words(**json.load(sys.stdin))))
