"""Who may come to the desk."""

from flask import Flask
from werkzeug.routing import Rule

from blog.accounts.roles import RoleName
from tests.blog.web.staff import Studio
from tests.newsletter.web.conftest import Hands


def test_desk_pages_are_for_those_who_send(studio: Studio, hands: Hands) -> None:
    author, stranger = studio.as_a(RoleName.AUTHOR), studio.visitor()
    for method, path in _doors(studio.app):
        asked = author.get if method == "GET" else author.post
        assert asked(path).status_code == 403, path
        asked = stranger.get if method == "GET" else stranger.post
        assert "/studio/login" in asked(path).location, path


def _doors(app: Flask) -> list[tuple[str, str]]:
    """Every door of the desk, with something in the place of its parts."""
    doors = []
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith("desk_"):
            continue
        parts = {name: _part(name, rule) for name in rule.arguments}
        _, path = rule.build(parts) or ("", "")
        doors += [(method, path) for method in (rule.methods or ()) if method in ("GET", "POST")]
    assert len(doors) >= 14
    return doors


def _part(name: str, rule: Rule) -> object:
    """A number fits most of them; a name where only some names do."""
    return min(getattr(rule._converters[name], "items", {1}))
