"""Two texts side by side: what is the same, and in what differs the very words. Pure; ``history`` asks."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from blog.posts.document import Node

ALIKE = 0.4
"""From this likeness on, two blocks count as one that was changed."""
NAMES = {
    "paragraph": "Text", "blockquote": "Quote", "bullet_list": "List", "ordered_list": "Numbered list",
    "code_block": "Code", "horizontal_rule": "Divider", "figure": "Picture", "read_more": "Read more",
}  # fmt: skip
"""What the editor calls a block, where its name in the document is another."""


@dataclass(frozen=True)
class Piece:
    words: str
    differs: bool = False


@dataclass(frozen=True)
class Line:
    """One field or block as words."""

    label: str
    words: str
    form: str = ""
    """What else tells it from another of the same words: levels, links, bold."""


@dataclass(frozen=True)
class Row:
    label: str
    before: tuple[Piece, ...] | None
    """None where only the other side has it."""
    after: tuple[Piece, ...] | None
    same: bool = False
    only_form: bool = False
    """The same words, otherwise set."""


@dataclass(frozen=True)
class Stretch:
    """Neighbouring rows that are all the same, or all not."""

    same: bool
    rows: tuple[Row, ...]


def lines(body: Node) -> tuple[Line, ...]:
    """A body's blocks as words. It knows blocks by what they hold, so that a kind it never heard of is shown too."""
    return tuple(_line(block) for block in body["content"])


def compare(before: Sequence[Line], after: Sequence[Line]) -> tuple[Stretch, ...]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    rows = [
        row
        for kind, i, i_end, j, j_end in matcher.get_opcodes()
        for row in (
            (Row(line.label, _whole(line), _whole(line), same=True) for line in before[i:i_end])
            if kind == "equal"
            else _replaced(before[i:i_end], after[j:j_end])
        )
    ]
    return tuple(_stretches(rows))


def field(label: str, before: str, after: str) -> Row:
    """A single value that both sides have."""
    return _changed(Line(label, before), Line(label, after))


def _line(block: Node) -> Line:
    kind, attrs = block["type"], block.get("attrs", {})
    label = NAMES.get(kind) or kind.replace("_", " ").capitalize()
    if kind == "heading":
        label = f"Heading {attrs['level']}"
    return Line(label, "\n".join(_said(block)).strip(), json.dumps(block, sort_keys=True))


def _said(node: Node) -> Iterator[str]:
    """Its text, a line for each block of text, then what stands in its attributes."""
    content = node.get("content", [])
    if any(child["type"] in ("text", "hard_break") for child in content):
        yield "".join(child.get("text", "\n") for child in content)
    else:
        mark = "• " if node["type"].endswith("_list") else ""
        for child in content:
            yield mark + "\n".join(_said(child))
    for name, value in node.get("attrs", {}).items():
        if name in ("image", "post") and value:
            yield f"No. {value}"
        elif isinstance(value, str) and value and name not in ("width",):
            yield value


def _replaced(before: Sequence[Line], after: Sequence[Line]) -> Iterator[Row]:
    """Each of the old with the likest of the new that comes after the last one taken; the rest went or came."""
    rest = 0
    for old in before:
        likeness = [_likeness(old, new) for new in after[rest:]]
        best = max(range(len(likeness)), key=likeness.__getitem__, default=-1)
        if best < 0 or likeness[best] < ALIKE:
            yield Row(old.label, _whole(old, True), None)
            continue
        yield from (Row(new.label, None, _whole(new, True)) for new in after[rest : rest + best])
        yield _changed(old, after[rest + best])
        rest += best + 1
    yield from (Row(new.label, None, _whole(new, True)) for new in after[rest:])


def _likeness(old: Line, new: Line) -> float:
    if old.words == new.words:
        return 1.0
    return SequenceMatcher(None, _split(old.words), _split(new.words), autojunk=False).ratio()


def _changed(old: Line, new: Line) -> Row:
    if old.words == new.words:
        return Row(new.label, _whole(old), _whole(new), same=old == new, only_form=old != new)
    left, right = _split(old.words), _split(new.words)
    before: list[Piece] = []
    after: list[Piece] = []
    for kind, i, i_end, j, j_end in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        before += _piece(left[i:i_end], kind != "equal")
        after += _piece(right[j:j_end], kind != "equal")
    return Row(new.label, tuple(before), tuple(after))


def _split(words: str) -> list[str]:
    return re.findall(r"\s+|\w+|[^\w\s]", words)


def _piece(words: list[str], differs: bool) -> list[Piece]:
    return [Piece("".join(words), differs)] if words else []


def _whole(line: Line, differs: bool = False) -> tuple[Piece, ...]:
    return (Piece(line.words, differs),)


def _stretches(rows: Sequence[Row]) -> Iterator[Stretch]:
    start = 0
    for end in range(1, len(rows) + 1):
        if end == len(rows) or rows[end].same != rows[start].same:
            yield Stretch(rows[start].same, tuple(rows[start:end]))
            start = end
