"""What an editor writes of a post, and where it is kept: the fields of the manuscript, checked before they are stored."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from blog import links
from blog.authors.model import Author
from blog.images.model import Image
from blog.posts import sources as naming
from blog.posts.addresses import is_web
from blog.posts.asked import number
from blog.posts.document import Node, empty, source_ids, validate
from blog.posts.model import ManuscriptText, Post, Topic
from blog.posts.sources import Source
from blog.refusals import Invalid

LONGEST = {
    "title": 200, "dek": 500, "slug": 90, "search_title": 200, "search_description": 300, "social_title": 200,
    "social_description": 300, "canonical_url": 500,
}  # fmt: skip
"""Characters; the slug leaves room for a number behind it."""
MOST_NAMES = 20
NOT_CANONICAL = "That should be a whole address that begins with https://, like https://example.org/story."

_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Draft:
    title: str = ""
    dek: str = ""
    slug: str = ""
    """Empty means: made from the title at the first publication, kept ever after."""
    body: Node = field(default_factory=empty)
    lead_image: int | None = None
    author_ids: tuple[int, ...] = ()
    topic_ids: tuple[int, ...] = ()
    in_digest: bool = True
    search_title: str = ""
    search_description: str = ""
    sources: tuple[Source, ...] = ()
    social_title: str = ""
    social_description: str = ""
    canonical_url: str = ""


def draft_of(text: ManuscriptText) -> Draft:
    return Draft(
        body=text.body, lead_image=text.lead_image, author_ids=tuple(text.author_ids), topic_ids=tuple(text.topic_ids),
        in_digest=text.in_digest, sources=naming.sources_of(text.sources), **words_of(text),
    )  # fmt: skip


def words_of(text: ManuscriptText | Post | Draft) -> dict[str, Any]:
    """The fields that are one line of text."""
    return {name: getattr(text, name) for name in LONGEST}


def put(text: ManuscriptText, draft: Draft) -> None:
    for name in (*LONGEST, "body", "lead_image", "in_digest"):
        setattr(text, name, getattr(draft, name))
    text.author_ids, text.topic_ids = list(draft.author_ids), list(draft.topic_ids)
    text.sources = naming.told(draft.sources)


def show(post: Post, draft: Draft) -> None:
    """The draft's words become the public ones. Its slug, authors and topics go other ways: ``placing`` and ``deriving``."""
    for name in (*LONGEST.keys() - {"slug"}, "body", "in_digest"):
        setattr(post, name, getattr(draft, name))
    post.lead_image_id, post.sources = draft.lead_image, naming.told(draft.sources)


def checked(s: Session, draft: Draft) -> Draft:
    """The draft as it can be kept: one line where one line is meant, a valid body, a slug that is a slug.

    Raises Invalid with the sentences by field. Authors and topics that are gone are left out; a lead picture must exist.
    """
    wrong: dict[str, list[str]] = {}
    words: dict[str, Any] = {name: _one_line(getattr(draft, name)) for name in LONGEST}
    words["slug"] = links.slugify(words["slug"], 200)
    for name, most in LONGEST.items():
        if len(words[name]) > most:
            wrong[name] = [f"That is too long by {len(words[name]) - most:,} characters; {most} fit."]
    if draft.lead_image is not None and not _known(s, Image.id, [draft.lead_image]):
        wrong["lead_image"] = ["That picture is not in the library any more. Choose another one."]
    if words["canonical_url"] and not _is_elsewhere(words["canonical_url"]):
        wrong["canonical_url"] = [NOT_CANONICAL]
    body, sources = empty(), draft.sources
    try:
        body = validate(draft.body)
    except Invalid as refusal:
        wrong |= refusal.fields
    try:
        sources = naming.checked(draft.sources, source_ids(body))
    except Invalid as refusal:
        wrong |= refusal.fields
    if wrong:
        raise Invalid(next(iter(wrong.values()))[0], wrong)
    authors, topics = _known(s, Author.id, draft.author_ids), _known(s, Topic.id, draft.topic_ids)
    return Draft(
        body=body, lead_image=draft.lead_image, author_ids=authors, topic_ids=topics, in_digest=bool(draft.in_digest),
        sources=sources, **words,
    )  # fmt: skip


def _is_elsewhere(url: str) -> bool:
    """A whole https address that any machine can follow: no names and passwords in it."""
    return (
        url.lower().startswith("https://")
        and is_web(url)
        and "@" not in url.partition("//")[2].partition("/")[0]
    )


def _one_line(text: str) -> str:
    return " ".join(_UNSEEN.sub(" ", text).split())


def _known(s: Session, column: InstrumentedAttribute[Any], ids: Iterable[int]) -> tuple[int, ...]:
    """Those that exist, in the order given, each once."""
    wanted = [i for i in dict.fromkeys(ids) if number(i)][:MOST_NAMES]
    there = set(s.scalars(select(column).where(column.in_(wanted)))) if wanted else set()
    return tuple(i for i in wanted if i in there)
