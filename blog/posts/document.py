"""The body of a post: a ProseMirror document checked against ``document.json``. ``writing`` checks every save with it.

Documents are plain JSON values, because that is what the editor sends and the database keeps; nothing else in a room is.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date

from blog.posts import spec as _spec
from blog.posts.addresses import is_link, is_web
from blog.posts.paste import from_html
from blog.posts.spec import Attribute, MarkKind, NodeKind, Spec
from blog.posts.walking import Node, addresses, walk
from blog.refusals import Invalid

__all__ = [
    "SPEC",
    "Node",
    "addresses",
    "empty",
    "from_html",
    "image_ids",
    "migrated",
    "post_ids",
    "promotion_ends",
    "source_ids",
    "validate",
    "walk",
]

Step = Callable[[Node], Node]

SPEC = _spec.read()
STEPS: Mapping[int, Step] = {}
"""``STEPS[n]`` makes a document of version n one of version n + 1. There has been one version so far."""

_LARGEST = 2**53 - 1
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""Characters that no XML feed or no PostgreSQL text can hold, and that nobody can see."""


def empty() -> Node:
    return {"type": "doc", "doc_version": _spec.spec().version, "content": [{"type": "paragraph"}]}


def validate(doc: object) -> Node:
    """The document with every default filled in; raises Invalid with a sentence that names the first thing wrong.

    Unseen control characters are left out, and so is text that is empty without them. Nothing else is mended.
    """
    rules = _spec.spec()
    if not isinstance(doc, dict) or doc.get("type") != "doc":
        raise _wrong("This is not a text that this editor can read.")
    body = migrated(doc, rules.version)
    checked = _Check(rules).node({key: value for key, value in body.items() if key != "doc_version"}, 1)
    whole = {"type": "doc", "doc_version": rules.version, "content": checked["content"]}
    if len(json.dumps(whole, ensure_ascii=False).encode()) > rules.most_bytes:
        raise _wrong(f"The text is too long. It can hold {rules.most_bytes // 1024} KB.")
    return whole


def migrated(doc: Node, to: int, steps: Mapping[int, Step] = STEPS) -> Node:
    """The document brought up to version ``to``; one without a version is of the newest."""
    version = doc.get("doc_version", to)
    if not _is_integer(version) or not 1 <= version <= to:
        raise _wrong("This text comes from a newer editor. Reload the page and try again.")
    for number in range(version, to):
        doc = {**steps[number](doc), "doc_version": number + 1}
    return doc


def image_ids(doc: Node) -> tuple[int, ...]:
    """The pictures it shows, in order, each once."""
    return tuple(
        dict.fromkeys(n["attrs"]["image"] for n in walk(doc) if n["type"] in ("figure", "gallery_item"))
    )


def post_ids(doc: Node) -> tuple[int, ...]:
    """The posts that its "Read more" lines point at, in order, each once."""
    return tuple(dict.fromkeys(n["attrs"]["post"] for n in walk(doc) if n["type"] == "read_more"))


def source_ids(doc: Node) -> tuple[int, ...]:
    """The sources that its notes point at, each once."""
    named = (n["attrs"].get("source", 0) for n in walk(doc) if n["type"] == "footnote")
    return tuple(dict.fromkeys(number for number in named if number))


def promotion_ends(doc: Node) -> tuple[date, ...]:
    """The last days that its promotions name."""
    named = (n["attrs"]["ends"] for n in walk(doc) if n["type"] == "promotion")
    return tuple(date.fromisoformat(day) for day in named if day)


class _Check:
    """One walk through one document; counts the nodes it has seen."""

    def __init__(self, rules: Spec) -> None:
        self.rules = rules
        self.seen = 0

    def node(self, raw: object, depth: int, markable: bool = False) -> Node:
        kind = self._kind(raw)
        assert isinstance(raw, dict)
        self._count(depth)
        node: Node = {"type": kind.name}
        if kind.attributes or raw.get("attrs"):
            node["attrs"] = _attributes(kind.name, kind.attributes, raw.get("attrs"))
        if raw.get("marks"):
            node["marks"] = self._marks(raw["marks"], kind, markable)
        if kind.name == "text":
            return node | {"text": _text(raw.get("text"))}
        children = self._children(raw.get("content"), kind, depth)
        return node | {"content": children} if children else node

    def _kind(self, raw: object) -> NodeKind:
        name = raw.get("type") if isinstance(raw, dict) else None
        if not isinstance(raw, dict) or not isinstance(name, str):
            raise _wrong("The text holds a part that is no block.")
        kind = self.rules.nodes.get(name)
        if kind is None:
            raise _wrong(f"The text holds a block that this editor does not know: “{_shown(name)}”.")
        allowed = (
            {"type", "attrs", "marks", "text"} if name == "text" else {"type", "attrs", "marks", "content"}
        )
        for key in raw.keys() - allowed:
            raise _wrong(f"A block “{name}” holds something that this editor does not know: “{_shown(key)}”.")
        return kind

    def _count(self, depth: int) -> None:
        self.seen += 1
        if depth > self.rules.most_depth:
            raise _wrong("The text is nested too deeply. Take some lists or quotes out of each other.")
        if self.seen > self.rules.most_nodes:
            raise _wrong(f"The text has too many parts. It can hold {self.rules.most_nodes:,}.")

    def _children(self, raw: object, kind: NodeKind, depth: int) -> list[Node]:
        if raw is not None and not isinstance(raw, list):
            raise _wrong(f"The content of a block “{kind.name}” is no list.")
        children = [self.node(child, depth + 1, kind.marked) for child in raw or ()]
        children = [child for child in children if child.get("text") != ""]
        names = "".join(f"{child['type']}," for child in children)
        if kind.holds is None and children:
            raise _wrong(f"A block “{kind.name}” cannot hold other blocks.")
        if kind.holds is not None and not kind.holds.fullmatch(names):
            held = "is empty" if not children else "holds blocks that do not belong there"
            raise _wrong(f"A block “{kind.name}” {held}.")
        return children

    def _marks(self, raw: object, kind: NodeKind, markable: bool) -> list[Node]:
        if not isinstance(raw, list) or not kind.inline or not markable:
            raise _wrong(f"A block “{kind.name}” cannot be formatted like text.")
        marks = [self._mark(mark) for mark in raw]
        names = [kind.name for kind, _ in marks]
        if len(set(names)) < len(names) or any(kind.excludes & set(names) for kind, _ in marks):
            raise _wrong("A word has two formats that exclude each other.")
        return [mark for _, mark in sorted(marks, key=lambda pair: pair[0].rank)]

    def _mark(self, raw: object) -> tuple[MarkKind, Node]:
        name = raw.get("type") if isinstance(raw, dict) else None
        kind = self.rules.marks.get(name) if isinstance(name, str) else None
        if kind is None or not isinstance(raw, dict) or raw.keys() - {"type", "attrs"}:
            raise _wrong(f"The text holds a format that this editor does not know: “{_shown(name)}”.")
        if not kind.attributes and not raw.get("attrs"):
            return kind, {"type": kind.name}
        return kind, {"type": kind.name, "attrs": _attributes(kind.name, kind.attributes, raw.get("attrs"))}


def _attributes(name: str, known: Mapping[str, Attribute], raw: object) -> Node:
    given = {} if raw is None else raw
    if not isinstance(given, dict):
        raise _wrong(f"The properties of “{name}” cannot be read.")
    for key in given.keys() - known.keys():
        raise _wrong(f"“{name}” has a property that this editor does not know: “{_shown(key)}”.")
    for key, rule in known.items():
        if rule.required and key not in given:
            raise _wrong(f"“{name}” lacks its property “{key}”.")
    return {key: _value(name, key, rule, given.get(key, rule.default)) for key, rule in known.items()}


def _value(name: str, key: str, rule: Attribute, value: object) -> object:
    if value is None and rule.nullable:
        return None
    if isinstance(value, str) and rule.type == "string":
        value = _clean(value)
    if not _fits(rule, value):
        raise _wrong(f"The property “{key}” of “{name}” cannot be “{_shown(value)}”.")
    return value


def _fits(rule: Attribute, value: object) -> bool:
    if rule.enum and value not in rule.enum:
        return False
    if rule.type == "integer":
        least, most = rule.least or 0, _LARGEST if rule.most is None else rule.most
        return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
    if not isinstance(value, str) or len(value) > (rule.most or 2000):
        return False
    return not rule.format or (value == "" and rule.default == "") or _has_format(rule.format, value)


def _has_format(wanted: str, value: str) -> bool:
    if wanted == "date":
        return bool(re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value)) and _is_date(value)
    return is_link(value) if wanted == "link" else is_web(value)


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _wrong("The text holds words that cannot be read.")
    return _clean(value)


def _clean(value: str) -> str:
    return _UNSEEN.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _shown(value: object) -> str:
    """At most forty characters of what was sent, fit for a sentence."""
    text = _clean(str(value)[:200])
    return text if len(text) <= 40 else text[:39] + "…"


def _wrong(sentence: str) -> Invalid:
    return Invalid(sentence, {"body": [sentence]})
