"""Turns an article of the script into the document that posts keep. ``loading.py`` asks once all pictures and posts have numbers."""

from collections.abc import Callable, Mapping

from blog.demo.script import ArticleEntry, Part
from blog.posts.document import Node, from_html

Ids = Mapping[str, int]


def body_of(article: ArticleEntry, image_ids: Ids, post_ids: Ids) -> Node:
    """``image_ids`` and ``post_ids`` give the numbers by the script's keys. The document is not yet validated."""
    content: list[Node] = []
    for part in article.parts:
        content += _BLOCKS[part.kind](part, image_ids, post_ids)
    return {"type": "doc", "doc_version": 1, "content": content}


def _html(part: Part, image_ids: Ids, post_ids: Ids) -> list[Node]:
    return from_html(part.html)


def _figure(part: Part, image_ids: Ids, post_ids: Ids) -> list[Node]:
    key, width, *caption = part.words
    attrs: Node = {"image": image_ids[key], "width": width}
    return [{"type": "figure", "attrs": attrs | ({"caption": caption[0]} if caption else {})}]


def _gallery(part: Part, image_ids: Ids, post_ids: Ids) -> list[Node]:
    items = [{"type": "gallery_item", "attrs": {"image": image_ids[key]}} for key in part.words]
    return [{"type": "gallery", "content": items}]


def _bottom_line(part: Part, image_ids: Ids, post_ids: Ids) -> list[Node]:
    return [{"type": "bottom_line", "content": from_html(part.html)}]


def _read_more(part: Part, image_ids: Ids, post_ids: Ids) -> list[Node]:
    return [{"type": "read_more", "attrs": {"post": post_ids[part.words[0]]}}]


def _promotion(part: Part, image_ids: Ids, post_ids: Ids) -> list[Node]:
    heading, url, label = part.words
    attrs = {"heading": heading, "url": url, "label": label}
    return [{"type": "promotion", "attrs": attrs, "content": from_html(part.html)}]


def _embed(part: Part, image_ids: Ids, post_ids: Ids) -> list[Node]:
    url, title = part.words
    return [{"type": "embed", "attrs": {"url": url, "title": title}}]


_BLOCKS: Mapping[str, Callable[[Part, Ids, Ids], list[Node]]] = {
    "": _html,
    "figure": _figure,
    "gallery": _gallery,
    "bottom-line": _bottom_line,
    "read-more": _read_more,
    "promotion": _promotion,
    "embed": _embed,
}
