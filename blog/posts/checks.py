"""What stands between a manuscript and the public: the list that an editor sees, and the gate that publishing asks."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from blog.images.reading import Picture
from blog.posts.document import Node, addresses, image_ids, source_ids, walk
from blog.posts.drafts import Draft
from blog.posts.prose import excerpt, mail_words, on_page, plain_text
from blog.refusals import Invalid

WITHOUT = frozenset({"title", "authors", "dek"})
"""Fields without which no page, list or mail can be made."""

_PLACEHOLDER = re.compile(r"\bTK\b")


@dataclass(frozen=True)
class Finding:
    field: str
    """Which part of the form mends it: title, authors, dek, body, lead_image, topics, sources or pictures."""
    sentence: str
    blocks: bool = True
    block: int = 0
    """The how-manieth block of the body it is about; 0 where it is about no single one."""

    @property
    def waivable(self) -> bool:
        """Whether a person with the right may publish over it: whatever a page can do without."""
        return self.field not in WITHOUT


@dataclass(frozen=True)
class Leads:
    """Where a text's links lead that do not lead where they should."""

    dead: frozenset[str] = frozenset()
    unsure: frozenset[str] = frozenset()
    """Sites that did not answer as they should when they were last asked."""


NOWHERE = Leads()


def findings(
    draft: Draft,
    pictures: Mapping[int, Picture],
    stories: Mapping[int, tuple[str, str]],
    leads: Leads = NOWHERE,
    faults: Collection[str] = (),
) -> tuple[Finding, ...]:
    """What is missing, blocking things first. ``pictures`` and ``stories`` are what the draft's ids stand for today;
    of a story only those that are public. ``leads`` are the links that lead nowhere, or may;
    ``faults`` what a browser found wrong with the page of these very words.
    """
    all_found = [
        *_words(draft), *_pictures(draft, pictures), *_marks(draft), *_links(draft, leads), *_seen(faults), *_advice(draft, stories),
    ]  # fmt: skip
    return tuple(sorted(all_found, key=lambda finding: not finding.blocks))


def for_page(found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """What concerns a standing page too, which has no author, topic or place in lists."""
    return tuple(
        one
        for one in found
        if one.field not in ("authors", "topics", "dek") and (one.blocks or one.field != "lead_image")
    )


def gate(found: tuple[Finding, ...], *, waived: bool = False) -> None:
    """Raises Invalid, with the sentences by field, where anything blocks; where ``waived``, only what nobody can waive."""
    fields: dict[str, list[str]] = {}
    for finding in found:
        if finding.blocks and not (waived and finding.waivable):
            fields.setdefault(finding.field, []).append(finding.sentence)
    if fields:
        raise Invalid("This story is not ready yet. Mend what is marked, then publish it.", fields)


def _words(draft: Draft) -> Iterator[Finding]:
    if not draft.title:
        yield Finding("title", "Give the story a title.")
    if not draft.author_ids:
        yield Finding("authors", "Choose at least one author.")
    if not draft.dek and not excerpt(draft.body):
        yield Finding("dek", "Write a dek or a first paragraph: lists, feeds and mails show it.")


def _pictures(draft: Draft, pictures: Mapping[int, Picture]) -> Iterator[Finding]:
    lead = [draft.lead_image] if draft.lead_image else []
    for image in dict.fromkeys([*lead, *image_ids(draft.body)]):
        field, picture = "lead_image" if image == draft.lead_image else "pictures", pictures.get(image)
        if picture is None:
            yield Finding(
                field,
                "A picture of this story is not in the library any more. Take it out or choose another one.",
                block=_block_with(draft, image),
            )
            continue
        for lack in _lacks(picture, draft):
            yield Finding(field, f"The picture “{picture.filename}” {lack}", block=_block_with(draft, image))


def _block_with(draft: Draft, image: int) -> int:
    return next((n for n, block in _blocks(draft) if image in image_ids(block)), 0)


def _blocks(draft: Draft) -> Iterator[tuple[int, Node]]:
    """Each block of the body as a document of its own, counted from 1."""
    for number, block in enumerate(draft.body["content"], 1):
        yield number, {"type": "doc", "content": [block]}


def _lacks(picture: Picture, draft: Draft) -> Iterator[str]:
    if not picture.alt and not picture.decorative and _relies_on_own_alt(picture, draft):
        yield "has no alternative text. Describe it, or mark it as decorative."
    if not picture.credit:
        yield "has no credit. Write it as the source gives it."
    if not picture.licence:
        yield "has no licence. Write under which one it may be shown."
    if picture.unconfirmed:
        yield "still has words that came with its file. Read them, and confirm or change each."


def _relies_on_own_alt(picture: Picture, draft: Draft) -> bool:
    """A figure may bring its own alternative text; the lead and every other use show the picture's."""
    uses = [node["attrs"] for node in walk(draft.body) if node["type"] in ("figure", "gallery_item")]
    shown = [attrs for attrs in uses if attrs["image"] == picture.id]
    return draft.lead_image == picture.id or any(not (attrs["alt"] or "").strip() for attrs in shown)


def _marks(draft: Draft) -> Iterator[Finding]:
    for field, text in (("title", draft.title), ("dek", draft.dek)):
        if _PLACEHOLDER.search(text):
            yield Finding(f"{field}_marks", f"“TK” still stands in the {field}.")
    for number, block in _blocks(draft):
        if _PLACEHOLDER.search(f"{plain_text(block)}\n{mail_words(block)}"):
            yield Finding("marks", f"“TK” still stands in block {number}.", block=number)


def _links(draft: Draft, leads: Leads) -> Iterator[Finding]:
    for number, block in _blocks(draft):
        own = addresses(block)
        for address in sorted(own.intersection(leads.dead)):
            yield Finding("links", f"A link leads to {address}, where nothing is.", block=number)
        for address in sorted(own.intersection(leads.unsure)):
            sentence = f"A link leads to {address}, which does not answer us. Try it yourself."
            yield Finding("links", sentence, False, number)


def _seen(faults: Collection[str]) -> Iterator[Finding]:
    for fault in faults:
        yield Finding("preview", f"On the preview: {fault}")


def _advice(draft: Draft, stories: Mapping[int, tuple[str, str]]) -> Iterator[Finding]:
    if draft.lead_image is None:
        yield Finding(
            "lead_image", "There is no lead picture. The story stands in lists as text alone.", False
        )
    if not draft.topic_ids:
        yield Finding("topics", "There is no topic. Readers will not find the story on a topic page.", False)
    if any(n["type"] == "read_more" and n["attrs"]["post"] not in stories for n in walk(draft.body)):
        yield Finding(
            "body",
            "A “Read more” points at a story that is not published. It shows as soon as that one is.",
            False,
        )
    if set(source_ids(draft.body)) - {source.id for source in draft.sources}:
        yield Finding("sources", "A note points at a source that is not in the list any more.", False)
    for number in _skipping(draft.body):
        sentence = "A heading skips a level: use a larger one, so that the outline can be followed."
        yield Finding("body", sentence, False, number)


def _skipping(body: Node) -> Iterator[int]:
    """The blocks with a heading that does, counted from 1."""
    before = 1
    for number, block in enumerate(body["content"], 1):
        for node in on_page({"type": "doc", "content": [block]}):
            if node["type"] == "heading":
                if node["attrs"]["level"] > before + 1:
                    yield number
                before = node["attrs"]["level"]
