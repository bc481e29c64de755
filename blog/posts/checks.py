"""What stands between a manuscript and the public: the list that an editor sees, and the gate that publishing asks."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from blog.images.reading import Picture
from blog.posts.document import Node, image_ids, walk
from blog.posts.drafts import Draft
from blog.posts.prose import excerpt, plain_text
from blog.refusals import Invalid

_PLACEHOLDER = re.compile(r"\bTK\b")


@dataclass(frozen=True)
class Finding:
    field: str
    """Which part of the form mends it: title, authors, dek, body, lead_image, topics or pictures."""
    sentence: str
    blocks: bool = True


def findings(
    draft: Draft, pictures: Mapping[int, Picture], stories: Mapping[int, tuple[str, str]]
) -> tuple[Finding, ...]:
    """What is missing, blocking things first. ``pictures`` and ``stories`` are what the draft's ids stand for today;
    of a story only those that are public.
    """
    all_found = [*_words(draft), *_pictures(draft, pictures), *_advice(draft, stories)]
    return tuple(sorted(all_found, key=lambda finding: not finding.blocks))


def gate(found: tuple[Finding, ...]) -> None:
    """Raises Invalid, with the sentences by field, where anything blocks."""
    fields: dict[str, list[str]] = {}
    for finding in found:
        if finding.blocks:
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
            )
            continue
        for lack in _lacks(picture, draft):
            yield Finding(field, f"The picture “{picture.filename}” {lack}")


def _lacks(picture: Picture, draft: Draft) -> Iterator[str]:
    if not picture.alt and not picture.decorative and _relies_on_own_alt(picture, draft):
        yield "has no alternative text. Describe it, or mark it as decorative."
    if not picture.credit:
        yield "has no credit. Write it as the source gives it."
    if not picture.licence:
        yield "has no licence. Write under which one it may be shown."


def _relies_on_own_alt(picture: Picture, draft: Draft) -> bool:
    """A figure may bring its own alternative text; the lead and every other use show the picture's."""
    uses = [node["attrs"] for node in walk(draft.body) if node["type"] in ("figure", "gallery_item")]
    shown = [attrs for attrs in uses if attrs["image"] == picture.id]
    return draft.lead_image == picture.id or any(not (attrs["alt"] or "").strip() for attrs in shown)


def _advice(draft: Draft, stories: Mapping[int, tuple[str, str]]) -> Iterator[Finding]:
    if draft.lead_image is None:
        yield Finding(
            "lead_image", "There is no lead picture. The story stands in lists as text alone.", False
        )
    if not draft.topic_ids:
        yield Finding("topics", "There is no topic. Readers will not find the story on a topic page.", False)
    if _PLACEHOLDER.search(f"{draft.title}\n{draft.dek}\n{plain_text(draft.body)}"):
        yield Finding("body", "“TK” still stands in the text.", False)
    if any(n["type"] == "read_more" and n["attrs"]["post"] not in stories for n in walk(draft.body)):
        yield Finding(
            "body",
            "A “Read more” points at a story that is not published. It shows as soon as that one is.",
            False,
        )
    if _skips_a_level(draft.body):
        yield Finding(
            "body", "A heading skips a level: use a larger one, so that the outline can be followed.", False
        )


def _skips_a_level(body: Node) -> bool:
    levels = [1, *(node["attrs"]["level"] for node in body["content"] if node["type"] == "heading")]
    return any(after > before + 1 for before, after in zip(levels, levels[1:], strict=False))
