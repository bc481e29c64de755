"""A document as words: page HTML, plain text, an excerpt and a count. Derived at write time by ``deriving``, never on a reader's request."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from itertools import count as numbers

from markupsafe import Markup, escape

from blog import links
from blog.posts import embeds, figures
from blog.posts.document import Node
from blog.posts.figures import Resolve
from blog.posts.sanitize import clean

__all__ = ["Resolve", "count", "excerpt", "page_html", "plain_text"]

WORDS_A_MINUTE = 230
EXCERPT = 300
SHOWN_AT_ONCE = 12
"""How many pictures of a gallery stand open; the rest unfold."""

_MARKS = {"strong": "strong", "em": "em", "superscript": "sup", "subscript": "sub", "code": "code"}


def page_html(doc: Node, resolve: Resolve, today: date | None = None) -> str:
    """Sanitised HTML of a valid document. ``today`` is the publication's local date: promotions that ended before it are
    left out; without it all stay.
    """
    return clean(_Page(resolve, today).blocks(doc["content"]))


def plain_text(doc: Node) -> str:
    """The words alone, blocks parted by blank lines, for search; promotions are no part of a story."""
    return "\n\n".join(
        filter(None, (_words(block).strip() for block in doc["content"] if block["type"] != "promotion"))
    )


def excerpt(doc: Node) -> str:
    """The first sentences of the first paragraphs, at most 300 characters; empty where there is no paragraph."""
    paragraphs = (_words(block) for block in doc["content"] if block["type"] == "paragraph")
    text = " ".join(" ".join(paragraphs).split())
    if len(text) <= EXCERPT:
        return text
    ends = [found.end() for found in re.finditer(r"[.!?…][\"”’)]*(?= )", text[: EXCERPT + 1])]
    if ends and ends[-1] >= EXCERPT // 3:
        return text[: ends[-1]]
    return text[: EXCERPT - 1].rsplit(" ", 1)[0].rstrip(",;:–—-") + "…"


def count(doc: Node) -> tuple[int, int]:
    """Words, and minutes to read them, at least one."""
    words = len(plain_text(doc).split())
    return words, max(1, round(words / WORDS_A_MINUTE))


def _words(node: Node) -> str:
    """Text of the node and what is in it; the captions that stand in the document count as text."""
    if node["type"] == "text":
        return str(node["text"])
    if node["type"] == "hard_break":
        return "\n"
    parts = [_words(child) for child in node.get("content", ())]
    if node["type"] in ("paragraph", "heading", "code_block"):
        return "".join(parts)
    attrs = node.get("attrs", {})
    own = (
        attrs.get("caption")
        or attrs.get("source")
        or (attrs.get("title") if node["type"] == "embed" else "")
        or ""
    )
    return "\n".join(part for part in (*parts, own) if part.strip())


class _Page:
    """One rendering of one document: numbers its pictures and keeps its headings' anchors apart."""

    def __init__(self, resolve: Resolve, today: date | None) -> None:
        self.resolve = resolve
        self.today = today
        self.pictures = numbers(1)
        self.anchors: set[str] = set()
        self.render: dict[str, Callable[[Node], Markup]] = {
            "paragraph": self._paragraph, "heading": self._heading, "blockquote": self._quote,
            "bullet_list": self._list, "ordered_list": self._list, "list_item": self._item, "code_block": self._code,
            "horizontal_rule": self._rule, "figure": self._figure, "gallery": self._gallery,
            "bottom_line": self._bottom_line, "read_more": self._read_more, "promotion": self._promotion,
            "embed": self._embed,
        }  # fmt: skip

    def blocks(self, nodes: Iterable[Node]) -> Markup:
        return Markup("\n").join(filter(None, (self.render[node["type"]](node) for node in nodes)))

    def _paragraph(self, node: Node) -> Markup:
        words = inline(node)
        return Markup("<p>{}</p>").format(words) if words.strip() else Markup("")

    def _heading(self, node: Node) -> Markup:
        if not _words(node).strip():
            return Markup("")
        tag = Markup("h{}").format(node["attrs"]["level"])
        wish = f"s-{links.slugify(_words(node)) or 'part'}"
        anchor = next(a for n in numbers(1) if (a := wish if n == 1 else f"{wish}-{n}") not in self.anchors)
        self.anchors.add(anchor)
        return Markup('<{0} id="{1}">{2}</{0}>').format(tag, anchor, inline(node))

    def _quote(self, node: Node) -> Markup:
        source = node["attrs"]["source"].strip()
        footer = Markup("\n<footer>{}</footer>").format(source) if source else ""
        return Markup("<blockquote>{}{}</blockquote>").format(self.blocks(node["content"]), footer)

    def _list(self, node: Node) -> Markup:
        if node["type"] == "bullet_list":
            return Markup("<ul>\n{}\n</ul>").format(self.blocks(node["content"]))
        start = node["attrs"]["start"]
        opened = Markup("<ol>") if start == 1 else Markup('<ol start="{}">').format(start)
        return Markup("{}\n{}\n</ol>").format(opened, self.blocks(node["content"]))

    def _item(self, node: Node) -> Markup:
        only = node["content"][0] if len(node["content"]) == 1 else None
        return Markup("<li>{}</li>").format(inline(only) if only else self.blocks(node["content"]))

    def _code(self, node: Node) -> Markup:
        language = re.sub(r"[^a-z0-9+#.-]", "", node["attrs"]["language"].lower())
        name = Markup(' class="language-{}"').format(language) if language else ""
        return Markup('<pre tabindex="0"><code{}>{}</code></pre>').format(name, _words(node))

    def _rule(self, node: Node) -> Markup:
        return Markup("<hr>")

    def _figure(self, node: Node) -> Markup:
        attrs = node["attrs"]
        return figures.figure(attrs, self.resolve, next(self.pictures), f"figure--{attrs['width']}")

    def _gallery(self, node: Node) -> Markup:
        items = [item["attrs"] for item in node["content"]]
        if len(items) == 1:
            return figures.figure(items[0], self.resolve, next(self.pictures), "figure--main")
        shown = [figures.item(attrs, self.resolve, next(self.pictures)) for attrs in items]
        first, rest = Markup("\n").join(shown[:SHOWN_AT_ONCE]), Markup("\n").join(shown[SHOWN_AT_ONCE:])
        if rest:
            rest = Markup(
                '\n<details class="gallery__rest"><summary>Show all {}</summary>\n<div class="gallery__more">\n{}\n</div></details>'
            ).format(len(items), rest)
        return Markup('<div class="gallery" data-gallery="">\n{}{}\n</div>').format(first, rest)

    def _bottom_line(self, node: Node) -> Markup:
        return Markup('<aside class="bottom-line"><h2>Bottom line</h2>\n{}</aside>').format(
            self.blocks(node["content"])
        )

    def _read_more(self, node: Node) -> Markup:
        story = self.resolve.stories.get(node["attrs"]["post"])
        if story is None:
            return Markup("")
        return Markup('<p class="read-more"><span>Read more</span> <a href="{1}">{0}</a></p>').format(*story)

    def _promotion(self, node: Node) -> Markup:
        attrs = node["attrs"]
        if attrs["ends"] and self.today and date.fromisoformat(attrs["ends"]) < self.today:
            return Markup("")
        ends = Markup(' data-ends="{}"').format(attrs["ends"]) if attrs["ends"] else ""
        heading = Markup("<h2>{}</h2>\n").format(attrs["heading"]) if attrs["heading"].strip() else ""
        link = Markup('\n<p><a class="promotion__link" href="{}" rel="sponsored noopener">{}</a></p>').format(
            attrs["url"], attrs["label"].strip() or "Find out more"
        )
        return Markup('<aside class="promotion"{}>{}{}{}</aside>').format(
            ends, heading, self.blocks(node["content"]), link if attrs["url"] else ""
        )

    def _embed(self, node: Node) -> Markup:
        url, found = node["attrs"]["url"], embeds.find(node["attrs"]["url"])
        link = Markup('<p><a href="{}" rel="noopener nofollow">{}</a></p>').format(
            url, node["attrs"]["title"].strip() or found.action
        )
        provider = Markup(' data-provider="{}"').format(found.provider) if found.provider else ""
        if not found.frame:
            return Markup('<div class="embed embed--link"{}>{}</div>').format(provider, link)
        note = Markup('<p class="embed__note">Loads from {} when you press play.</p>').format(found.host)
        return Markup('<div class="embed" data-embed="{}"{}>{}\n{}</div>').format(
            found.frame, provider, link, note
        )


def inline(node: Node) -> Markup:
    """Text and breaks with their marks; neighbours that share a mark share its element, so one link stays one link."""
    html: list[Markup] = []
    opened: list[Node] = []
    for child in _within(node.get("content", [])):
        marks: list[Node] = child.get("marks", [])
        same = _shared(opened, marks)
        html += [_closing(mark) for mark in reversed(opened[same:])] + [
            _opening(mark) for mark in marks[same:]
        ]
        html.append(escape(child["text"]) if child["type"] == "text" else Markup("<br>"))
        opened = marks
    return Markup("").join(html + [_closing(mark) for mark in reversed(opened)])


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
