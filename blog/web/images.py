"""The public address of every picture file, ``/media/<key>/<name>``. Readers' browsers and mail programs ask it."""

from flask import Blueprint, Response, redirect, send_file
from werkzeug.wrappers import Response as Answer

from blog import links
from blog.images import library, serving, zoom
from blog.language.saying import said
from blog.refusals import NotFound
from blog.web.wiring import house

blueprint = Blueprint("images", __name__)

AN_HOUR = "public, max-age=3600"
RENDERED = AN_HOUR + ", stale-while-revalidate=604800"
"""A new credit writes the same address anew. Until somebody has asked again, nobody waits for it."""


@blueprint.get("/media/<key>/<name>")
def media(key: str, name: str) -> Answer:
    try:
        found = serving.find(house().storage, key, name)
    except NotFound:
        return _of_the_successor(key, name)
    answer = send_file(found.path.resolve(), mimetype=found.media_type, conditional=True, etag=True)
    return _harmless(answer, RENDERED if found.exact else "no-store")


@blueprint.get("/media/<key>/zoom/<int:level>/<int:column>_<int:row>.jpg")
def tile(key: str, level: int, column: int, row: int) -> Answer:
    found = zoom.tile(house().storage, key, level, column, row)
    return _harmless(Response(found, mimetype="image/jpeg"), RENDERED)


def _of_the_successor(key: str, name: str) -> Answer:
    """Mails and other sites keep asking for a file that was replaced. Raises NotFound where none was."""
    newer = library.successor(house().db, key) if serving.is_address(key, name) else None
    if newer is None:
        raise NotFound(said("There is no such picture."))
    answer = redirect(links.media(newer, name), 302)
    answer.headers["Cache-Control"] = AN_HOUR
    return answer


def _harmless(answer: Response, lasting: str) -> Response:
    answer.headers["Cache-Control"] = lasting
    answer.headers["X-Content-Type-Options"] = "nosniff"
    # Nothing in a picture file may run, even if a browser were talked into showing it as a page.
    answer.headers["Content-Security-Policy"] = "default-src 'none'"
    return answer
