"""The document spec as Python asks it: which children, marks and attributes a node may have. Read from ``document.json``,
which the editor is built from too. ``document.py`` is the only caller.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, cast


@dataclass(frozen=True)
class Attribute:
    type: str
    default: Any
    required: bool
    nullable: bool
    enum: tuple[Any, ...]
    format: str
    least: int | None
    most: int | None
    """A length for a string, a value for an integer."""


@dataclass(frozen=True)
class NodeKind:
    name: str
    inline: bool
    holds: re.Pattern[str] | None
    """Matches the names of its children, each followed by a comma; None for a leaf."""
    marked: bool
    """Whether its children may bear marks."""
    attributes: Mapping[str, Attribute]


@dataclass(frozen=True)
class MarkKind:
    name: str
    rank: int
    excludes: frozenset[str]
    attributes: Mapping[str, Attribute]


@dataclass(frozen=True)
class Spec:
    version: int
    most_bytes: int
    most_nodes: int
    most_depth: int
    nodes: Mapping[str, NodeKind]
    marks: Mapping[str, MarkKind]


def read() -> Mapping[str, Any]:
    """``document.json`` as it is, for the page that hands it to the editor."""
    return cast(
        Mapping[str, Any], json.loads(files("blog.posts").joinpath("document.json").read_text("utf-8"))
    )


@cache
def spec() -> Spec:
    raw = read()
    groups: dict[str, list[str]] = {}
    for name, node in raw["nodes"].items():
        groups.setdefault(node.get("group", name), []).append(name)
    limits = raw["limits"]
    return Spec(
        raw["doc_version"], limits["bytes"], limits["nodes"], limits["depth"],
        {name: _node(name, node, groups) for name, node in raw["nodes"].items()},
        {name: _mark(name, mark, rank) for rank, (name, mark) in enumerate(raw["marks"].items())},
    )  # fmt: skip


def _node(name: str, raw: Mapping[str, Any], groups: Mapping[str, list[str]]) -> NodeKind:
    holds = re.compile(_pattern(raw["content"], groups)) if raw.get("content") else None
    return NodeKind(name, raw.get("group") == "inline", holds, raw.get("marks") != "", _attributes(raw))


def _pattern(expression: str, groups: Mapping[str, list[str]]) -> str:
    """A ProseMirror content expression as a regular expression: ``block+`` -> ``(?:(?:paragraph,|heading,)+)``."""

    def names(found: re.Match[str]) -> str:
        return "(?:" + "|".join(f"{name}," for name in groups.get(found[0], [found[0]])) + ")"

    return re.sub(r"\s+", "", re.sub(r"\w+", names, expression.replace("(", "(?:")))


def _mark(name: str, raw: Mapping[str, Any], rank: int) -> MarkKind:
    return MarkKind(name, rank, frozenset(raw.get("excludes", "").split()), _attributes(raw))


def _attributes(raw: Mapping[str, Any]) -> Mapping[str, Attribute]:
    return {
        name: Attribute(
            a["type"], a.get("default"), "default" not in a, a.get("nullable", False), tuple(a.get("enum", ())),
            a.get("format", ""), a.get("min"), a.get("max"),
        )
        for name, a in raw.get("attrs", {}).items()
    }  # fmt: skip
