"""A table of a text as HTML. It scrolls by itself where it is wider than the screen, and says so to the keyboard. ``prose`` asks."""

from markupsafe import Markup

from blog.posts.document import Node
from blog.posts.lines import Notes, inline


def table(node: Node, notes: Notes) -> Markup:
    """Nothing where no cell says anything; short rows are filled up."""
    lines = [[inline(cell, notes) for cell in row["content"]] for row in node["content"]]
    if not any(cell.striptags().strip() for line in lines for cell in line):
        return Markup("")
    widest = max(map(len, lines))
    full = [line + [Markup("")] * (widest - len(line)) for line in lines]
    head, caption = node["attrs"]["head"], node["attrs"]["caption"].strip()
    top = 1 if head in ("row", "both") else 0
    inside = [
        Markup("<caption>{}</caption>").format(caption) if caption else "",
        _rows("thead", full[:top], len(full[0]), "col"),
        _rows("tbody", full[top:], 1 if head in ("column", "both") else 0, "row"),
    ]
    return Markup(
        '<div class="table" role="region" tabindex="0" aria-label="{}"><table>{}</table></div>'
    ).format(caption or "Table", Markup("").join(inside))


def _rows(part: str, lines: list[list[Markup]], headings: int, scope: str) -> Markup:
    """The first ``headings`` cells of each line are its headings; an empty one is none."""
    rows = Markup("").join(
        Markup("<tr>{}</tr>").format(
            Markup("").join(_cell(c, scope if n < headings else "") for n, c in enumerate(line))
        )
        for line in lines
    )
    return Markup("<{0}>{1}</{0}>").format(Markup(part), rows) if rows else rows


def _cell(words: Markup, scope: str) -> Markup:
    if not scope or not words.striptags().strip():
        return Markup("<td>{}</td>").format(words)
    return Markup('<th scope="{}">{}</th>').format(scope, words)
