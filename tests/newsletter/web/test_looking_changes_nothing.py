"""Link scanners open every link: no GET and no HEAD changes a row, on any page of the house, with true tokens and what they name there."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

import app as front_door
from blog.accounts import invitations
from blog.accounts.roles import RoleName
from blog.db import Database
from blog.posts import previewlinks, standing, writing
from blog.posts.model import PostImage, Revision
from blog.posts.standing import Place
from blog.settings import Settings
from blog.web import previews
from newsletter.delivery import mailbox
from newsletter.delivery.marks import mark
from newsletter.moving import runs
from newsletter.subscribers import readdressing, segments, signup
from newsletter.subscribers.filtering import ReaderFilter
from newsletter.subscribers.origins import Origin
from newsletter.subscribers.tokens import Tokens
from tests.blog.posts.building import doc, edit, paragraph
from tests.blog.web.staff import Studio
from tests.newsletter.editions.conftest import Newsroom
from tests.newsletter.subscribers import filing
from tests.newsletter.web.conftest import Facts, Hands

KEY = "ab".ljust(64, "0")
NOT_THERE = {"security.reset_password", "sharing.oembed", "sitemaps.indexnow", "images.tile"}
"""What has no true address here: a link that only its mail holds, the card of an address that nobody named, a key that no setting asks for, and
the tiles of a picture that is too small to have any."""
SCANNED = "List-Unsubscribe=One-Click&email=ann@example.org&utm_campaign=x&q=tail&act=export&id=1"
"""What a scanner, or a form sent by the wrong method, might bring along."""


@pytest.fixture
def studio(db: Database, settings: Settings, hands: Hands) -> Iterator[Studio]:
    """The whole house, from its front door."""
    made = front_door.create_app(settings)
    made.config["TESTING"] = True
    yield Studio(made, db, made.extensions["perijove"])
    made.extensions["perijove"].db.close()


@pytest.fixture
def things(
    studio: Studio, newsroom: Newsroom, gone_out: int, tokens: Tokens, hands: Hands
) -> Mapping[str, Mapping[str, str | int]]:
    """What the parts of an address name: by route where it is a token, else for all (under the empty name)."""
    db, at = newsroom.db, hands.at
    signup.ask(db, "new@example.org", Origin("/"), at, newsroom.settings)
    readdressing.ask(db, tokens, 1, "ann@example.net", at, newsroom.settings)
    image = studio.picture(alt="A comet", credit="The Observatory")
    story = newsroom.publish("A comet's tail", at, image_id=image)
    filing.topic(db, "Comets", story)
    filing.author(db, "Grace", at, story)
    filing.mailing(db, "alerts", "Alerts", at, weekdays=0)
    segments.save(db, "Everybody", ReaderFilter(words="ann"), "Ada", at)
    run_id = runs.receive(db, "readers.csv", BytesIO(b"email\nzoe@example.org\n"), "Ada", at)
    mailbox.keep(newsroom.settings.mailbox, "a@example.org", "b@example.org", b"Subject: x\r\n\r\nx\r\n")
    (caught,) = mailbox.mails(newsroom.settings.mailbox)
    studio.house.storage.put(KEY, "960.jpg", b"\xff\xd8")
    with db.transaction() as s:
        s.add(PostImage(post_id=story, image_id=image, position=0))
    editor = studio.hire(RoleName.EDITOR)
    draft = writing.start(db, editor, at, "Not out yet")
    begun = writing.get(db, draft, editor)
    writing.save(
        db, draft, replace(begun.draft, title="Nearly out"), begun.version, editor, at + timedelta(minutes=20)
    )
    page = standing.start(db, editor, at, "About")
    edit(db, page, editor, at, body=doc(paragraph("We look up.")))
    stands = standing.get(db, page, editor).version
    standing.stand(
        db, page, editor, at, stands, "about", Place.FOOTER, lambda _slug: False, zone=newsroom.settings.zone
    )
    every = {
        "year": 2026, "month": 11, "slug": "a-comets-tail", "list_slug": "daily", "word": "2026-11-23",
        "key": KEY, "name": "960.jpg", "image_id": image, "author_id": 1, "topic_id": 1, "post_id": draft,
        "edition_id": gone_out, "list_id": 2, "reader_id": 1, "run_id": run_id, "segment_id": 1, "kind": "rsa", "form": "feed.xml", "deed": "pin",
        "mail_id": caught.id, "mark": mark("a-key-for-tests-only", gone_out, 0, 0, 1),
    }  # fmt: skip
    invitation = invitations.issue(db, RoleName.AUTHOR, "", at)
    named = {
        "pages.author": "grace",
        "pages.author_in": "grace",
        "feeds.author": "grace",
        "pages.topic": "comets",
        "feeds.topic": "comets",
    }
    held = {f"studio_invitations.{view}": {"token": invitation} for view in ("look", "accept")}
    held |= {route: {"slug": slug} for route, slug in named.items()}
    link = previewlinks.make(db, draft, 1, editor, at)
    with studio.app.test_request_context():
        secret = previews.path(link.id).removeprefix(previews.PATH)
    with db.reading() as s:
        kept = s.scalars(select(Revision.id).where(Revision.post_id == draft)).one()
    held |= {
        "previews.show": {"token": secret},
        "studio_history.compare": {"post_id": draft, "revision_id": kept},
        "pages.standing_page": {"slug": "about"},
        **{f"studio_pages.{view}": {"post_id": page} for view in ("show", "stand", "take_down")},
    }
    return (
        {"": every}
        | held
        | {route: {"token": token} for route, token in _tokens(tokens, gone_out, story, hands)}
    )


def _tokens(tokens: Tokens, edition_id: int, story: int, hands: Hands) -> Iterator[tuple[str, str]]:
    """What the mails of reader 1, and of 3 who has not confirmed, hold for every page behind a link."""
    at = hands.at
    made: dict[str, tuple[str, ...]] = {
        tokens.confirm(3, at): ("signup.look", "signup.confirm", "signup.renew"),
        tokens.leave(1, edition_id): ("leaving.look", "leaving.leave", "leaving.get_fewer"),
        tokens.undo(1, at): ("leaving.undo", "leaving.say_why"),
        tokens.manage(1, edition_id): tuple(f"preferences.{v}" for v in ("look", "recognise", "mail_link")),
        tokens.opened(1, at): tuple(
            f"preferences.{v}"
            for v in ("show", "choose", "pause", "readdress", "take", "ask_erasure", "erase")
        ),
        tokens.taste(1, story, True): tuple(f"agreeing.{v}" for v in ("look", "say", "take_back")),
        tokens.address_new(1, at): tuple(f"agreeing.{v}" for v in ("look_address", "agree", "refuse")),
    }
    return ((route, token) for token, routes in made.items() for route in routes)


@pytest.mark.parametrize("who", ["a visitor", "an administrator"])
def test_no_get_and_no_head_changes_a_row(
    studio: Studio, things: Mapping[str, Mapping[str, str | int]], hands: Hands, facts: Facts, who: str
) -> None:
    is_staff = who == "an administrator"
    browser = studio.as_a(RoleName.ADMINISTRATOR).flask if is_staff else studio.app.test_client()
    hands.at += timedelta(minutes=1)
    rules = [
        rule for rule in studio.app.url_map.iter_rules() if rule.rule.startswith("/studio") or not is_staff
    ]
    before, shut = facts(), set()
    for rule in rules:
        path, may_look = _path(rule, things), "GET" in (rule.methods or ())
        answers = {_ask(browser, "HEAD", path), _ask(browser, "GET", f"{path}?{SCANNED}")}
        if (
            may_look
            and not {200, 301, 302} & {*answers, _ask(browser, "GET", path)}
            and not _is_guarded(rule, is_staff)
        ):
            shut.add(rule.endpoint)
    assert facts() == before
    assert len(rules) > 100 and shut <= NOT_THERE


def _is_guarded(rule: Rule, is_staff: bool) -> bool:
    """Its door was seen from outside, which is all that a visitor sees of the studio."""
    return rule.rule.startswith("/studio") and not is_staff


def _ask(browser: FlaskClient, method: str, path: str) -> int:
    with browser.open(path, method=method) as answer:
        assert answer.status_code < 500, f"{method} {path}"
        return answer.status_code


def _path(rule: Rule, things: Mapping[str, Mapping[str, str | int]]) -> str:
    """Its address with true tokens, days, numbers and names in it."""
    known = {"token": "x"} | things[""] | things.get(rule.endpoint, {})
    built = rule.build({name: known.get(name, 1) for name in rule.arguments})
    assert built, rule.rule
    return built[1]
