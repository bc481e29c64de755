"""Finds a block again after the text around it, and in it, was edited: by its words, as the web's annotations do (TextQuoteSelector in
w3.org/TR/annotation-model). Blocks need no names of their own then, which a paste would copy and a page would carry.
"""

from collections.abc import Sequence
from difflib import SequenceMatcher

from blog.posts.document import image_ids
from blog.posts.prose import plain_text
from blog.posts.walking import Node

LONGEST = 400
"""Characters by which a block is known."""
ALIKE = 0.6
"""A block that has less in common with what it was is another one (difflib's ratio)."""


def quotes(body: Node) -> list[str]:
    """What each block is known by, in their order: its words, or where it has none its pictures or its kind."""
    return [_quote(block) for block in body["content"]]


def find(anchor: str, near: int, among: Sequence[str]) -> int:
    """The block, counted from 1, that ``anchor`` told of; of several the one nearest to where it was. 0 where it is gone."""
    same = [number for number, quote in enumerate(among, 1) if quote == anchor]
    if same:
        return min(same, key=lambda number: abs(number - near))
    likeness = [(_alike(anchor, quote), -abs(number - near), number) for number, quote in enumerate(among, 1)]
    ratio, _, best = max(likeness, default=(0.0, 0, 0))
    return best if ratio >= ALIKE else 0


def _quote(block: Node) -> str:
    alone = {"type": "doc", "content": [block]}
    words = " ".join(plain_text(alone).split())[:LONGEST]
    shown = ", ".join(str(image) for image in image_ids(alone))
    return words or (f"picture {shown}" if shown else str(block["type"]).replace("_", " "))


def _alike(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    # Cheap bounds first: a long story has a hundred blocks.
    return matcher.ratio() if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE else 0.0
