"""Which file answers for a picture's address. ``web/images.py`` sends it."""

import re
from dataclasses import dataclass
from pathlib import Path

from blog.images.reading import WIDTHS
from blog.images.storage import KEY, Storage
from blog.refusals import NotFound

ADDRESS = re.compile(r"(?:square\.jpg|(?P<width>[1-9]\d{0,3})\.(?P<kind>avif|webp|jpg))")
TYPES = {".avif": "image/avif", ".webp": "image/webp", ".jpg": "image/jpeg"}


@dataclass(frozen=True)
class Served:
    path: Path
    """It may be written anew: with another credit, and a square with another focal point."""
    exact: bool
    """False where another size stands in until the right one is rendered."""

    @property
    def media_type(self) -> str:
        return TYPES[self.path.suffix]


def is_address(key: str, name: str) -> bool:
    """Whether a file of some picture could have this address."""
    return bool(KEY.fullmatch(key) and ADDRESS.fullmatch(name))


def find(storage: Storage, key: str, name: str) -> Served:
    """The file, or the quick JPEG nearest in width while it is not rendered yet. Originals are never found here."""
    asked = ADDRESS.fullmatch(name)
    if asked is None or int(asked["width"] or 0) > WIDTHS[-1]:
        raise NotFound("There is no such picture.")
    if path := storage.path(key, name):
        return Served(path, exact=True)
    ready = [int(other[:-4]) for other in storage.names(key) if re.fullmatch(r"\d+\.jpg", other)]
    wanted = int(asked["width"] or WIDTHS[0])
    nearest = min(ready, key=lambda width: abs(width - wanted), default=0)
    path = storage.path(key, f"{nearest}.jpg")
    if path is None:
        raise NotFound("There is no such picture.")
    return Served(path, exact=False)
