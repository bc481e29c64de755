"""What people say of a picture: alt text, caption, credit, licence, what it shows and which part matters most. The studio asks it."""

import hashlib
import json
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from blog.images import position, tagging
from blog.images.imprint import imprint_of
from blog.images.model import Image
from blog.images.reading import Picture
from blog.refusals import Invalid, NotFound

LONGEST = {
    "title": 300,
    "alt": 500,
    "long_description": 10_000,
    "caption": 5_000,
    "credit": 500,
    "rights": 1_000,
    "licence": 120,
    "source_url": 2_000,
    "instrument": 300,
    "objects": 500,
}
"""Characters of each field; alt texts read best under 150."""
NAMES = {
    "title": "title",
    "alt": "alternative text",
    "long_description": "long description",
    "caption": "caption",
    "credit": "credit",
    "rights": "copyright line",
    "licence": "licence",
    "source_url": "source address",
    "instrument": "telescope or instrument",
    "objects": "list of objects",
}
POINTS = ("decorative", "focal_x", "focal_y")
MANY_LINES = ("long_description", "caption")


@dataclass(frozen=True)
class Description:
    alt: str = ""
    decorative: bool = False
    long_description: str = ""
    caption: str = ""
    credit: str = ""
    licence: str = ""
    source_url: str = ""
    focal_x: int = 50
    focal_y: int = 50
    """Percent from the left and from the top."""
    title: str = ""
    rights: str = ""
    instrument: str = ""
    objects: str = ""
    ra: float | None = None
    dec: float | None = None
    tags: tuple[str, ...] | None = None
    """None leaves the tags as they are."""
    confirmed: tuple[str, ...] = ()
    """Fields whose words came with the file and are right as they stand; what is changed needs no confirming."""
    stand: str = ""
    """What ``stand_of`` told when the words were shown; empty where nobody looked at them."""


def describe(s: Session, image_id: int, description: Description) -> None:
    """Replaces all words of the picture. A moved focal point sends it back to be rendered, for its square crop follows; so does
    another credit, which stands in every rendition.

    Raises NotFound, or Invalid with a sentence for each field that cannot be taken, or that reads otherwise since somebody else
    has described the picture meanwhile.
    """
    image = s.get(Image, image_id)
    if image is None:
        raise NotFound("This picture is no longer there.")
    words = {name: _clean(getattr(description, name), name in MANY_LINES) for name in LONGEST}
    if description.stand and description.stand != stand_of(image):
        _must_agree(image, words, description)
    _check(words, description)
    before = imprint_of(image)
    image.unconfirmed = _still_unconfirmed(image, words, description)
    image.decorative, image.ra, image.dec = description.decorative, description.ra, description.dec
    for name, text in words.items():
        setattr(image, name, text)
    focal = (description.focal_x, description.focal_y)
    if (image.focal_x, image.focal_y) != focal or imprint_of(image) != before:
        image.rendered_at = None
    image.focal_x, image.focal_y = focal
    if description.tags is not None:
        tagging.retag(s, image.id, description.tags)


def stand_of(picture: Image | Picture) -> str:
    """Differs with every word and point that ``describe`` would replace."""
    names = (*LONGEST, *POINTS, "ra", "dec")
    told = json.dumps([getattr(picture, name) for name in names])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _must_agree(image: Image, words: dict[str, str], description: Description) -> None:
    told = {
        name: [f"Somebody else changed the description meanwhile. Here it says: “{getattr(image, name)}”."]
        for name in LONGEST
        if words[name] != getattr(image, name)
    }
    if any(getattr(image, name) != getattr(description, name) for name in POINTS):
        told["focal_x"] = ["Somebody else changed the description meanwhile. See whether this is right."]
    if (image.ra, image.dec) != (description.ra, description.dec):
        said = position.say(image.ra, image.dec)
        told["position"] = [f"Somebody else changed the description meanwhile. Here it says: “{said}”."]
    if told:
        raise Invalid(
            "Somebody else changed the description meanwhile. Save again to put yours over it.", told
        )


def _still_unconfirmed(image: Image, words: dict[str, str], description: Description) -> list[str]:
    changed = {name for name in words if words[name] != getattr(image, name)}
    if (image.ra, image.dec) != (description.ra, description.dec):
        changed.add("position")
    settled: Collection[str] = changed | set(description.confirmed)
    return [name for name in image.unconfirmed if name not in settled]


def _clean(text: str, many_lines: bool) -> str:
    """Without control characters, which databases and XML refuse; one line where one line is meant."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    plain = [
        "".join(c for c in line if unicodedata.category(c) not in ("Cc", "Cs")).rstrip() for line in lines
    ]
    return ("\n" if many_lines else " ").join(plain).strip()


def _check(words: dict[str, str], description: Description) -> None:
    told = {
        name: [f"The {NAMES[name]} has {len(words[name]):,} characters. Keep it under {most:,}."]
        for name, most in LONGEST.items()
        if len(words[name]) > most
    }
    if words["source_url"] and not _is_web_address(words["source_url"]):
        told["source_url"] = ["Give a whole web address, like https://example.org/picture."]
    for name in ("focal_x", "focal_y"):
        if not 0 <= getattr(description, name) <= 100:
            told[name] = ["The focal point lies between 0 and 100 percent."]
    if told:
        raise Invalid("These words were not kept. See the marked fields.", told)


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(c.isspace() for c in text)
