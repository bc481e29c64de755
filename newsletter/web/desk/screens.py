"""Mails shown in a frame of the studio: without scripts, cut off from the page around them, on the paper or the sky that was asked for."""

import re

from flask import Response, request

from blog.web.wiring import house
from newsletter.editions.envelope import Words

VIEWS = {
    "desktop": "Desktop",
    "phone": "Phone",
    "dark": "Dark",
    "bare": "No pictures",
    "text": "Plain text",
}
_DARK = re.compile(r"\(prefers-color-scheme:\s*dark\)")
_SCHEME = re.compile(r'(<meta name="(?:supported-)?color-schemes?" content=")[^"]*')


def view(name: str = "view") -> str:
    """The way of looking that the address asks for, under ``name``."""
    asked = request.args.get(name, "")
    return asked if asked in VIEWS else "desktop"


def mail(words: Words) -> Response:
    """It, in the way of looking that the address asks for."""
    kind = view()
    return plain(words.text) if kind == "text" else screen(words.html, kind)


def screen(html: str, kind: str = "desktop") -> Response:
    """``html`` as a page of its own that may load our pictures and do nothing else; its links open in a new tab."""
    head, mark, rest = _under_a_sky(html, is_dark=kind == "dark").partition("<head>")
    text = f'{head}{mark}<base target="_blank">{rest}' if mark else f'<base target="_blank">{head}'
    response = Response(text, content_type="text/html; charset=utf-8")
    pictures = "'none'" if kind == "bare" else f"'self' {house().settings.site} data:"
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; img-src {pictures}; style-src 'unsafe-inline'; frame-ancestors 'self'; "
        "sandbox allow-popups allow-popups-to-escape-sandbox"
    )
    return response


def plain(text: str) -> Response:
    response = Response(text, content_type="text/plain; charset=utf-8")
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'self'; sandbox"
    return response


def _under_a_sky(html: str, *, is_dark: bool) -> str:
    """The studio's own colours must not decide how the mail looks, so its rules for dark screens are put on or off."""
    html = _DARK.sub("all" if is_dark else "not all", html)
    return _SCHEME.sub(rf"\g<1>{'dark' if is_dark else 'light'}", html)
