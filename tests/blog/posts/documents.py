"""Random valid documents, drawn from the spec itself, with hostile strings wherever a string may stand."""

from datetime import date
from functools import cache
from typing import Any

from hypothesis import strategies as st

from blog.posts.document import SPEC

Node = dict[str, Any]

HOSTILE = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' onmouseover='alert(1)", "javascript:alert(1)",
    "</figcaption></figure><svg onload=alert(1)>", "&lt;script&gt;", "{{7*7}}", "\u202e\u0000\u0007", "]]><!--", "a\r\nb",
    "data:text/html,<script>", "<style>*{}</style>", "&#x6a;avascript:", "\u00a0", "𝔘𝔫𝔦", "--><script>",
)  # fmt: skip
LINKS = (
    "https://example.org/a?b=1&c='2'#d",
    "/2026/11/x",
    "#s-part",
    "mailto:desk@example.org",
    "HTTP://EXAMPLE.ORG/",
)
URLS = (
    "https://www.youtube.com/watch?v=abc123&t=1", "https://vimeo.com/1234/ab12", "https://mastodon.example/@a/123",
    "https://bsky.app/profile/a.example/post/3k2", "https://x.com/a/status/12", "https://www.instagram.com/p/Ab-_1/",
    "https://example.org/a?b=%22%3Cscript%3E", "http://[::1]:80/", "https://youtu.be/%3Cscript%3E",
)  # fmt: skip

strings = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=30))


def documents() -> st.SearchStrategy[Node]:
    return st.lists(_block(), min_size=1, max_size=6).map(lambda blocks: {"type": "doc", "content": blocks})


@cache
def _block() -> st.SearchStrategy[Node]:
    names = [name for name, node in SPEC["nodes"].items() if node.get("group") == "block"]
    return st.sampled_from(names).flatmap(_node)


@cache
def _node(name: str, lists: int = 2) -> st.SearchStrategy[Node]:
    content = {
        "paragraph": _inline(), "heading": _inline(), "code_block": st.lists(_text(), max_size=2),
        "blockquote": _prose(lists), "bottom_line": _prose(lists), "bullet_list": _several("list_item", lists),
        "ordered_list": _several("list_item", lists), "gallery": _several("gallery_item", lists, 15),
        "promotion": _several("paragraph", lists), "fact_box": _prose(lists), "table": _several("table_row", lists),
        "table_row": _several("table_cell", lists), "table_cell": _inline(), "part": _several_blocks(),
        "list_item": st.tuples(_node_of("paragraph"), _prose(lists - 1, 0)).map(lambda pair: [pair[0], *pair[1]]),
    }.get(name, st.none())  # fmt: skip
    return st.builds(
        lambda attrs, inner: {"type": name, **({"attrs": attrs} if attrs else {}), **({"content": inner} if inner else {})},
        _attrs(name), content,
    )  # fmt: skip


@cache
def _node_of(name: str, lists: int = 0) -> st.SearchStrategy[Node]:
    return st.deferred(lambda: _node(name, lists))


@cache
def _several(name: str, lists: int, most: int = 3) -> st.SearchStrategy[list[Node]]:
    return st.lists(_node_of(name, lists), min_size=1, max_size=most)


@cache
def _several_blocks() -> st.SearchStrategy[list[Node]]:
    kinds = ["paragraph", "table", "promotion", "figure"]
    return st.lists(st.sampled_from(kinds).flatmap(lambda kind: _node_of(kind)), min_size=1, max_size=2)


@cache
def _prose(lists: int, least: int = 1) -> st.SearchStrategy[list[Node]]:
    kinds = ["paragraph", "bullet_list", "ordered_list"] if lists > 0 else ["paragraph"]
    return st.lists(
        st.sampled_from(kinds).flatmap(lambda k: _node_of(k, lists - 1)), min_size=least, max_size=2
    )


@cache
def _inline() -> st.SearchStrategy[list[Node]]:
    note = _attrs("footnote").map(lambda attrs: {"type": "footnote", "attrs": attrs})
    return st.lists(
        st.one_of(_marked(_text()), _marked(st.just({"type": "hard_break"})), _marked(note)), max_size=4
    )


@cache
def _text() -> st.SearchStrategy[Node]:
    return strings.map(lambda text: {"type": "text", "text": text})


def _marked(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    marks = st.lists(st.sampled_from(sorted(SPEC["marks"])), unique=True, max_size=3).filter(
        lambda names: not {"superscript", "subscript"} <= set(names)
    )
    made = marks.flatmap(lambda names: st.tuples(*(_mark(name) for name in names)))
    return st.builds(lambda node, worn: node | ({"marks": list(worn)} if worn else {}), nodes, made)


@cache
def _mark(name: str) -> st.SearchStrategy[Node]:
    if name != "link":
        return st.just({"type": name})
    return st.sampled_from(LINKS).map(lambda href: {"type": "link", "attrs": {"href": href}})


@cache
def _attrs(name: str) -> st.SearchStrategy[Node]:
    rules = SPEC["nodes"][name].get("attrs", {})
    wanted = {name: _value(rule) for name, rule in rules.items() if "default" not in rule}
    return st.fixed_dictionaries(wanted, optional={n: _value(r) for n, r in rules.items() if "default" in r})


def _value(rule: Node) -> st.SearchStrategy[Any]:
    if "enum" in rule:
        made: st.SearchStrategy[Any] = st.sampled_from(rule["enum"])
    elif rule["type"] == "integer":
        made = st.integers(rule.get("min", 0), min(rule.get("max", 6), 6))
    elif rule.get("format") == "date":
        made = st.dates(date(2020, 1, 1), date(2030, 1, 1)).map(str)
    elif rule.get("format"):
        made = st.sampled_from(URLS if rule["format"] == "url" else LINKS)
    else:
        made = strings.map(lambda text: text[: rule["max"]])
    return st.one_of(st.none(), made) if rule.get("nullable") else made
