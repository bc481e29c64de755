"""Files that somebody sends to the picture library: one from the editor's uploader, or many from the plain form."""

from dataclasses import dataclass
from typing import BinaryIO, cast

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from blog import clock
from blog.accounts.people import Person
from blog.images import intake, library
from blog.images.kinds import KINDS, TAKEN
from blog.images.reading import Picture
from blog.refusals import Invalid
from blog.web.studio.showing import picture_json
from blog.web.wiring import house

__all__ = ["ACCEPT", "TAKEN", "Arrived", "as_json", "opened", "receive", "receive_one", "the_file"]

ACCEPT = ",".join(kind.media_type for kind in KINDS)
"""What a browser's file chooser offers."""


@dataclass(frozen=True)
class Arrived:
    """What became of one file."""

    picture: Picture | None
    sentence: str
    duplicate: bool = False
    alike: tuple[Picture, ...] = ()
    """Those that look nearly the same."""

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


def the_file() -> FileStorage:
    """The one file of a form that must bring it."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Invalid("Choose a file first.", {"file": ["Choose a file first."]})
    return file


def opened(file: FileStorage) -> BinaryIO:
    return cast(BinaryIO, file.stream)


def as_json(arrived: list[Arrived]) -> ResponseReturnValue:
    """The answer to the uploader, which sends one file a request."""
    [first, *_] = arrived
    if first.picture is None:
        raise Invalid(first.sentence)
    shown = picture_json(first.picture)
    if first.duplicate:
        return jsonify(shown | {"duplicate": True}), 200
    alike = [{"id": one.id, "filename": one.filename} for one in first.alike]
    return jsonify(shown | {"alike": alike}), 201


def _take(file: FileStorage, by: Person) -> Arrived:
    name = file.filename or "picture"
    try:
        picture, duplicate = intake.take_in(
            house().db, house().storage, opened(file), name, by.id, clock.now()
        )
    except Invalid as refusal:
        return Arrived(None, f"{name}: {refusal}" if request.files.getlist("file")[1:] else str(refusal))
    same = f"{name} is the same picture as {picture.filename}, which was here already."
    if duplicate:
        return Arrived(picture, same, duplicate=True)
    alike = library.alike(house().db, picture.id)
    twin = f" It looks like {alike[0].filename}, which is here too." if alike else ""
    return Arrived(picture, f"{name} is here. Add its words.{twin}", alike=alike)
