"""Through a document, node by node, as it is stored. ``document`` says what it may hold; this loads nothing, so that workers may ask it too."""

from collections.abc import Iterator
from typing import Any

Node = dict[str, Any]


def walk(node: Node) -> Iterator[Node]:
    """The node and everything in it, in reading order."""
    yield node
    for child in node.get("content", ()):
        yield from walk(child)


def addresses(body: Node) -> set[str]:
    """Where its links and link cards lead."""
    marks = (mark for node in walk(body) for mark in node.get("marks", ()))
    linked = {mark["attrs"]["href"] for mark in marks if mark["type"] == "link"}
    return linked | {node["attrs"]["url"] for node in walk(body) if node["type"] == "link_card"}
