"""A line of a text as HTML: words with their marks, breaks, and the signs of notes, which stand together at the end. ``prose`` asks."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from blog.posts.document import Node
from blog.posts.sources import Source

_MARKS = {"strong": "strong", "em": "em", "superscript": "sup", "subscript": "sub", "code": "code"}


class Notes:
    """The notes of one rendering, numbered as their signs are met."""

    def __init__(self, sources: Sequence[Source] = ()) -> None:
        self.kept: list[Mapping[str, Any]] = []
        self.places = {source.id: (place, source.name) for place, source in enumerate(sources, 1)}

    def sign(self, attrs: Mapping[str, Any]) -> Markup:
        """Nothing for a note that says nothing."""
        if not attrs["text"].strip() and not attrs["url"] and attrs.get("source", 0) not in self.places:
            return Markup("")
        self.kept.append(attrs)
        return Markup(
            '<sup class="note"><a href="#note-{0}" id="note-sign-{0}" aria-label="Note {0}">{0}</a></sup>'
        ).format(len(self.kept))

    def listed(self) -> Markup:
        if not self.kept:
            return Markup("")
        items = Markup("\n").join(self._note(number, attrs) for number, attrs in enumerate(self.kept, 1))
        return Markup('<section class="notes"><h2>Notes</h2>\n<ol>\n{}\n</ol></section>').format(items)

    def _note(self, number: int, attrs: Mapping[str, Any]) -> Markup:
        words, url = attrs["text"].strip(), attrs["url"]
        said = (
            Markup('<a href="{}" rel="noopener">{}</a>').format(url, words or url) if url else escape(words)
        )
        place, name = self.places.get(attrs.get("source", 0), (0, ""))
        if place:
            lead = Markup("{} (source {})") if said else Markup("{}Source {}")
            said = lead.format(said, Markup('<a href="#source-{0}">{0}</a>').format(place))
            said += Markup("") if words or url else escape(f": {name}")
        back = Markup(
            '<a class="note__back" href="#note-sign-{0}" aria-label="Back to note {0} in the text">↩</a>'
        )
        return Markup('<li id="note-{}">{} {}</li>').format(number, said, back.format(number))


def inline(node: Node, notes: Notes) -> Markup:
    """Text, breaks and notes with their marks; neighbours that share a mark share its element, so one link stays one link."""
    html: list[Markup] = []
    opened: list[Node] = []
    for child in _within(node.get("content", [])):
        # A note's sign is a link, so it stands in no other; its marks say nothing.
        marks: list[Node] = [] if child["type"] == "footnote" else child.get("marks", [])
        same = _shared(opened, marks)
        html += [_closing(mark) for mark in reversed(opened[same:])] + [
            _opening(mark) for mark in marks[same:]
        ]
        html.append(_leaf(child, notes))
        opened = marks
    return Markup("").join(html + [_closing(mark) for mark in reversed(opened)])


def _leaf(node: Node, notes: Notes) -> Markup:
    if node["type"] == "footnote":
        return notes.sign(node["attrs"])
    return escape(node["text"]) if node["type"] == "text" else Markup("<br>")


def _within(children: list[Node]) -> list[Node]:
    """Without the breaks at its end, which show as nothing."""
    while children and children[-1]["type"] == "hard_break":
        children = children[:-1]
    return children


def _shared(left: list[Node], right: list[Node]) -> int:
    """How many marks from the outermost on are the same."""
    length = min(len(left), len(right))
    return next((i for i in range(length) if left[i] != right[i]), length)


def _opening(mark: Node) -> Markup:
    if mark["type"] != "link":
        return Markup("<{}>").format(Markup(_MARKS[mark["type"]]))
    href = mark["attrs"]["href"]
    rel = "" if href.startswith(("/", "#", "mailto:")) else Markup(' rel="noopener"')
    return Markup('<a href="{}"{}>').format(href, rel)


def _closing(mark: Node) -> Markup:
    return Markup("</{}>").format(Markup("a" if mark["type"] == "link" else _MARKS[mark["type"]]))
