"""What is wrong with a theme is told with its place, before any visitor sees it."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app import commands
from blog import templating
from blog.settings import SettingsError, build
from blog.themes import checking, folder


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "themes" / "ours"
    (path / "templates").mkdir(parents=True)
    (path / "theme.toml").write_text('title = "Ours"\n')
    return path


def check(data: Path, name: str) -> Result:
    return CliRunner().invoke(commands, ["theme", "check", name], env={"PERIJOVE_DATA": str(data)})


@pytest.mark.parametrize("name", ["default", "almanac"])
def test_the_themes_that_are_shipped_hold(tmp_path: Path, name: str) -> None:
    done = check(tmp_path, name)
    assert (done.output, done.exit_code) == (f"The theme {name} holds.\n", 0)


def test_what_is_wrong_is_told_a_line_each(own: Path, tmp_path: Path) -> None:
    (own / "templates" / "layout.html").write_text("{% extends 'default/layout.html' %}\n{% blok title %}")
    (own / "templates" / "lost.html").write_text("nobody asks for me")
    (own / "tokens.css").write_text(":root { --ink-3: light-dark(#aaaaaa, #939ab3); --red-ink: #ff8800; }")
    done = check(tmp_path, "ours")
    assert done.exit_code == 1
    assert "layout.html, line 2: Encountered unknown tag 'blok'" in done.output
    assert "light: --ink-3 on --bg has a contrast of 2." in done.output
    assert "red: --red-ink is not red alone" in done.output
    assert "lost.html takes no template's place: the site has no lost.html" in done.output


def test_a_template_that_another_one_names_is_not_idle(own: Path, tmp_path: Path) -> None:
    (own / "templates" / "layout.html").write_text(
        '{% extends "default/layout.html" %}{% block colophon %}{% include "owl.html" %}{% endblock %}'
    )
    (own / "templates" / "owl.html").write_text("An owl.")
    assert list(checking.idle(folder.find(build(data=tmp_path, theme="ours")))) == []


def test_a_broken_template_is_told_at_the_start(own: Path, tmp_path: Path) -> None:
    (own / "templates" / "layout.html").write_text("{{ unfinished ")
    with pytest.raises(SettingsError, match=r"layout\.html, line 1: "):
        templating.judge_theme(build(data=tmp_path, theme="ours"))
    done = CliRunner().invoke(
        commands, ["migrate"], env={"PERIJOVE_DATA": str(tmp_path), "PERIJOVE_THEME": "ours"}
    )
    assert done.exit_code == 1 and "layout.html, line 1: " in done.output


def test_a_theme_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="There is no theme moonlit"):
        templating.judge_theme(build(data=tmp_path, theme="moonlit"))
