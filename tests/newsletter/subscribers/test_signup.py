from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, select

from blog.db import Database
from blog.refusals import Gone, Invalid
from blog.settings import Settings
from newsletter.delivery.model import Letter
from newsletter.subscribers import leaving, reading, signup, suppression
from newsletter.subscribers.model import Consent, Subject, Subscriber, SubscriberId, SubscriberState
from newsletter.subscribers.origins import Origin
from newsletter.subscribers.tokens import Expired, Tampered, Tokens
from newsletter.subscribers.wishes import Followed, Wishes

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
Kinds = Callable[[], list[str]]


def test_a_new_reader_waits_for_confirmation_and_gets_one_letter(
    db: Database, noon: datetime, settings: Settings, letters: Kinds
) -> None:
    assert signup.ask(db, "Reader@Example.org", Origin("/2026/11/moon"), noon, settings) == signup.Asked(
        "Reader@example.org"
    )
    assert letters() == ["confirmation"]
    (reader,) = reading.listing(db).items
    assert (reader.state, reader.source, reader.confirmed_at) == ("pending", "/2026/11/moon", None)


def test_the_letter_is_urgent_and_bears_its_own_moment(
    db: Database, noon: datetime, settings: Settings, asked: int
) -> None:
    with db.reading() as s:
        letter = s.scalars(select(Letter)).one()
    assert (letter.reader_id, letter.about_id, letter.priority) == (asked, int(noon.timestamp()), 0)


def test_a_likely_typo_writes_nothing_until_the_reader_is_certain(
    db: Database, noon: datetime, settings: Settings, letters: Kinds
) -> None:
    assert signup.ask(db, "reader@gmial.com", Origin("/"), noon, settings).suggestion == "reader@gmail.com"
    assert letters() == [] and reading.count(db).total == 0
    assert signup.ask(db, "reader@gmial.com", Origin("/"), noon, settings, certain=True) == signup.Asked(
        "reader@gmial.com"
    )
    assert letters() == ["confirmation"]


def test_a_bad_address_writes_nothing(
    db: Database, noon: datetime, settings: Settings, letters: Kinds
) -> None:
    with pytest.raises(Invalid):
        signup.ask(db, "reader at example", Origin("/"), noon, settings)
    assert letters() == [] and reading.count(db).total == 0


def test_confirming_puts_a_reader_on_the_list_and_welcomes_them_once(
    db: Database, noon: datetime, settings: Settings, tokens: Tokens, asked: int, letters: Kinds
) -> None:
    token = tokens.confirm(asked, noon)
    first = signup.confirm(db, tokens, token, noon + HOUR, settings)
    again = signup.confirm(db, tokens, token, noon + DAY, settings)
    assert (first.is_new, again.is_new) == (True, False)
    assert first.confirmed_at == again.confirmed_at == noon + HOUR
    assert letters() == ["confirmation", "welcome"]
    assert reading.count(db) == reading.Counts(confirmed=1, pending=0, left=0)


def test_looking_at_a_confirmation_changes_nothing(
    db: Database, noon: datetime, settings: Settings, tokens: Tokens, asked: int
) -> None:
    token = tokens.confirm(asked, noon)
    assert signup.look(db, tokens, token, noon, settings) == signup.Doorstep(
        SubscriberId(asked), "reader@example.org", None
    )
    assert reading.count(db).confirmed == 0
    signup.confirm(db, tokens, token, noon, settings)
    assert signup.look(db, tokens, token, noon, settings).confirmed_at == noon


def test_an_old_link_is_renewed_not_honoured(
    db: Database, noon: datetime, settings: Settings, tokens: Tokens, asked: int, letters: Kinds
) -> None:
    token, later = tokens.confirm(asked, noon), noon + 8 * DAY
    with pytest.raises(Expired):
        signup.confirm(db, tokens, token, later, settings)
    assert signup.renew(db, tokens, token, later, settings).address == "reader@example.org"
    assert letters() == ["confirmation"] * 2
    assert signup.confirm(db, tokens, tokens.confirm(asked, later), later + HOUR, settings).is_new


def test_a_forged_link_is_not_renewed(
    db: Database, noon: datetime, settings: Settings, tokens: Tokens, asked: int
) -> None:
    with pytest.raises(Tampered):
        signup.renew(db, tokens, Tokens("another").confirm(asked, noon), noon, settings)


@pytest.mark.parametrize("state", ["stranger", "pending", "confirmed", "left"])
def test_the_answer_does_not_tell_who_is_on_the_list(
    db: Database, noon: datetime, settings: Settings, tokens: Tokens, state: str
) -> None:
    if state != "stranger":
        signup.ask(db, "reader@example.org", Origin("/"), noon, settings)
        with db.reading() as s:
            reader_id = s.scalars(select(Subscriber.id)).one()
        if state != "pending":
            signup.confirm(db, tokens, tokens.confirm(reader_id, noon), noon, settings)
        if state == "left":
            leaving.leave(db, reader_id, noon + HOUR, settings=settings)
    assert signup.ask(db, "reader@example.org", Origin("/"), noon + 3 * DAY, settings) == signup.Asked(
        "reader@example.org"
    )
    assert signup.resend(db, "reader@example.org", Origin("/"), noon + 3 * DAY, settings) == signup.Asked(
        "reader@example.org"
    )


def test_a_confirmed_reader_who_asks_again_gets_a_notice(
    db: Database, noon: datetime, settings: Settings, tokens: Tokens, asked: int, letters: Kinds
) -> None:
    signup.confirm(db, tokens, tokens.confirm(asked, noon), noon, settings)
    signup.ask(db, "READER@example.org", Origin("/"), noon + 2 * DAY, settings)
    assert letters() == ["confirmation", "welcome", "notice"]
    assert reading.count(db) == reading.Counts(1, 0, 0)


def test_an_address_gets_one_letter_in_a_day_and_one_resend(
    db: Database, noon: datetime, settings: Settings, letters: Kinds
) -> None:
    for minute in range(100):
        signup.ask(db, "victim@example.org", Origin("/"), noon + minute * MINUTE, settings)
    assert letters() == ["confirmation"]
    for minute in range(100):
        signup.resend(db, "victim@example.org", Origin("/"), noon + (minute + 2) * MINUTE, settings)
    assert letters() == ["confirmation"] * 2
    signup.ask(db, "victim@example.org", Origin("/"), noon + DAY - MINUTE, settings)
    assert letters() == ["confirmation"] * 2
    signup.ask(db, "victim@example.org", Origin("/"), noon + 2 * DAY, settings)
    assert letters() == ["confirmation"] * 3


def test_a_resend_has_patience(
    db: Database, noon: datetime, settings: Settings, asked: int, letters: Kinds
) -> None:
    signup.resend(db, "reader@example.org", Origin("/"), noon + timedelta(seconds=59), settings)
    assert letters() == ["confirmation"]
    signup.resend(db, "reader@example.org", Origin("/"), noon + timedelta(seconds=60), settings)
    assert letters() == ["confirmation"] * 2


def test_a_resend_for_a_stranger_writes_nothing(
    db: Database, noon: datetime, settings: Settings, letters: Kinds
) -> None:
    signup.resend(db, "stranger@example.org", Origin("/"), noon, settings)
    assert letters() == [] and reading.count(db).total == 0


def test_many_forms_at_once_for_one_address_write_one_letter(
    db: Database, noon: datetime, settings: Settings, letters: Kinds
) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda _: signup.ask(db, "victim@example.org", Origin("/"), noon, settings), range(40))
        )
    assert set(answers) == {signup.Asked("victim@example.org")}
    assert letters() == ["confirmation"]
    assert reading.count(db).total == 1


def test_a_link_from_before_leaving_does_not_bring_a_reader_back(
    db: Database, noon: datetime, settings: Settings, tokens: Tokens, asked: int
) -> None:
    token = tokens.confirm(asked, noon)
    signup.confirm(db, tokens, token, noon, settings)
    leaving.leave(db, asked, noon + HOUR, settings=settings)
    for act in (signup.confirm, signup.look):
        with pytest.raises(Gone, match="left since"):
            act(db, tokens, token, noon + 2 * HOUR, settings)
    assert reading.count(db) == reading.Counts(0, 0, 1)


def test_who_left_and_asks_again_confirms_again(
    db: Database, noon: datetime, settings: Settings, tokens: Tokens, asked: int, letters: Kinds
) -> None:
    signup.confirm(db, tokens, tokens.confirm(asked, noon), noon, settings)
    leaving.leave(db, asked, noon + HOUR, settings=settings)
    signup.ask(db, "reader@example.org", Origin("/"), noon + 2 * DAY, settings)
    assert reading.count(db) == reading.Counts(0, 0, 1), "asking alone changes nothing"
    signup.confirm(db, tokens, tokens.confirm(asked, noon + 2 * DAY), noon + 2 * DAY + HOUR, settings)
    assert letters() == ["confirmation", "welcome", "confirmation", "welcome"]
    assert reading.count(db) == reading.Counts(1, 0, 0)


def test_a_flood_of_forms_for_one_address_writes_one_letter_and_one_more_for_send_again(
    db: Database, noon: datetime, settings: Settings, letters: Kinds
) -> None:
    answers = set()
    for number in range(400):
        at, origin = noon + number * timedelta(minutes=3), Origin(f"/2026/11/{number}")
        answers.add(signup.ask(db, "Victim@example.org", origin, at, settings))
        if number % 20 == 19:
            answers.add(signup.resend(db, "victim@EXAMPLE.org", origin, at, settings))
    assert {answer.address.casefold() for answer in answers} == {"victim@example.org"}
    assert letters() == ["confirmation"] * 2, "20 hours, and the address asked for itself again"
    with db.reading() as s:
        assert s.scalars(select(Subscriber.source)).one() == "/2026/11/19", "as its last letter says"


def test_a_form_does_the_same_work_for_everybody(
    db: Database, noon: datetime, settings: Settings, tokens: Tokens, asked: int
) -> None:
    signup.confirm(db, tokens, tokens.confirm(asked, noon), noon, settings)
    suppression.enter(db, "a-key-for-tests-only", "stopped@example.org", "", "Ada", noon)
    wished = Wishes("Africa/Lagos", follow=Followed(Subject.AUTHOR, 7))

    def work(typed: str) -> list[str]:
        return writes(
            db, lambda: signup.ask(db, typed, Origin("/"), noon + HOUR, settings, wishes=wished)
        )  # fmt: skip

    strangers = work("new@example.org")
    assert strangers == [f"INSERT INTO {name}" for name in ("subscriber", "follow", "consent", "letter")]
    assert work("reader@example.org") == work("stopped@example.org") == strangers
    assert work("new@example.org") == ["INSERT INTO subscriber", "INSERT INTO consent", "INSERT INTO letter"]


def test_sending_again_does_the_same_work_for_everybody_and_nothing_for_who_did_not_ask(
    db: Database, noon: datetime, settings: Settings, tokens: Tokens, asked: int, letters: Kinds
) -> None:
    signup.confirm(db, tokens, tokens.confirm(asked, noon), noon, settings)
    suppression.enter(db, "a-key-for-tests-only", "stopped@example.org", "", "Ada", noon)

    def work(typed: str, at: datetime) -> list[str]:
        return writes(db, lambda: signup.resend(db, typed, Origin("/"), at, settings))

    everything = [f"INSERT INTO {name}" for name in ("subscriber", "consent", "letter")]
    for address in ("reader@example.org", "new@example.org", "stopped@example.org"):
        assert work(address, noon + 2 * DAY) == everything
    assert letters() == ["confirmation", "welcome"] and reading.count(db).total == 1
    signup.ask(db, "reader@example.org", Origin("/"), noon + 3 * DAY, settings)
    assert work("reader@example.org", noon + 3 * DAY + MINUTE) == everything
    assert letters() == ["confirmation", "welcome", "notice", "notice"]


def writes(db: Database, act: Callable[[], object]) -> list[str]:
    """The rows that the database was asked to add, whether they stayed or not."""
    seen: list[str] = []

    def listen(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("INSERT"):
            seen.append(" ".join(statement.split()[:3]))

    event.listen(db.engine, "before_cursor_execute", listen)
    act()
    event.remove(db.engine, "before_cursor_execute", listen)
    return seen


def test_where_a_sign_up_came_from_is_kept_with_its_consent(
    db: Database, noon: datetime, settings: Settings, tokens: Tokens
) -> None:
    signup.ask(db, "reader@example.org", Origin("/2026/11/rings", "band", "autumn"), noon, settings)
    signup.ask(db, "reader@example.org", Origin("/sky", "page"), noon + 2 * DAY, settings)
    assert came_from(db) == ("/sky", "page", ""), "the page that brought them to it"
    signup.confirm(db, tokens, tokens.confirm(1, noon + 2 * DAY), noon + 2 * DAY, settings)
    signup.ask(db, "reader@example.org", Origin("/spam", "page"), noon + 4 * DAY, settings)
    assert came_from(db) == ("/sky", "page", ""), "a stranger cannot rewrite it"
    with db.reading() as s:
        first = s.scalars(select(Consent).order_by(Consent.id)).first()
    assert first and first.source == "/2026/11/rings"
    assert first.detail.startswith("band: Your address is used for the digest") and "autumn" in first.detail


def came_from(db: Database) -> tuple[str, str, str]:
    with db.reading() as s:
        row = s.execute(select(Subscriber.source, Subscriber.form, Subscriber.campaign)).one()
    return row[0], row[1], row[2]


def test_one_who_bounced_confirms_by_an_older_link_and_one_who_complained_does_not(
    db: Database, noon: datetime, settings: Settings, tokens: Tokens, asked: int
) -> None:
    token = tokens.confirm(asked, noon)
    for state, is_let_in in ((SubscriberState.COMPLAINED, False), (SubscriberState.BOUNCED, True)):
        with db.transaction() as s:
            reader = s.get_one(Subscriber, asked)
            reader.state, reader.left_at = state, noon + HOUR
        if is_let_in:
            assert signup.confirm(db, tokens, token, noon + 2 * HOUR, settings).is_new
        else:
            with pytest.raises(Gone):
                signup.confirm(db, tokens, token, noon + 2 * HOUR, settings)
