"""The manuscript as the editor sends it: JSON of exactly the fields that a Draft has."""

import re
from typing import Any

from blog.posts.drafts import Draft
from blog.posts.sources import MOST as MOST_SOURCES
from blog.posts.sources import Source, source_of
from blog.refusals import Invalid

TEXTS = (
    "title",
    "dek",
    "slug",
    "search_title",
    "search_description",
    "social_title",
    "social_description",
    "canonical_url",
)
"""The words of a Draft beside its body, by their fields' names."""
WRONG = "The editor sent something that we can't read. Reload the page; your words are kept on this device."
SOURCE_WORDS = ("kind", "title", "authors", "publication", "doi", "url", "reviewed")
MOST = 2**63
FIELDS = ("version", *TEXTS, "body", "lead_image", "author_ids", "topic_ids", "in_digest", "sources")


def draft_of(given: Any) -> tuple[int, Draft]:
    """The version that the editor started from, and its draft. Raises Invalid for a field of the wrong kind, and for one that
    is missing: what is not sent must not come out blank.
    """
    if not isinstance(given, dict):
        raise Invalid(WRONG)
    if missing := [name for name in FIELDS if name not in given]:
        raise Invalid(
            f"{WRONG} (Missing: {', '.join(missing)}.)", {name: ["This is missing."] for name in missing}
        )
    lead = given["lead_image"]
    return _number(given["version"], "version"), Draft(
        body=_body(given["body"]),
        lead_image=None if lead is None else _number(lead, "lead_image"),
        author_ids=_numbers(given["author_ids"], "author_ids"),
        topic_ids=_numbers(given["topic_ids"], "topic_ids"),
        in_digest=_truth(given["in_digest"], "in_digest"),
        sources=_sources(given["sources"]),
        **{name: _text(given[name], name) for name in TEXTS},
    )


def sitting_of(given: Any) -> str:
    """The name that the open page has made up for itself; pages from before that send none."""
    name = given.get("sitting", "") if isinstance(given, dict) else ""
    return name if isinstance(name, str) and re.fullmatch("[A-Za-z0-9_-]{0,40}", name) else ""


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise Invalid(WRONG, {name: ["This should be text."]})
    return value


def _number(value: Any, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < MOST:
        raise Invalid(WRONG, {name: ["This should be a number."]})
    return value


def _numbers(value: Any, name: str) -> tuple[int, ...]:
    if not isinstance(value, list):
        raise Invalid(WRONG, {name: ["This should be a list."]})
    return tuple(_number(one, name) for one in value)


def _truth(value: Any, name: str) -> bool:
    if not isinstance(value, bool):
        raise Invalid(WRONG, {name: ["This should be yes or no."]})
    return value


def _sources(value: Any) -> tuple[Source, ...]:
    if not isinstance(value, list) or len(value) > 10 * MOST_SOURCES:
        raise Invalid(WRONG, {"sources": ["This should be a list of sources."]})
    return tuple(_source(one) for one in value)


def _source(value: Any) -> Source:
    given = value if isinstance(value, dict) else {}
    try:
        words = {name: _text(given[name], "sources") for name in SOURCE_WORDS}
        year = None if given["year"] is None else _number(given["year"], "sources")
        return source_of({**words, "year": year, "id": _number(given["id"], "sources")})
    except (KeyError, ValueError):
        raise Invalid(WRONG, {"sources": ["One of the sources cannot be read."]}) from None


def _body(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Invalid(WRONG, {"body": ["The text is missing."]})
    return value
