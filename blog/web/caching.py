"""The headers of every answer: what a page may load, and how long a reader's browser may keep it.

``mount`` calls :func:`install`; the blueprints of public pages add :func:`for_readers`.
"""

from flask import Flask, Response, make_response, request

from blog.posts.embeds import FRAME_HOSTS, hosts
from blog.settings import Settings

POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "style-src 'self'",
        f"frame-src 'self' {' '.join(FRAME_HOSTS)}",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def install(app: Flask, settings: Settings) -> None:
    headers = HEADERS | (
        {"Strict-Transport-Security": "max-age=31536000"} if settings.site.startswith("https:") else {}
    )

    def protect(response: Response) -> Response:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return response

    app.after_request(protect)


def framing(page: str, body: str) -> Response:
    """The page, allowed to show the embeds that sleep in ``body`` from servers of their own."""
    answer = make_response(page)
    if more := hosts(body):
        answer.headers["Content-Security-Policy"] = POLICY.replace(
            "frame-src 'self'", f"frame-src 'self' {' '.join(more)}"
        )
    return answer


def for_readers(response: Response) -> Response:
    """A public answer: the same for everybody, kept for a minute, then asked for by its ETag."""
    if (
        response.status_code != 200
        or request.method not in ("GET", "HEAD")
        or response.cache_control.no_store
    ):
        return response
    response.cache_control.public = True
    # Kept, but asked for each time, which costs one 304: a story that was taken back is gone at once.
    response.cache_control.no_cache = True
    response.add_etag()
    response.make_conditional(request)
    return response
