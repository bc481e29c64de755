"""Two texts side by side: what is the same, and in what differs the very words. Pure; ``history`` asks."""

import json
import re
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from blog.posts.document import Node

ALIKE = 0.4
"""From this likeness on, two blocks count as one that was changed."""
NEAR = 60
"""An old block is looked for among so many new ones."""
EFFORT = 20_000_000
"""Steps that one comparison may take at the very most: a second or two. What would go beyond is shown as changed as a whole."""
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
    effort = _Effort(EFFORT)
    rows = [
        row
        for same, i, i_end, j, j_end in _parts(before, after, effort)
        for row in (
            (Row(line.label, _whole(line), _whole(line), same=True) for line in before[i:i_end])
            if same
            else _replaced(before[i:i_end], after[j:j_end], effort)
        )
    ]
    return tuple(_stretches(rows))


def field(label: str, before: str, after: str) -> Row:
    """A single value that both sides have."""
    return _changed(Line(label, before), Line(label, after), _Effort(EFFORT))


@dataclass
class _Effort:
    left: int

    def allows(self, before: Sequence[Hashable], after: Sequence[Hashable]) -> bool:
        """Whether these two may be matched, which is then counted by the most that it can take: a walk over all pairs of
        equals for each stretch that may be found.
        """
        ours, theirs = Counter(before), Counter(after)
        pairs = sum(count * theirs[one] for one, count in ours.items())
        walks = 2 * min(len(before), len(after), pairs) + 1
        steps = walks * (pairs + len(before) + len(after))
        if steps > self.left:
            return False
        self.left -= steps
        return True


def _parts(
    before: Sequence[Hashable], after: Sequence[Hashable], effort: _Effort
) -> Iterator[tuple[bool, int, int, int, int]]:
    """Which stretches are the same on both sides, and which took each other's place."""
    shorter = min(len(before), len(after))
    head = next((n for n in range(shorter) if before[n] != after[n]), shorter)
    tail = next((n for n in range(shorter - head) if before[-1 - n] != after[-1 - n]), shorter - head)
    i_end, j_end = len(before) - tail, len(after) - tail
    if head:
        yield True, 0, head, 0, head
    ours, theirs = before[head:i_end], after[head:j_end]
    if effort.allows(ours, theirs):
        matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
        for kind, i, i_to, j, j_to in matcher.get_opcodes():
            yield kind == "equal", head + i, head + i_to, head + j, head + j_to
    else:
        yield False, head, i_end, head, j_end
    if tail:
        yield True, i_end, len(before), j_end, len(after)


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


def _replaced(before: Sequence[Line], after: Sequence[Line], effort: _Effort) -> Iterator[Row]:
    """Each of the old with the likest of the new that come soon after the last one taken; the rest went or came."""
    bags, rest = [Counter(_split(new.words)) for new in after], 0
    for old in before:
        bag = Counter(_split(old.words))
        likeness = [_likeness(bag, new) for new in bags[rest : rest + NEAR]]
        best = max(range(len(likeness)), key=likeness.__getitem__, default=-1)
        if best < 0 or likeness[best] < ALIKE:
            yield Row(old.label, _whole(old, True), None)
            continue
        yield from (Row(new.label, None, _whole(new, True)) for new in after[rest : rest + best])
        yield _changed(old, after[rest + best], effort)
        rest += best + 1
    yield from (Row(new.label, None, _whole(new, True)) for new in after[rest:])


def _likeness(old: Counter[str], new: Counter[str]) -> float:
    """How much of their words two blocks share, in whatever order; 1 for the same words, and for two without any."""
    both = old.total() + new.total()
    return 2 * sum(min(count, new[word]) for word, count in old.items()) / both if both else 1.0


def _changed(old: Line, new: Line, effort: _Effort) -> Row:
    if old.words == new.words:
        return Row(new.label, _whole(old), _whole(new), same=old == new, only_form=old != new)
    left, right = _split(old.words), _split(new.words)
    before: list[Piece] = []
    after: list[Piece] = []
    # The last word of a block has no blank, and is the same word where another follows.
    ours, theirs = ([word.removesuffix(" ") for word in side] for side in (left, right))
    for same, i, i_end, j, j_end in _parts(ours, theirs, effort):
        before += _piece(left[i:i_end], not same)
        after += _piece(right[j:j_end], not same)
    return Row(new.label, tuple(before), tuple(after))


def _split(words: str) -> list[str]:
    """Words and signs, each with the blanks behind it: blanks of their own would all be alike."""
    return re.findall(r"\w+\s*|[^\w\s]\s*|\s+", words)


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
