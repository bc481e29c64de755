"""Pictures as pages and mails see them: frozen views, and the addresses of every size."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from blog import links
from blog.images import position
from blog.images.model import Image, ImageId

WIDTHS = (480, 720, 960, 1600, 2400)
"""Widths of the renditions in CSS-agnostic pixels; none is wider than the original, which is always the last step below 2400."""
FORMATS = ("avif", "webp", "jpg")
DEEP = 6_000
"""Pictures with a longer side than this can be looked at from near."""
SQUARE = 240
"""Side of the square crop around the focal point that mails use for small stories (shown at 120)."""


@dataclass(frozen=True)
class Picture:
    id: ImageId
    key: str
    width: int
    height: int
    alt: str
    decorative: bool
    caption: str
    credit: str
    licence: str
    source_url: str
    long_description: str
    focal_x: int
    focal_y: int
    colour: str
    placeholder: str
    filename: str
    title: str = ""
    rights: str = ""
    instrument: str = ""
    objects: str = ""
    ra: float | None = None
    dec: float | None = None
    unconfirmed: tuple[str, ...] = ()
    zooms: bool = False
    """Whether its tiles are there."""

    @property
    def position(self) -> str:
        return position.say(self.ra, self.dec)

    @property
    def zoom(self) -> str:
        """Below this address lie its tiles."""
        return links.media(self.key, "zoom")

    @property
    def widths(self) -> tuple[int, ...]:
        return ladder(self.width)

    @property
    def largest(self) -> str:
        return self.url(self.widths[-1])

    def url(self, width: int, fmt: str = "jpg") -> str:
        """Path of the rendition nearest to ``width`` from above (or the largest there is)."""
        fitting = next((w for w in self.widths if w >= width), self.widths[-1])
        return links.media(self.key, f"{fitting}.{fmt}")

    def srcset(self, fmt: str) -> str:
        return ", ".join(f"{links.media(self.key, f'{w}.{fmt}')} {w}w" for w in self.widths)

    @property
    def step(self) -> int:
        """How many tenths as wide as high it is, within what the style sheet has room for: ``.ratio-4`` to ``.ratio-40``."""
        return min(40, max(4, round(10 * self.width / self.height)))

    @property
    def square(self) -> str:
        return links.media(self.key, "square.jpg")


def ladder(width: int) -> tuple[int, ...]:
    """The rendition widths of an original that is ``width`` pixels wide, ascending, at least one."""
    below = tuple(w for w in WIDTHS if w < width)
    return below if len(below) == len(WIDTHS) else (*below, width)


def picture_of(image: Image) -> Picture:
    return Picture(
        ImageId(image.id), image.key, image.width, image.height, image.alt, image.decorative, image.caption, image.credit,
        image.licence, image.source_url, image.long_description, image.focal_x, image.focal_y, image.colour,
        image.placeholder, image.filename, image.title, image.rights, image.instrument, image.objects, image.ra, image.dec,
        tuple(image.unconfirmed), image.zooms,
    )  # fmt: skip


def pictures(s: Session, ids: Iterable[int | None]) -> Mapping[int, Picture]:
    """The pictures of ``ids`` by id, in one statement; ids that are None or unknown are left out."""
    wanted = {i for i in ids if i}
    if not wanted:
        return {}
    return {image.id: picture_of(image) for image in s.scalars(select(Image).where(Image.id.in_(wanted)))}
