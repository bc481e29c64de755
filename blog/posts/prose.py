"""A document as words: page HTML, plain text, an excerpt and a count. Derived at write time by ``deriving``, never on a reader's request."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import count as numbers

from markupsafe import Markup

from blog import links
from blog.posts import embeds, figures
from blog.posts.document import Node, walk
from blog.posts.figures import Resolve
from blog.posts.lines import Notes, inline
from blog.posts.references import listed
from blog.posts.sanitize import clean
from blog.posts.sources import Source
from blog.posts.tables import table

__all__ = ["Resolve", "count", "excerpt", "mail_words", "on_page", "page_html", "plain_text", "whole_text"]

WORDS_A_MINUTE = 230
EXCERPT = 300
MAIL_WORDS = 500
SHOWN_AT_ONCE = 12
"""How many pictures of a gallery stand open; the rest unfold."""
_SAID = {"blockquote": "source", "embed": "title", "fact_box": "heading", "promotion": ""}
"""Which attribute of a block is words of the story, where it is not its caption."""
_SKY = {"tonight": "The sky tonight", "moon": "The Moon tonight", "planets": "The planets tonight"}


def page_html(doc: Node, resolve: Resolve, today: date | None = None) -> str:
    """Sanitised HTML of a valid document, without what is for mails only. ``today`` is the publication's local date:
    promotions that ended before it are left out; without it all stay.
    """
    return clean(_Page(resolve, today).whole(doc))


def plain_text(doc: Node) -> str:
    """The words on the page alone, blocks parted by blank lines, for search; promotions are no part of a story."""
    blocks = [block for block in on_page(doc) if block["type"] != "promotion"]
    notes = [n["attrs"]["text"] for block in blocks for n in walk(block) if n["type"] == "footnote"]
    return "\n\n".join(filter(None, (text.strip() for text in (*map(_words, blocks), *notes))))


def whole_text(doc: Node, sources: Sequence[Source]) -> str:
    """The words on the page with the lines of its sources, by which search finds it too; they count as no words of the story."""
    lines = "\n".join(f"{number}. {source.line}" for number, source in enumerate(sources, 1))
    return "\n\n".join(filter(None, (plain_text(doc), f"Sources\n{lines}" if lines else "")))


def excerpt(doc: Node) -> str:
    """The first sentences of the first paragraphs, at most 300 characters; empty where there is no paragraph. It goes to lists
    on the site and into mails, so it holds nothing that is for one of them only.
    """
    return _cut(" ".join(_words(block) for block in doc["content"] if block["type"] == "paragraph"), EXCERPT)


def mail_words(doc: Node) -> str:
    """What mails say of the story in the place of its dek: the words of its mail-only parts, at most 500 characters."""
    parts = [block for block in doc["content"] if block["type"] == "part"]
    mails = [block for part in parts if part["attrs"]["medium"] == "mail" for block in part["content"]]
    return _cut(" ".join(map(_words, mails)), MAIL_WORDS)


def on_page(doc: Node) -> list[Node]:
    """The blocks of the page, web-only parts opened and mail-only ones left out."""
    blocks: list[Node] = []
    for block in doc["content"]:
        if block["type"] != "part":
            blocks.append(block)
        elif block["attrs"]["medium"] == "web":
            blocks.extend(block["content"])
    return blocks


def count(doc: Node) -> tuple[int, int]:
    """Words, and minutes to read them, at least one."""
    words = len(plain_text(doc).split())
    return words, max(1, round(words / WORDS_A_MINUTE))


def _cut(words: str, most: int) -> str:
    """At the end of a sentence where one is near, else at a word's."""
    text = " ".join(words.split())
    if len(text) <= most:
        return text
    ends = [found.end() for found in re.finditer(r"[.!?…][\"”’)]*(?= )", text[: most + 1])]
    if ends and ends[-1] >= most // 3:
        return text[: ends[-1]]
    return text[: most - 1].rsplit(" ", 1)[0].rstrip(",;:–—-") + "…"


def _words(node: Node) -> str:
    """Text of the node and what is in it; the captions that stand in the document count as text."""
    if node["type"] == "text":
        return str(node["text"])
    if node["type"] == "hard_break":
        return "\n"
    parts = [_words(child) for child in node.get("content", ())]
    if node["type"] in ("paragraph", "heading", "code_block", "table_cell"):
        return "".join(parts)
    attrs = node.get("attrs", {})
    own = attrs.get(_SAID.get(node["type"], "caption")) or ""
    first = (own, *parts) if node["type"] == "fact_box" else (*parts, own)
    return ("\t" if node["type"] == "table_row" else "\n").join(part for part in first if part.strip())


class _Page:
    """One rendering of one document: numbers its pictures and keeps its headings' anchors apart."""

    def __init__(self, resolve: Resolve, today: date | None) -> None:
        self.resolve = resolve
        self.today = today
        self.pictures = numbers(1)
        self.anchors: set[str] = set()
        self.notes = Notes(resolve.sources)
        self.render: dict[str, Callable[[Node], Markup]] = {
            "paragraph": self._paragraph, "heading": self._heading, "blockquote": self._quote,
            "bullet_list": self._list, "ordered_list": self._list, "list_item": self._item, "code_block": self._code,
            "horizontal_rule": self._rule, "figure": self._figure, "gallery": self._gallery,
            "bottom_line": self._bottom_line, "read_more": self._read_more, "promotion": self._promotion,
            "embed": self._embed, "fact_box": self._fact_box, "table": self._table, "sky_card": self._sky_card,
        }  # fmt: skip

    def whole(self, doc: Node) -> Markup:
        return Markup("\n").join(
            filter(None, (self.blocks(on_page(doc)), self.notes.listed(), listed(self.resolve.sources)))
        )

    def blocks(self, nodes: Iterable[Node]) -> Markup:
        return Markup("\n").join(filter(None, (self.render[node["type"]](node) for node in nodes)))

    def _paragraph(self, node: Node) -> Markup:
        words = inline(node, self.notes)
        return Markup("<p>{}</p>").format(words) if words.strip() else Markup("")

    def _heading(self, node: Node) -> Markup:
        if not _words(node).strip():
            return Markup("")
        tag = Markup("h{}").format(node["attrs"]["level"])
        wish = f"s-{links.slugify(_words(node)) or 'part'}"
        anchor = next(a for n in numbers(1) if (a := wish if n == 1 else f"{wish}-{n}") not in self.anchors)
        self.anchors.add(anchor)
        return Markup('<{0} id="{1}">{2}</{0}>').format(tag, anchor, inline(node, self.notes))

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
        return Markup("<li>{}</li>").format(
            inline(only, self.notes) if only else self.blocks(node["content"])
        )

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

    def _fact_box(self, node: Node) -> Markup:
        heading = node["attrs"]["heading"].strip() or "Facts"
        return Markup('<aside class="fact-box"><h2>{}</h2>\n{}</aside>').format(
            heading, self.blocks(node["content"])
        )

    def _table(self, node: Node) -> Markup:
        return table(node, self.notes)

    def _sky_card(self, node: Node) -> Markup:
        """A place that leads to tonight's sky."""
        return Markup(
            '<aside class="sky-card"><p><a href="/sky">{}</a></p>\n<p class="sky-card__note">{}</p></aside>'
        ).format(_SKY[node["attrs"]["show"]], "What is up, and where to look.")

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
        attrs, found = node["attrs"], embeds.find(node["attrs"]["url"])
        link = Markup('<p><a href="{}" rel="noopener nofollow">{}</a></p>').format(
            attrs["url"], attrs["title"].strip() or found.action
        )
        if about := attrs["description"].strip():
            link += Markup('\n<p class="embed__about">{}</p>').format(about)
        provider = Markup(' data-provider="{}"').format(found.provider) if found.provider else ""
        if not found.frame:
            site = Markup('\n<p class="embed__note">{}</p>').format(attrs["site"].strip() or found.host)
            return Markup('<div class="embed embed--link"{}>{}{}</div>').format(
                provider, link, site if attrs["title"].strip() else ""
            )
        note = Markup('<p class="embed__note">Loads from {} when you press play.</p>').format(found.host)
        return Markup('<div class="embed" data-embed="{}"{}>{}\n{}</div>').format(
            found.frame, provider, link, note
        )
