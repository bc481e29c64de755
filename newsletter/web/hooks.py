"""Where mail providers report what came back. Each address is there only when its setting is; a wrong signature changes nothing."""

from collections.abc import Callable
from functools import partial
from typing import cast

from flask import Blueprint, Response, current_app, request

from blog import clock, fetching, tally
from blog.refusals import NotFound, TooMany, Unavailable
from blog.web.wiring import house
from newsletter.returns.matching import Keys, keys
from newsletter.returns.providers import generic, mailgun, postmark, sendgrid, ses
from newsletter.returns.providers.reading import Forged, objects
from newsletter.returns.receiving import Event, take_events
from newsletter.web import wiring

blueprint = Blueprint("hooks", __name__, url_prefix="/hooks")

LARGEST = 2 * 1024 * 1024
"""Bytes of one request."""
TOKEN_MINUTES = 24 * 60
FETCH = "perijove.fetch"
"""Under this name a test may hang up another fetcher."""


@blueprint.post("/ses")
def from_ses() -> Response:
    topic = _set(house().settings.ses_topic)
    for fields in objects(_body()):
        ses.check(fields, topic, _certificate)
        if not ses.confirm(fields, _fetcher()):
            _take(ses.events(fields), "ses")
    return _thanks()


@blueprint.post("/mailgun")
def from_mailgun() -> Response:
    key = _set(house().settings.mailgun_signing_key.get_secret_value())
    for fields in objects(_body()):
        token = mailgun.check(fields, key, clock.now())
        _once(f"mailgun {token}", partial(_take, mailgun.events(fields), "mailgun"))
    return _thanks()


@blueprint.post("/postmark")
def from_postmark() -> Response:
    secret = _set(house().settings.postmark_hook_secret.get_secret_value())
    postmark.check((request.authorization.password if request.authorization else None) or "", secret)
    _take([event for fields in objects(_body()) for event in postmark.events(fields)], "postmark")
    return _thanks()


@blueprint.post("/sendgrid")
def from_sendgrid() -> Response:
    key, body = _set(house().settings.sendgrid_public_key), _body()
    stamp = request.headers.get("X-Twilio-Email-Event-Webhook-Timestamp", "")
    sendgrid.check(body, stamp, request.headers.get("X-Twilio-Email-Event-Webhook-Signature", ""), key)
    _take([event for fields in objects(body) for event in sendgrid.events(fields)], "sendgrid")
    return _thanks()


@blueprint.post("/generic")
def from_anybody() -> Response:
    secret, body = _set(house().settings.hook_secret.get_secret_value()), _body()
    hook_id = generic.check(body, {k.lower(): v for k, v in request.headers.items()}, secret, clock.now())
    _take([event for fields in objects(body) for event in generic.events(fields, hook_id)], "generic")
    return _thanks()


def _set(value: str) -> str:
    if not value:
        raise NotFound("Nothing is reported here.")
    return value


def _body() -> bytes:
    request.max_content_length = LARGEST
    return request.get_data(cache=False)


def _take(events: tuple[Event, ...] | list[Event], via: str) -> None:
    take_events(house().db, events, clock.now(), _keys(), via, house().alarm)


def _once(name: str, deed: Callable[[], None]) -> None:
    """Raises Forged where ``name`` was used before. A deed that fails gives it free, for the provider tries again."""
    try:
        tally.count(house().db, name, 1, TOKEN_MINUTES, clock.now())
    except TooMany:
        raise Forged from None
    try:
        deed()
    except BaseException:
        tally.forget(house().db, name)
        raise


def _keys() -> Keys:
    return keys(house().settings, wiring.secret())


def _fetcher() -> fetching.Fetcher:
    return cast(fetching.Fetcher, current_app.extensions.get(FETCH, fetching.fetch))


def _certificate(url: str) -> fetching.Fetched:
    """Kept in memory: Amazon signs for months with the same one, and each has its own address."""
    kept = cast(dict[str, fetching.Fetched], current_app.extensions.setdefault("perijove.certificates", {}))
    if url in kept:
        return kept[url]
    found = _fetcher()(url)
    if found.status != 200:
        raise Unavailable("Amazon's certificate can't be had just now. Report it again later.")
    if len(kept) < 20:
        kept[url] = found
    return found


def _thanks() -> Response:
    return Response("Taken.\n", mimetype="text/plain", headers={"Cache-Control": "no-store"})
