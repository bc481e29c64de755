"""The three templates of a mail, filled and with their styles inlined. Called by ``composing`` and the desk's preview."""

from functools import cache
from typing import Any

import css_inline
from jinja2 import Environment

from blog.settings import Settings
from blog.templating import plain
from newsletter.editions.envelope import Words

FOLDER = "newsletter/mail"
UNASKED = {"manage": "", "more": "", "less": "", "opened": ""}
"""Links of one reader's own that a template leaves out where they are empty."""


class Pen:
    """Writes mails for one publication; keeps the compiled templates."""

    def __init__(self, settings: Settings) -> None:
        self._env: Environment = plain(settings)

    def write(self, name: str, **values: Any) -> Words:
        """``name`` is a folder of ``templates/newsletter/mail``; ``values`` are what its three templates name."""
        values = UNASKED | values
        subject, text, html = (
            self._env.get_template(f"{FOLDER}/{name}/{part}").render(values)
            for part in ("subject.txt", "body.txt", "body.html")
        )
        return Words(" ".join(subject.split()), _tidy(text), _inliner().inline(html))


@cache
def _inliner() -> css_inline.CSSInliner:
    # Only the rules for dark screens and small ones stay in the head: what is inlined is not sent twice.
    return css_inline.CSSInliner(
        keep_at_rules=True, keep_style_tags=False, load_remote_stylesheets=False, minify_css=True
    )


def _tidy(text: str) -> str:
    """No spaces at the ends of lines and never more than one empty line, wherever a template's conditions left some."""
    tidy: list[str] = []
    for line in (line.rstrip() for line in text.strip().split("\n")):
        if line or (tidy and tidy[-1]):
            tidy.append(line)
    return "\n".join(tidy) + "\n"
