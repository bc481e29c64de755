"""Files that somebody sends to the picture library: one from the editor's uploader, or many from the plain form."""

from dataclasses import dataclass
from typing import BinaryIO, cast

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from blog import clock
from blog.accounts.people import Person
from blog.images import intake
from blog.images.kinds import KINDS, TAKEN
from blog.images.reading import Picture
from blog.refusals import Invalid
from blog.web.studio.showing import picture_json
from blog.web.wiring import house

__all__ = ["ACCEPT", "TAKEN", "Arrived", "as_json", "receive", "receive_one"]

ACCEPT = ",".join(kind.media_type for kind in KINDS)
"""What a browser's file chooser offers."""


@dataclass(frozen=True)
class Arrived:
    """What became of one file."""

    picture: Picture | None
    sentence: str
    duplicate: bool = False

    @property
    def refused(self) -> bool:
        return self.picture is None


def receive(by: Person) -> list[Arrived]:
    """Takes in every ``file`` of the request; one that is refused does not keep the others out."""
    files = [file for file in request.files.getlist("file") if file.filename]
    if not files:
        raise Invalid("Choose a picture first.", {"file": ["Choose a picture first."]})
    return [_take(file, by) for file in files[:100]]


def receive_one(by: Person) -> Picture | None:
    """The picture of a form that may bring one; None where no file was chosen. Raises Invalid about the field ``file``."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return None
    arrived = _take(file, by)
    if arrived.picture is None:
        raise Invalid(arrived.sentence, {"file": [arrived.sentence]})
    return arrived.picture


def as_json(arrived: list[Arrived]) -> ResponseReturnValue:
    """The answer to the uploader, which sends one file a request."""
    [first, *_] = arrived
    if first.picture is None:
        raise Invalid(first.sentence)
    shown = picture_json(first.picture)
    return jsonify(shown | ({"duplicate": True} if first.duplicate else {})), 200 if first.duplicate else 201


def _take(file: FileStorage, by: Person) -> Arrived:
    name = file.filename or "picture"
    try:
        stored = cast(BinaryIO, file.stream)
        picture, duplicate = intake.take_in(house().db, house().storage, stored, name, by.id, clock.now())
    except Invalid as refusal:
        return Arrived(None, f"{name}: {refusal}" if request.files.getlist("file")[1:] else str(refusal))
    same = f"{name} is the same picture as {picture.filename}, which was here already."
    return Arrived(picture, same if duplicate else f"{name} is here. Add its words.", duplicate)
