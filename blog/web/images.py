"""The public address of every picture file, ``/media/<key>/<name>``. Readers' browsers and mail programs ask it."""

from flask import Blueprint, Response, send_file

from blog.images import serving
from blog.web.wiring import house

blueprint = Blueprint("images", __name__)

A_YEAR = "public, max-age=31536000, immutable"
AN_HOUR = "public, max-age=3600"


@blueprint.get("/media/<key>/<name>")
def media(key: str, name: str) -> Response:
    found = serving.find(house().storage, key, name)
    answer = send_file(found.path.resolve(), mimetype=found.media_type, conditional=True, etag=True)
    answer.headers["Cache-Control"] = A_YEAR if found.lasting else AN_HOUR if found.exact else "no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    # Nothing in a picture file may run, even if a browser were talked into showing it as a page.
    answer.headers["Content-Security-Policy"] = "default-src 'none'"
    return answer
