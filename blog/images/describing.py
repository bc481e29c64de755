"""What people say of a picture: alt text, caption, credit, licence, and which part matters most. The studio asks it."""

import unicodedata
from dataclasses import dataclass, fields
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from blog.images.model import Image
from blog.refusals import Invalid, NotFound

LONGEST = {
    "alt": 500,
    "long_description": 10_000,
    "caption": 5_000,
    "credit": 500,
    "licence": 120,
    "source_url": 2_000,
}
"""Characters of each field; alt texts read best under 150."""
NAMES = {
    "alt": "alternative text",
    "long_description": "long description",
    "caption": "caption",
    "credit": "credit",
    "licence": "licence",
    "source_url": "source address",
}
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


def describe(s: Session, image_id: int, description: Description) -> None:
    """Replaces all words of the picture. A moved focal point sends it back to be rendered: its square crop follows.

    Raises NotFound, or Invalid with a sentence for each field that cannot be taken.
    """
    image = s.get(Image, image_id)
    if image is None:
        raise NotFound("This picture is no longer there.")
    words = {name: _clean(getattr(description, name), name in MANY_LINES) for name in LONGEST}
    _check(words, description)
    if (image.focal_x, image.focal_y) != (description.focal_x, description.focal_y):
        image.rendered_at = None
    for field in fields(description):
        setattr(image, field.name, words.get(field.name, getattr(description, field.name)))


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
