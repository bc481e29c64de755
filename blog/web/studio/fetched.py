"""What the editor's scripts ask us to look up on the web: a pasted picture, and the words of a link card."""

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.images import intake, library, remote
from blog.images.reading import Picture
from blog.posts import linkcards, publishing
from blog.posts.addresses import is_web
from blog.refusals import Invalid, Unavailable
from blog.web.guard import signed_in
from blog.web.studio.forms.pictures import said
from blog.web.studio.showing import picture_json
from blog.web.wiring import house

blueprint = Blueprint("studio_fetched", __name__, url_prefix="/studio")

NO_ADDRESS = "That is no address on the web."


@blueprint.post("/pictures/remote.json")
@signed_in(Right.WRITE)
def picture(by: Person) -> ResponseReturnValue:
    url = _address()
    file, name = remote.bring(house().fetch, url)
    found, duplicate = intake.take_in(house().db, house().storage, file, name, by.id, clock.now())
    if not duplicate:
        found = _sourced(found, url, by)
    return jsonify(picture_json(found) | ({"duplicate": True} if duplicate else {}))


@blueprint.post("/cards.json")
@signed_in(Right.WRITE)
def card(_by: Person) -> ResponseReturnValue:
    """Blank words where the page does not answer: a card can be written by hand."""
    try:
        found = linkcards.read(house().fetch(_address(), linkcards.RULES))
    except Unavailable:
        found = linkcards.LinkCard()
    return jsonify(title=found.title, description=found.description, site=found.site)


def _address() -> str:
    given: Any = request.get_json()
    url = given.get("url") if isinstance(given, dict) else None
    if not isinstance(url, str) or len(url) > remote.LONGEST or not is_web(url):
        raise Invalid(NO_ADDRESS, {"url": [NO_ADDRESS]})
    return url


def _sourced(found: Picture, source: str, by: Person) -> Picture:
    """Where the file itself tells no source. What stands behind a ? may be somebody's key, and the source is for all to read."""
    if found.source_url:
        return found
    plain = urlsplit(source)
    plain = plain._replace(netloc=plain.netloc.rpartition("@")[2], query="", fragment="")
    words = said({"source_url": plain.geturl()}, found)
    publishing.redescribe(house().db, found.id, words, by, clock.now(), zone=house().settings.zone)
    return library.with_key(house().db, house().storage, found.key) or found
