"""No template says a sentence to readers that a catalogue cannot hold. What is still to do is named here, and may only grow shorter."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
APART = ("blog/web/studio/", "newsletter/web/desk/", "blog/web/feeds/")
"""Pages of the newsroom, which are English still, and what only machines read."""
TO_DO = {
    *(f"newsletter/web/preferences/{name}.html" for name in
      ("address", "closed", "data", "doorstep", "erasure", "frame", "mailed", "page", "parts", "pause", "taste")),
    *(f"security/{name}.html" for name in ("change_password", "forgot_password", "login_user", "reset_password")),
    *(f"security/email/{name}.txt" for name in ("change_notice", "reset_instructions", "reset_notice")),
}  # fmt: skip
NAMES = re.compile(r"\b(RSS|Atom|JSON|Perijove|light dark)\b")
"""What is the same in every language."""
ATTRIBUTES = re.compile(r'\b(?:aria-label|alt|placeholder|data-busy)="([^"]*)"')
UNSHOWN = re.compile(r"<(script|style|svg)\b.*?</\1>|<!--.*?-->", re.DOTALL)
ENV = Environment(extensions=["jinja2.ext.i18n"])


def readers() -> Iterator[str]:
    for path in sorted(TEMPLATES.rglob("*.*")):
        name = str(path.relative_to(TEMPLATES))
        if path.suffix in (".html", ".txt") and not name.startswith(APART):
            yield name


def bare(name: str) -> list[str]:
    """The words of a template that no catalogue is asked for."""
    tree = ENV.parse((TEMPLATES / name).read_text())
    classes = {
        id(one)
        for block in tree.find_all(nodes.Block)
        if block.name.endswith("_class")
        for one in block.find_all(nodes.TemplateData)
    }
    data = " ".join(one.data for one in tree.find_all(nodes.TemplateData) if id(one) not in classes)
    shown = UNSHOWN.sub(" ", data)
    texts = [*ATTRIBUTES.findall(shown), *re.split(r"<[^>]*>", shown)]
    for choice in tree.find_all(nodes.CondExpr):
        texts += [
            side.value
            for side in (choice.expr1, choice.expr2)
            if isinstance(side, nodes.Const) and re.match(r"[A-Z][a-z]|\w+ \w", str(side.value or ""))
        ]
    return [text.strip() for text in texts if re.search(r"[A-Za-z]{2}", NAMES.sub("", text))]


@pytest.mark.parametrize("name", [name for name in readers() if name not in TO_DO])
def test_every_word_for_readers_can_be_translated(name: str) -> None:
    assert bare(name) == []


@pytest.mark.parametrize("name", sorted(TO_DO))
def test_the_list_of_what_is_to_do_has_nothing_that_is_done(name: str) -> None:
    assert bare(name), "take it off the list"
