"""A story before its time, for somebody without an account: the page behind a secret link, which ends by itself.

The link carries the story's number and its end, signed; nothing is kept of it. The studio makes it.
"""

from datetime import UTC, datetime

from flask import Blueprint, Response, current_app, render_template
from itsdangerous import BadSignature, URLSafeSerializer

from blog import clock
from blog.language.saying import said
from blog.posts import previewing
from blog.posts.views import ArticlePage
from blog.refusals import Gone, NotFound
from blog.web.caching import framing
from blog.web.wiring import house

blueprint = Blueprint("previews", __name__)

PATH = "/preview/"
ENDED = said("This preview has ended. Ask whoever sent it to you for a new link.")


def link(post_id: int, ends_at: datetime) -> str:
    """The path of the secret page of that post."""
    return PATH + str(_seal().dumps([post_id, int(ends_at.timestamp())]))


@blueprint.get(f"{PATH}<token>")
def show(token: str) -> Response:
    post_id, ends_at = _read(token)
    if ends_at <= clock.now():
        raise Gone(ENDED)
    shown = previewing.by_link(house().db, post_id, clock.now(), zone=house().settings.zone)
    page = render_template("blog/web/pages/preview.html", page=ArticlePage(shown), ends_at=ends_at)
    answer = framing(page, shown.body)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _read(token: str) -> tuple[int, datetime]:
    try:
        post_id, ends = _seal().loads(token)
    except BadSignature:
        raise NotFound(said("This link is incomplete. Copy the whole line, or ask for a new one.")) from None
    return int(post_id), datetime.fromtimestamp(int(ends), UTC)


def _seal() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="a preview by link")
