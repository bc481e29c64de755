"""The same words for many pictures at once: credit, licence and tags, and that what came with their files is right."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from blog.accounts.people import Person
from blog.db import Database
from blog.images import tagging
from blog.images.describing import LONGEST, POINTS, Description
from blog.images.reading import Picture
from blog.posts import usage
from blog.posts.redescribing import redescribe
from blog.refusals import Invalid, Refusal

ALIKE = ("credit", "licence")
"""What many pictures of one source have in common."""
_UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class Label:
    credit: str = ""
    licence: str = ""
    """Empty: each keeps its own."""
    tags: tuple[str, ...] = ()
    """Added to those that a picture has."""
    replaces: bool = False
    """Whether it also takes the place of words that are there."""
    confirms: bool = False
    """Whether all words that came with the files are right as they stand."""


@dataclass(frozen=True)
class Labelled:
    changed: int
    kept: tuple[str, ...]
    """The file names of those that kept a credit or licence of their own."""
    refused: tuple[tuple[str, str], ...]
    """File names, each with the sentence that says why."""


def label(
    db: Database, image_ids: Iterable[int], words: Label, by: Person, at: datetime, *, zone: ZoneInfo = _UTC
) -> Labelled:
    """Each picture by itself, so that one which may not be changed holds up no other. Raises Invalid where there is nothing to do."""
    chosen = list(dict.fromkeys(image_ids))
    if not chosen:
        raise Invalid("Choose at least one picture.")
    if not (words.confirms or words.credit.strip() or words.licence.strip() or any(words.tags)):
        raise Invalid("Say what they shall have: a credit, a licence or tags, or that their words are right.")
    changed, kept, refused = 0, [], []
    for image_id in chosen:
        name = f"Picture {image_id}"
        try:
            picture = usage.picture(db, image_id)
            name = picture.filename
            wanted = _merged(picture, tagging.tags_of(db, image_id), words)
            redescribe(db, image_id, wanted, by, at, zone=zone)
        except Refusal as refusal:
            refused.append((name, str(refusal)))
            continue
        changed += 1
        if any(getattr(words, one).strip() not in ("", getattr(wanted, one)) for one in ALIKE):
            kept.append(name)
    return Labelled(changed, tuple(kept), tuple(refused))


def _merged(picture: Picture, tags: tuple[str, ...], words: Label) -> Description:
    own = Description(**{name: getattr(picture, name) for name in (*LONGEST, *POINTS, "ra", "dec")})
    said = {one: getattr(words, one).strip() for one in ALIKE}
    new = {one: text for one, text in said.items() if text and (words.replaces or not getattr(own, one))}
    return replace(
        own, **new, tags=(*tags, *words.tags), confirmed=picture.unconfirmed if words.confirms else tuple(new)
    )
