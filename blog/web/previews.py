"""A story before its time, for somebody without an account: the page behind a secret link, which ends by itself or is taken back.

The link carries its number, signed; ``posts/previewlinks.py`` knows the rest.
"""

from flask import Blueprint, Response, current_app, render_template
from itsdangerous import BadSignature, URLSafeSerializer

from blog import clock
from blog.language.saying import said
from blog.posts import previewing, previewlinks
from blog.posts.previewlinks import Link
from blog.posts.views import ArticlePage
from blog.refusals import Gone, NotFound
from blog.web.caching import framing
from blog.web.wiring import house

blueprint = Blueprint("previews", __name__)

PATH = "/preview/"
ENDED = said("This preview has ended. Ask whoever sent it to you for a new link.")


def path(link_id: int) -> str:
    """The path of the secret page."""
    return PATH + str(_seal().dumps(link_id))


@blueprint.get(f"{PATH}<token>")
def show(token: str) -> Response:
    link = _read(token)
    shown = previewing.by_link(house().db, link.post_id, clock.now(), zone=house().settings.zone)
    page = render_template("blog/web/pages/preview.html", page=ArticlePage(shown), ends_at=link.ends_at)
    answer = framing(page, shown.body)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _read(token: str) -> Link:
    """Raises NotFound for one that was never made, and Gone for one that works no more or is forgotten."""
    try:
        link_id = _seal().loads(token)
    except BadSignature:
        raise NotFound(said("This link is incomplete. Copy the whole line, or ask for a new one.")) from None
    try:
        link = previewlinks.get(house().db, int(link_id))
    except (NotFound, TypeError):
        raise Gone(ENDED) from None
    if link.ends_at <= clock.now():
        raise Gone(ENDED)
    return link


def _seal() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="a preview by link")
