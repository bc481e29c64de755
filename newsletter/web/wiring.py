"""What ``mount`` hands to the public doors: the tokens that readers hold, and the headers of pages that belong to one reader."""

from typing import cast

from flask import Flask, Response, current_app

from newsletter.subscribers.tokens import Tokens

__all__ = ["Tokens", "install", "keep_private", "secret", "tokens"]


def install(app: Flask, made: Tokens) -> None:
    app.extensions["perijove.tokens"] = made


def tokens() -> Tokens:
    return cast(Tokens, current_app.extensions["perijove.tokens"])


def secret() -> str:
    """What signs and seals; the same as the tokens are made with."""
    return str(current_app.config["SECRET_KEY"])


def keep_private(response: Response) -> Response:
    """For pages with an address or a token on them: kept by nobody, found by nobody, told to no other site."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    # Not "no-referrer": with that, browsers send "Origin: null" and a form of ours would look like a stranger's.
    response.headers["Referrer-Policy"] = "same-origin"
    return response
