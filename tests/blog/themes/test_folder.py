"""A theme is found, says what it is, and stands on its parent."""

from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from blog import templating
from blog.settings import Settings, SettingsError, build
from blog.themes import checking, folder


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The folder of a theme named ours, of which nothing is written but its name."""
    path = tmp_path / "data" / "themes" / "ours"
    path.mkdir(parents=True)
    (path / "theme.toml").write_text('title = "Ours"\nparent = "almanac"\n')
    return path


@pytest.fixture
def settings(tmp_path: Path, own: Path) -> Settings:
    return build(data=tmp_path / "data", theme="ours")


def put(path: Path, words: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(words)


def refused(settings: Settings) -> str:
    with pytest.raises(SettingsError) as told:
        folder.find(settings)
    return str(told.value)


def test_the_default_theme_adds_nothing_to_the_site() -> None:
    worn = folder.find(build())
    assert (worn.folders, worn.sheets, worn.ground) == ((), (), "#14182b")
    assert worn == folder.find(build(theme="default"))


def test_a_theme_comes_after_its_parent_and_takes_from_it_what_it_does_not_say(
    own: Path, settings: Settings
) -> None:
    put(own / "tokens.css", ":root { --ink: #000000; }")
    worn = folder.find(settings)
    assert [one.name for one in worn.folders] == ["ours", "almanac"]
    assert [address.split("/")[3].rpartition("-")[0] for address in worn.sheets] == ["almanac", "ours"]
    assert worn.ground == "#1d2b26"
    assert folder.names(settings) == ["almanac", "default", "ours"]


def test_its_addresses_change_with_any_of_its_files(own: Path, settings: Settings) -> None:
    put(own / "static" / "owl.svg", "<svg/>")
    before = folder.find(settings)
    put(own / "static" / "owl.svg", "<svg></svg>")
    after = folder.find(settings)
    assert before.mark != after.mark
    assert before.folders[0].address != after.folders[0].address


def test_a_template_of_a_theme_stands_before_the_sites_and_may_build_on_it(
    own: Path, settings: Settings
) -> None:
    put(own / "templates" / "note.txt", "ours")
    put(
        own / "templates" / "layout.html",
        '{% extends "default/layout.html" %}{% block title %}Ours{% endblock %}',
    )
    env = templating.plain(settings)
    assert env.get_template("note.txt").render() == "ours"
    assert env.get_template("layout.html").filename == str(own / "templates" / "layout.html")
    assert env.get_template("default/layout.html").filename == str(checking.TEMPLATES / "layout.html")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("title = ", "is no TOML"),
        ('colour = "red"', "colour is not known; known are title, parent, ground, preload"),
        ('ground = "blue"', "ground cannot be 'blue'"),
        ("preload = 3", "preload cannot be 3"),
        ('parent = "ours"', "its parents lead round"),
        ('parent = "nowhere"', "There is no theme nowhere"),
        ('parent = "../../etc"', "cannot be named '../../etc'"),
    ],
)
def test_a_theme_that_cannot_be_is_refused_in_a_sentence(
    own: Path, settings: Settings, words: str, told: str
) -> None:
    put(own / "theme.toml", words)
    assert told in refused(settings)


def test_a_theme_that_is_not_there_is_refused_with_the_places_that_were_looked_at(tmp_path: Path) -> None:
    told = refused(build(data=tmp_path, theme="moonlit"))
    assert "There is no theme moonlit" in told and str(tmp_path / "themes" / "moonlit") in told


def test_every_page_of_the_site_wears_the_theme(own: Path, settings: Settings, database_url: str) -> None:
    put(own / "tokens.css", ":root { --ink: #000000; }")
    put(own / "static" / "owl.svg", "<svg/>")
    app: Flask = create_app(settings.model_copy(update={"database_url": database_url}))
    page = app.test_client().get("/search").text
    almanac, ours = folder.find(settings).sheets
    assert page.index("/static/dist/site-") < page.index(almanac) < page.index(ours)
    assert "Set in Source Serif" in page and 'content="#1d2b26"' in page
    for address in (ours, ours.replace("tokens.css", "owl.svg")):
        answer = app.test_client().get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
        answer.close()
    assert app.test_client().get(ours.replace("tokens.css", "theme.toml")).status_code == 404
    app.extensions["perijove"].db.close()
