"""Mail moves to another address when both ends said so, and nobody learns by it who is on the list."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from blog.db import Database
from blog.refusals import Conflict, Gone, Invalid
from blog.secret import secret_key
from blog.settings import Settings
from newsletter.delivery import outbox
from newsletter.delivery.model import Letter
from newsletter.subscribers import leaving, readdressing, suppression
from newsletter.subscribers.model import AddressChange, SubscriberState
from newsletter.subscribers.readdressing import End, Stage
from newsletter.subscribers.tokens import Expired, Tampered, Tokens
from tests.cast import Newsroom
from tests.newsletter.subscribers import filing

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
NEW = "Ann.New@example.net"


@pytest.fixture
def newsroom(db: Database, settings: Settings) -> Newsroom:
    return Newsroom(db, settings)


@pytest.fixture
def ann(newsroom: Newsroom) -> int:
    return newsroom.reader("ann@example.org", NOON - HOUR)


def ask(newsroom: Newsroom, tokens: Tokens, reader_id: int, typed: str = NEW, at: datetime = NOON) -> str:
    return readdressing.ask(newsroom.db, tokens, reader_id, typed, at, newsroom.settings)


def agree(newsroom: Newsroom, tokens: Tokens, token: str) -> readdressing.Change:
    return readdressing.agree(newsroom.db, tokens, token, NOON + HOUR, newsroom.settings)


def mails(db: Database) -> list[tuple[str, str, str]]:
    with db.reading() as s:
        rows = s.scalars(select(Letter).order_by(Letter.id)).all()
        return [(row.kind, row.address, str((row.payload or {}).get("text", ""))) for row in rows]


def test_both_ends_are_written_to_each_with_its_own_link(
    newsroom: Newsroom, ann: int, tokens: Tokens
) -> None:
    assert ask(newsroom, tokens, ann) == NEW
    (_, old, old_text), (_, new, new_text) = mails(newsroom.db)
    assert (old, new) == ("ann@example.org", NEW)
    assert tokens.address_old(ann, NOON) in old_text and "A•••@example.net" in old_text
    assert tokens.address_new(ann, NOON) in new_text and "example.org" not in new_text
    assert filing.person(newsroom.db, ann).address == "ann@example.org"


@pytest.mark.parametrize("order", [("old", "new"), ("new", "old")])
def test_it_moves_when_the_second_one_agrees(
    newsroom: Newsroom, ann: int, tokens: Tokens, order: tuple[str, str]
) -> None:
    with newsroom.db.transaction() as s:
        outbox.put(s, "digest", 7, ann, "ann@example.org", NOON)
    ask(newsroom, tokens, ann)
    links = {"old": tokens.address_old(ann, NOON), "new": tokens.address_new(ann, NOON)}
    first = agree(newsroom, tokens, links[order[0]])
    assert (first.end, first.stage) == (End(order[0]), Stage.AGREED)
    assert filing.person(newsroom.db, ann).address == "ann@example.org"
    assert agree(newsroom, tokens, links[order[1]]).stage == Stage.MOVED
    moved = filing.person(newsroom.db, ann)
    assert (moved.address, moved.address_key) == (NEW, NEW.casefold())
    assert filing.deeds(newsroom.db, ann)[-1] == ("moved", "both ends agreed")
    assert ("digest", NEW, "") in mails(newsroom.db), "what waits goes to the new address"
    for token in links.values():
        assert agree(newsroom, tokens, token).stage == Stage.MOVED
        assert readdressing.look(newsroom.db, tokens, token, NOON + HOUR).stage == Stage.MOVED
        with pytest.raises(Gone):
            readdressing.stop(newsroom.db, tokens, token, NOON + HOUR)


def test_looking_changes_nothing_and_says_where_it_stands(
    newsroom: Newsroom, ann: int, tokens: Tokens
) -> None:
    ask(newsroom, tokens, ann)
    old, new = tokens.address_old(ann, NOON), tokens.address_new(ann, NOON)
    agree(newsroom, tokens, new)
    assert readdressing.look(newsroom.db, tokens, old, NOON).stage == Stage.ASK
    seen = readdressing.look(newsroom.db, tokens, new, NOON)
    assert (seen.end, seen.stage, seen.address) == (End.NEW, Stage.AGREED, "A•••@example.net")


def test_either_end_may_stop_it(newsroom: Newsroom, ann: int, tokens: Tokens) -> None:
    ask(newsroom, tokens, ann)
    agree(newsroom, tokens, tokens.address_new(ann, NOON))
    for _ in range(2):
        readdressing.stop(newsroom.db, tokens, tokens.address_old(ann, NOON), NOON)
    for token in (tokens.address_old(ann, NOON), tokens.address_new(ann, NOON)):
        with pytest.raises(Gone, match="was stopped"):
            agree(newsroom, tokens, token)


def test_a_later_request_takes_the_place_of_an_earlier_one(
    newsroom: Newsroom, ann: int, tokens: Tokens
) -> None:
    ask(newsroom, tokens, ann)
    ask(newsroom, tokens, ann, "third@example.net", NOON + HOUR)
    with pytest.raises(Gone):
        agree(newsroom, tokens, tokens.address_new(ann, NOON))
    agree(newsroom, tokens, tokens.address_old(ann, NOON + HOUR))
    agree(newsroom, tokens, tokens.address_new(ann, NOON + HOUR))
    assert filing.person(newsroom.db, ann).address == "third@example.net"


def test_it_has_seven_days(newsroom: Newsroom, ann: int, tokens: Tokens) -> None:
    ask(newsroom, tokens, ann)
    late = NOON + timedelta(days=7, seconds=1)
    with pytest.raises(Expired):
        readdressing.agree(newsroom.db, tokens, tokens.address_new(ann, NOON), late, newsroom.settings)
    with pytest.raises(Tampered):
        agree(newsroom, tokens, tokens.manage(ann))
    assert readdressing.forget_old(newsroom.db, late) == 1
    assert readdressing.forget_old(newsroom.db, late) == 0


def test_an_address_that_has_our_mail_already_is_told_so_there_and_nowhere_else(
    newsroom: Newsroom, ann: int, tokens: Tokens
) -> None:
    newsroom.reader("bob@example.org", NOON)
    assert ask(newsroom, tokens, ann, "bob@example.org") == "bob@example.org"
    assert [(kind, to) for kind, to, _ in mails(newsroom.db)] == [
        ("message", "ann@example.org"),
        ("notice", "bob@example.org"),
    ]


def test_who_signed_up_there_meanwhile_keeps_their_place(
    newsroom: Newsroom, ann: int, tokens: Tokens
) -> None:
    ask(newsroom, tokens, ann, "bob@example.org")
    agree(newsroom, tokens, tokens.address_old(ann, NOON))
    newsroom.reader("bob@example.org", NOON)
    with pytest.raises(Conflict):
        agree(newsroom, tokens, tokens.address_new(ann, NOON))
    assert filing.person(newsroom.db, ann).address == "ann@example.org"


def test_a_sign_up_that_was_never_confirmed_makes_room(newsroom: Newsroom, ann: int, tokens: Tokens) -> None:
    newsroom.reader("bob@example.org", NOON, SubscriberState.PENDING)
    ask(newsroom, tokens, ann, "bob@example.org")
    agree(newsroom, tokens, tokens.address_old(ann, NOON))
    agree(newsroom, tokens, tokens.address_new(ann, NOON))
    assert filing.person(newsroom.db, ann).address == "bob@example.org"


def test_an_address_that_an_editor_suppressed_is_never_written_to(
    newsroom: Newsroom, ann: int, tokens: Tokens
) -> None:
    suppression.enter(newsroom.db, secret_key(newsroom.settings), NEW, "asked by phone", "Ada", NOON)
    assert ask(newsroom, tokens, ann) == NEW
    assert [to for _, to, _ in mails(newsroom.db)] == ["ann@example.org"]


def test_one_that_an_editor_suppressed_meanwhile_gets_nothing_either(
    newsroom: Newsroom, ann: int, tokens: Tokens
) -> None:
    ask(newsroom, tokens, ann)
    agree(newsroom, tokens, tokens.address_old(ann, NOON))
    suppression.enter(newsroom.db, secret_key(newsroom.settings), NEW, "asked by phone", "Ada", NOON)
    with pytest.raises(Gone, match="editors stopped mail"):
        agree(newsroom, tokens, tokens.address_new(ann, NOON))
    assert filing.person(newsroom.db, ann).address == "ann@example.org"


def test_agreeing_there_lifts_an_old_bounce(newsroom: Newsroom, ann: int, tokens: Tokens) -> None:
    secret = secret_key(newsroom.settings)
    with newsroom.db.transaction() as s:
        suppression.add(s, secret, NEW.casefold(), "bounced", NOON)
    ask(newsroom, tokens, ann)
    agree(newsroom, tokens, tokens.address_old(ann, NOON))
    agree(newsroom, tokens, tokens.address_new(ann, NOON))
    with newsroom.db.reading() as s:
        assert suppression.find(s, secret, NEW.casefold()) is None


def test_what_is_no_new_address_is_refused(newsroom: Newsroom, ann: int, tokens: Tokens) -> None:
    for typed in ("ann@example.org", "nonsense", ""):
        with pytest.raises(Invalid) as refusal:
            ask(newsroom, tokens, ann, typed)
        assert list(refusal.value.fields) == ["email"]
    leaving.leave(newsroom.db, ann, NOON, settings=newsroom.settings)
    with pytest.raises(Gone):
        ask(newsroom, tokens, ann)
    with newsroom.db.reading() as s:
        assert s.get(AddressChange, ann) is None
