"""Foreign HTML as blocks of our document: what ``document.from_html`` gives imports and pastes."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from blog.posts.addresses import is_link
from blog.posts.sanitize import clean_foreign

Node = dict[str, Any]

_MARKS = {
    "strong": "strong",
    "b": "strong",
    "em": "em",
    "i": "em",
    "sup": "superscript",
    "sub": "subscript",
    "code": "code",
}
_RANKS = ("link", "strong", "em", "superscript", "subscript", "code")
_HEADINGS = {"h1": 2, "h2": 2, "h3": 3, "h4": 4, "h5": 4, "h6": 4}
_LISTS = {"ul": "bullet_list", "ol": "ordered_list"}
_DEEPEST_LIST = 4


def from_html(html: str) -> list[Node]:
    """The blocks that valid documents may hold, empty where nothing is left after cleaning. Pictures are dropped."""
    reader = _Reader()
    reader.feed(clean_foreign(html))
    reader.close()
    return reader.finish()


@dataclass
class _Open:
    """A container that is still open: the document, a quote, a list or a list item."""

    node: Node
    blocks: list[Node] = field(default_factory=list)


class _Reader(HTMLParser):
    """Reads cleaned HTML, so every tag is known and closed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.stack = [_Open({"type": "doc"})]
        self.inline: list[Node] = []
        self.marks: list[Node] = []
        self.block: Node = {"type": "paragraph"}

    def finish(self) -> list[Node]:
        while len(self.stack) > 1:
            self._leave()
        self._end_block()
        return self.stack[0].blocks

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "br":
            self.inline.append({"type": "hard_break"})
        elif self.block["type"] == "code_block":
            return
        elif tag in _MARKS:
            self._mark({"type": _MARKS[tag]})
        elif tag == "a":
            self._mark({"type": "link", "attrs": {"href": given.get("href", "")}})
        else:
            self._start_block(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "pre":
            self._end_block()
        elif self.block["type"] == "code_block":
            return
        elif tag in _MARKS or tag == "a":
            self._unmark(_MARKS.get(tag, "link"))
        elif tag in (*_LISTS, "li", "blockquote"):
            self._close(_LISTS.get(tag, {"li": "list_item"}.get(tag, tag)))
        else:
            self._end_block()

    def handle_data(self, data: str) -> None:
        is_code = self.block["type"] == "code_block"
        text = data if is_code else " ".join(("x" + data + "x").split())[1:-1]
        if not text or (text == " " and not self.inline):
            return
        node: Node = {"type": "text", "text": text}
        if self.marks and not is_code:
            node["marks"] = sorted(self.marks, key=lambda mark: _RANKS.index(mark["type"]))
        self.inline.append(node)

    def _start_block(self, tag: str, given: dict[str, str]) -> None:
        self._end_block()
        if tag in _HEADINGS and len(self.stack) == 1:
            self.block = {"type": "heading", "attrs": {"level": _HEADINGS[tag]}}
        elif tag == "pre" and len(self.stack) == 1:
            self.block = {"type": "code_block"}
        elif tag == "hr" and len(self.stack) == 1:
            self.stack[0].blocks.append({"type": "horizontal_rule"})
        elif tag == "blockquote" and len(self.stack) == 1:
            self.stack.append(_Open({"type": "blockquote"}))
        elif tag in _LISTS:
            self._open_list(tag, given)
        elif tag == "li" and self.stack[-1].node["type"] in _LISTS.values():
            self.stack.append(_Open({"type": "list_item"}))

    def _open_list(self, tag: str, given: dict[str, str]) -> None:
        depth = sum(level.node["type"] in _LISTS.values() for level in self.stack)
        if depth >= _DEEPEST_LIST:
            return
        if self.stack[-1].node["type"] in _LISTS.values():
            self.stack.append(_Open({"type": "list_item"}))
        start = given.get("start", "")
        attrs = (
            {"attrs": {"start": int(start)}} if tag == "ol" and start.isdecimal() and len(start) < 5 else {}
        )
        self.stack.append(_Open({"type": _LISTS[tag], **attrs}))

    def _close(self, kind: str) -> None:
        """Close down to the innermost open ``kind``; a close without an open one does nothing."""
        self._end_block()
        if any(level.node["type"] == kind for level in self.stack):
            while self._leave() != kind:
                pass

    def _leave(self) -> str:
        self._end_block()
        done = self.stack.pop()
        kind = str(done.node["type"])
        blocks = _itemised(done.blocks) if kind == "list_item" else done.blocks
        if blocks:
            self.stack[-1].blocks.append({**done.node, "content": blocks})
        return kind

    def _end_block(self) -> None:
        content, self.inline = _trimmed(self.inline), []
        block, self.block = self.block, {"type": "paragraph"}
        if block["type"] == "code_block":
            content = [{"type": "text", "text": n.get("text", "\n")} for n in content]
        if not content:
            return
        if self.stack[-1].node["type"] in _LISTS.values():
            self.stack[-1].blocks.append({"type": "list_item", "content": [{**block, "content": content}]})
        else:
            self.stack[-1].blocks.append({**block, "content": content})

    def _mark(self, mark: Node) -> None:
        open_now = {m["type"] for m in self.marks}
        clash = {"superscript": "subscript", "subscript": "superscript"}.get(mark["type"])
        if mark["type"] in open_now or clash in open_now:
            return
        if mark["type"] != "link" or (len(mark["attrs"]["href"]) <= 2000 and is_link(mark["attrs"]["href"])):
            self.marks.append(mark)

    def _unmark(self, kind: str) -> None:
        self.marks = [mark for mark in self.marks if mark["type"] != kind]


def _itemised(blocks: list[Node]) -> list[Node]:
    """A list item begins with a paragraph; one that holds only a list gets an empty one."""
    return [{"type": "paragraph"}, *blocks] if blocks and blocks[0]["type"] != "paragraph" else blocks


def _trimmed(inline: list[Node]) -> list[Node]:
    """Without breaks and blank text at either end."""
    while inline and not inline[0].get("text", "").strip():
        inline = inline[1:]
    while inline and not inline[-1].get("text", "").strip():
        inline = inline[:-1]
    return inline
