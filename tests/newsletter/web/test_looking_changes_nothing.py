"""Link scanners open every link: no GET and no HEAD changes a row, on any public page, with any reader's own token."""

from flask.testing import FlaskClient

from newsletter.subscribers import readdressing, signup
from newsletter.subscribers.origins import Origin
from newsletter.subscribers.tokens import Tokens
from tests.blog.web.staff import Studio
from tests.newsletter.editions.conftest import Newsroom
from tests.newsletter.subscribers import filing
from tests.newsletter.web.conftest import Facts, Hands


def test_no_get_and_no_head_changes_a_row(
    studio: Studio,
    reader: FlaskClient,
    newsroom: Newsroom,
    gone_out: int,
    tokens: Tokens,
    hands: Hands,
    facts: Facts,
) -> None:
    signup.ask(newsroom.db, "new@example.org", Origin("/"), hands.at, newsroom.settings)
    story = newsroom.publish("A comet's tail", hands.at)
    filing.topic(newsroom.db, "Comets", story)
    readdressing.ask(newsroom.db, tokens, 1, "ann@example.net", hands.at, newsroom.settings)
    held = {
        "signup.look": tokens.confirm(3, hands.at),
        "signup.confirm": tokens.confirm(3, hands.at),
        "signup.renew": tokens.confirm(3, hands.at),
        "leaving.look": tokens.leave(1, gone_out),
        "leaving.leave": tokens.leave(1, gone_out),
        "leaving.undo": tokens.undo(1, hands.at),
        "leaving.get_fewer": tokens.leave(1, gone_out),
        "leaving.say_why": tokens.undo(1, hands.at),
    }
    held |= {
        f"preferences.{view}": tokens.opened(1, hands.at)
        for view in ("show", "choose", "pause", "readdress", "take", "ask_erasure", "erase")
    }
    held |= {f"preferences.{view}": tokens.manage(1, gone_out) for view in ("look", "recognise", "mail_link")}
    held |= {f"agreeing.{view}": tokens.taste(1, story, True) for view in ("look", "say", "take_back")}
    held |= {
        f"agreeing.{view}": tokens.address_new(1, hands.at) for view in ("look_address", "agree", "refuse")
    }
    opened = [f"/preferences/open/{held['preferences.show']}", f"/preferences/taste/{held['agreeing.look']}"]
    assert [reader.get(path).status_code for path in opened] == [200, 200]
    paths = _public_paths(studio, held)
    assert {"/subscribe", "/digest", "/digest/2026-11-23", "/digest/feed.xml"} <= set(paths)
    before = facts()
    for path in paths:
        for ask in (reader.get, reader.head):
            assert ask(path).status_code < 500, path
            assert ask(f"{path}?List-Unsubscribe=One-Click&email=x@example.org").status_code < 500, path
    assert facts() == before


def _public_paths(studio: Studio, held: dict[str, str]) -> list[str]:
    """The path of every route outside the studio, with a true token, day or number in it."""
    given = {
        "day": "2026-11-23",
        "year": 2026,
        "month": 11,
        "slug": "rings-of-saturn",
        "image_id": 1,
        "key": "k",
        "word": "2026-11-23",
    }
    paths = []
    for rule in studio.app.url_map.iter_rules():
        if not rule.rule.startswith("/studio"):
            parts = given | {"token": held.get(rule.endpoint, "x"), "name": "960.jpg"}
            built = rule.build({name: parts.get(name, 1) for name in rule.arguments})
            paths += [built[1]] if built else []
    return paths
