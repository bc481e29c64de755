"""The documents tell the whole truth: every setting, command and state stands in them, and no picture is missing."""

import re
from pathlib import Path

import click
import pytest

from app import commands
from blog.posts.model import PostState
from blog.settings import PREFIX, Settings
from newsletter.delivery.model import LetterState
from newsletter.editions.model import EditionState
from newsletter.subscribers.model import SubscriberState

ROOT = Path(__file__).parents[2]


def written() -> str:
    return "\n".join(p.read_text() for p in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))])


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_a_setting_is_documented(name: str) -> None:
    assert f"`{PREFIX}{name.upper()}`" in (ROOT / "docs" / "SETTINGS.md").read_text()
    assert Settings.model_fields[name].description


def test_a_documented_setting_exists() -> None:
    told = set(re.findall(rf"`{PREFIX}([A-Z_]+)`", written()))
    assert told <= {name.upper() for name in Settings.model_fields}


def paths(group: click.Group, above: str = "perijove") -> list[str]:
    found, context = [], click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command, f"{name} is not where it should be"
        found += (
            paths(command, f"{above} {name}") if isinstance(command, click.Group) else [f"{above} {name}"]
        )
    return found


@pytest.mark.parametrize("command", paths(commands))
def test_a_command_is_documented(command: str) -> None:
    assert f"`{command}" in written()


@pytest.mark.parametrize("state", sorted({*PostState, *LetterState, *EditionState, *SubscriberState}))
def test_a_state_stands_in_the_glossary(state: str) -> None:
    assert f"*{state}*" in (ROOT / "docs" / "GLOSSARY.md").read_text()


def test_links_between_the_documents_lead_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())
        if not (page.parent / target).exists()
    ]
    assert not broken
