"""Signing up by programs: ``POST /api/subscribers`` with JSON, from any site. Described in ``docs/API.md``.

It puts nobody on the list: like the form it has a confirmation written, and its answer never tells who is on the list.
"""

from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from blog import clock
from blog.refusals import Invalid, Refusal, TooMany
from blog.web.wiring import house
from newsletter.subscribers import origins, proof, signup, wishes
from newsletter.subscribers.origins import Origin
from newsletter.subscribers.wishes import Wishes
from newsletter.web import gate

ADDRESS = "/api/subscribers"
LARGEST = 16_000
"""Bytes of a request."""
ANSWER = "Check your mail. If this address can get the digest, a link to confirm it is on its way."
KNOWN = frozenset({"email", "source", "campaign", "timezone", "lists", "follow", "ticket", "nonce"})

blueprint = Blueprint("api", __name__, url_prefix=ADDRESS)


@blueprint.before_request
def limit_size() -> None:
    request.max_content_length = LARGEST


@blueprint.after_request
def let_others_ask(response: Response) -> Response:
    """Any site may ask: there is no cookie to abuse, and nothing is told."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "no-store"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "POST"
        response.headers["Access-Control-Allow-Headers"] = "Content-Type"
        response.headers["Access-Control-Max-Age"] = "86400"
    return response


@blueprint.post("")
def ask() -> ResponseReturnValue:
    try:
        gate.count_try()
        _sign_up(_read())
    except Refusal as refusal:
        return _refused(refusal)
    return jsonify(message=ANSWER), 202


def _read() -> dict[str, Any]:
    given = request.get_json(silent=True)
    if not isinstance(given, dict):
        raise Invalid('Send a JSON object such as {"email": "reader@example.org"} as application/json.')
    unknown = sorted(str(name)[:40] for name in given if name not in KNOWN)
    if unknown:
        raise Invalid("There are names here that we don't know.", {name: ["Unknown."] for name in unknown})
    for name in KNOWN - {"lists"}:
        if not isinstance(given.get(name, ""), str):
            raise Invalid(f"{name} must be text.", {name: ["Give text."]})
    return given


def _sign_up(given: dict[str, Any]) -> None:
    at, email = clock.now(), given.get("email", "").replace("\x00", "\ufffd")[:1000]
    chosen = _wishes(given)
    gate.let_in(email, given.get("ticket", ""), given.get("nonce", ""), at)
    signup.ask(house().db, email, _origin(given), at, house().settings, wishes=chosen, certain=True)


def _origin(given: dict[str, Any]) -> Origin:
    """Where no source is named, the site whose script asks."""
    named = given.get("source") or request.headers.get("Origin", "")
    source = origins.path(named) or origins.page_elsewhere(named) or origins.API
    return Origin(source, origins.API, origins.campaign(given.get("campaign", "")))


def _wishes(given: dict[str, Any]) -> Wishes:
    slugs = given.get("lists", [])
    if not isinstance(slugs, list) or not all(isinstance(slug, str) for slug in slugs):
        raise Invalid("lists must be an array of names.", {"lists": ["Give an array of names."]})
    strange = set(slugs) - {one.slug for one in wishes.offered(house().db)} if slugs else set()
    if strange:
        raise Invalid("There is no such list.", {"lists": ["There is no such list."]})
    return Wishes(given.get("timezone", "")[:64], tuple(slugs), wishes.read_follow(given.get("follow", "")))


def _refused(refusal: Refusal) -> ResponseReturnValue:
    """422 with the sentences by name, 429 with the seconds to wait and, in a rush, the puzzle to solve instead."""
    if isinstance(refusal, gate.Rush):
        puzzle = {"ticket": refusal.ticket, "bits": proof.BITS}
        return jsonify(error=str(refusal), **puzzle), 429, {"Retry-After": str(refusal.wait)}
    if isinstance(refusal, TooMany):
        return jsonify(error=str(refusal)), 429, {"Retry-After": str(refusal.wait)}
    if isinstance(refusal, Invalid):
        return jsonify(error=str(refusal), fields=refusal.fields), 422
    raise refusal
