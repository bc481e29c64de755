"""What well-known mail programs do not show: a small table of facts, after the public tests of caniemail.com and Google's own
"CSS support" page for Gmail. Called by ``linting``. "Outlook" is the one for Windows that draws with Word.
"""

import re
from collections.abc import Iterator

STYLE_LIMIT = 16 * 1024
"""Characters of ``<style>``; Gmail drops what goes beyond."""
CLIPPED = 102 * 1024
"""Bytes of HTML from which on Gmail cuts a mail off."""

ELEMENTS = {
    "svg": "Gmail and Outlook leave out drawings written into a mail (svg).",
    "video": "Gmail and Outlook do not play video.",
    "audio": "Gmail and Outlook do not play sound.",
    "form": "Outlook drops forms, and others warn of them.",
    "input": "Outlook and Gmail drop form fields.",
    "iframe": "Mail programs drop frames.",
    "object": "Mail programs drop embedded objects.",
    "embed": "Mail programs drop embedded objects.",
    "canvas": "Mail programs drop canvases.",
    "script": "Mail programs drop scripts, and some refuse a mail that has one.",
    "link": "Gmail and Outlook do not load style sheets from elsewhere.",
}

_DECLARATIONS = (
    (r"position\s*:", "Gmail and Outlook drop “position”."),
    (r"display\s*:\s*(inline-)?flex", "Outlook does not know “display: flex”."),
    (r"display\s*:\s*(inline-)?grid", "Gmail and Outlook do not know “display: grid”."),
    (r"background(-image)?\s*:[^;]*url\(", "Outlook shows no background pictures."),
    (r"transform\s*:", "Gmail and Outlook drop “transform”."),
    (r"animation(-name)?\s*:", "Gmail and Outlook drop “animation”."),
    (r"filter\s*:", "Gmail and Outlook drop “filter”."),
    (r"clip-path\s*:", "Gmail and Outlook drop “clip-path”."),
)
_UNSUPPORTED = tuple((re.compile(rf"(?:^|[;{{\s]){name}", re.I), told) for name, told in _DECLARATIONS)
_VARIABLE = re.compile(r"var\(\s*--", re.I)
_COMMENT = re.compile(r"/\*.*?\*/", re.S)


def unsupported(declarations: str) -> Iterator[str]:
    """A sentence for each thing in these CSS declarations that a well-known program does not know."""
    for pattern, told in _UNSUPPORTED:
        if pattern.search(declarations):
            yield told
    if _VARIABLE.search(declarations):
        yield "Gmail and Outlook do not know CSS variables."


def unsupported_sheet(css: str) -> Iterator[str]:
    """As ``unsupported``, for the text of a style element."""
    css = _COMMENT.sub("", css)
    yield from unsupported(css)
    for rule in ("@import", "@font-face"):
        if rule in css.lower():
            yield f"Gmail and Outlook ignore “{rule}”."
    if _is_nested(css):
        yield "An at-rule within another makes Gmail drop the whole style sheet."
    if any("[" in selector or "\\" in selector for selector in _selectors(css)):
        yield "Gmail drops rules whose selector has an attribute in brackets or an escaped character."


def _is_nested(css: str) -> bool:
    """Whether an at-rule with a block stands inside the block of another."""
    blocks: list[bool] = []
    for prelude, mark in re.findall(r"([^{}]*)([{}])", css):
        if mark == "}":
            blocks = blocks[:-1]
            continue
        is_at = prelude.rpartition(";")[2].strip().startswith("@")
        if is_at and any(blocks):
            return True
        blocks.append(is_at)
    return False


def _selectors(css: str) -> Iterator[str]:
    for prelude in re.findall(r"([^{};]*)\{", css):
        if not prelude.strip().startswith("@"):
            yield prelude
