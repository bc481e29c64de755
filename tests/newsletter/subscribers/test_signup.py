from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from blog.db import Database
from blog.refusals import Gone, Invalid
from newsletter.delivery.model import Letter
from newsletter.subscribers import leaving, reading, signup
from newsletter.subscribers.model import Subscriber
from newsletter.subscribers.tokens import Expired, Tampered, Tokens

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
Kinds = Callable[[], list[str]]


def test_a_new_reader_waits_for_confirmation_and_gets_one_letter(
    db: Database, noon: datetime, letters: Kinds
) -> None:
    assert signup.ask(db, "Reader@Example.org", "/2026/11/moon", noon) == signup.Asked("Reader@example.org")
    assert letters() == ["confirmation"]
    (reader,) = reading.listing(db).items
    assert (reader.state, reader.source, reader.confirmed_at) == ("pending", "/2026/11/moon", None)


def test_the_letter_is_urgent_and_bears_its_own_moment(db: Database, noon: datetime, asked: int) -> None:
    with db.reading() as s:
        letter = s.scalars(select(Letter)).one()
    assert (letter.reader_id, letter.about_id, letter.priority) == (asked, int(noon.timestamp()), 0)


def test_a_likely_typo_writes_nothing_until_the_reader_is_certain(
    db: Database, noon: datetime, letters: Kinds
) -> None:
    assert signup.ask(db, "reader@gmial.com", "/", noon).suggestion == "reader@gmail.com"
    assert letters() == [] and reading.count(db).total == 0
    assert signup.ask(db, "reader@gmial.com", "/", noon, certain=True) == signup.Asked("reader@gmial.com")
    assert letters() == ["confirmation"]


def test_a_bad_address_writes_nothing(db: Database, noon: datetime, letters: Kinds) -> None:
    with pytest.raises(Invalid):
        signup.ask(db, "reader at example", "/", noon)
    assert letters() == [] and reading.count(db).total == 0


def test_confirming_puts_a_reader_on_the_list_and_welcomes_them_once(
    db: Database, noon: datetime, tokens: Tokens, asked: int, letters: Kinds
) -> None:
    token = tokens.confirm(asked, noon)
    first = signup.confirm(db, tokens, token, noon + HOUR)
    again = signup.confirm(db, tokens, token, noon + DAY)
    assert (first.is_new, again.is_new) == (True, False)
    assert first.confirmed_at == again.confirmed_at == noon + HOUR
    assert letters() == ["confirmation", "welcome"]
    assert reading.count(db) == reading.Counts(confirmed=1, pending=0, left=0)


def test_looking_at_a_confirmation_changes_nothing(
    db: Database, noon: datetime, tokens: Tokens, asked: int
) -> None:
    token = tokens.confirm(asked, noon)
    assert signup.look(db, tokens, token, noon) == signup.Doorstep("reader@example.org", None)
    assert reading.count(db).confirmed == 0
    signup.confirm(db, tokens, token, noon)
    assert signup.look(db, tokens, token, noon).confirmed_at == noon


def test_an_old_link_is_renewed_not_honoured(
    db: Database, noon: datetime, tokens: Tokens, asked: int, letters: Kinds
) -> None:
    token, later = tokens.confirm(asked, noon), noon + 8 * DAY
    with pytest.raises(Expired):
        signup.confirm(db, tokens, token, later)
    assert signup.renew(db, tokens, token, later).address == "reader@example.org"
    assert letters() == ["confirmation"] * 2
    assert signup.confirm(db, tokens, tokens.confirm(asked, later), later + HOUR).is_new


def test_a_forged_link_is_not_renewed(db: Database, noon: datetime, tokens: Tokens, asked: int) -> None:
    with pytest.raises(Tampered):
        signup.renew(db, tokens, Tokens("another").confirm(asked, noon), noon)


@pytest.mark.parametrize("state", ["stranger", "pending", "confirmed", "left"])
def test_the_answer_does_not_tell_who_is_on_the_list(
    db: Database, noon: datetime, tokens: Tokens, state: str
) -> None:
    if state != "stranger":
        signup.ask(db, "reader@example.org", "/", noon)
        with db.reading() as s:
            reader_id = s.scalars(select(Subscriber.id)).one()
        if state != "pending":
            signup.confirm(db, tokens, tokens.confirm(reader_id, noon), noon)
        if state == "left":
            leaving.leave(db, reader_id, noon + HOUR)
    assert signup.ask(db, "reader@example.org", "/", noon + 3 * DAY) == signup.Asked("reader@example.org")
    assert signup.resend(db, "reader@example.org", "/", noon + 3 * DAY) == signup.Asked("reader@example.org")


def test_a_confirmed_reader_who_asks_again_gets_a_notice(
    db: Database, noon: datetime, tokens: Tokens, asked: int, letters: Kinds
) -> None:
    signup.confirm(db, tokens, tokens.confirm(asked, noon), noon)
    signup.ask(db, "READER@example.org", "/", noon + 2 * DAY)
    assert letters() == ["confirmation", "welcome", "notice"]
    assert reading.count(db) == reading.Counts(1, 0, 0)


def test_an_address_gets_one_letter_in_a_day_and_one_resend(
    db: Database, noon: datetime, letters: Kinds
) -> None:
    for minute in range(100):
        signup.ask(db, "victim@example.org", "/", noon + minute * MINUTE)
    assert letters() == ["confirmation"]
    for minute in range(100):
        signup.resend(db, "victim@example.org", "/", noon + (minute + 2) * MINUTE)
    assert letters() == ["confirmation"] * 2
    signup.ask(db, "victim@example.org", "/", noon + DAY - MINUTE)
    assert letters() == ["confirmation"] * 2
    signup.ask(db, "victim@example.org", "/", noon + 2 * DAY)
    assert letters() == ["confirmation"] * 3


def test_a_resend_has_patience(db: Database, noon: datetime, asked: int, letters: Kinds) -> None:
    signup.resend(db, "reader@example.org", "/", noon + timedelta(seconds=59))
    assert letters() == ["confirmation"]
    signup.resend(db, "reader@example.org", "/", noon + timedelta(seconds=60))
    assert letters() == ["confirmation"] * 2


def test_a_resend_for_a_stranger_writes_nothing(db: Database, noon: datetime, letters: Kinds) -> None:
    signup.resend(db, "stranger@example.org", "/", noon)
    assert letters() == [] and reading.count(db).total == 0


def test_many_forms_at_once_for_one_address_write_one_letter(
    db: Database, noon: datetime, letters: Kinds
) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: signup.ask(db, "victim@example.org", "/", noon), range(40)))
    assert set(answers) == {signup.Asked("victim@example.org")}
    assert letters() == ["confirmation"]
    assert reading.count(db).total == 1


def test_a_link_from_before_leaving_does_not_bring_a_reader_back(
    db: Database, noon: datetime, tokens: Tokens, asked: int
) -> None:
    token = tokens.confirm(asked, noon)
    signup.confirm(db, tokens, token, noon)
    leaving.leave(db, asked, noon + HOUR)
    for act in (signup.confirm, signup.look):
        with pytest.raises(Gone, match="left since"):
            act(db, tokens, token, noon + 2 * HOUR)
    assert reading.count(db) == reading.Counts(0, 0, 1)


def test_who_left_and_asks_again_confirms_again(
    db: Database, noon: datetime, tokens: Tokens, asked: int, letters: Kinds
) -> None:
    signup.confirm(db, tokens, tokens.confirm(asked, noon), noon)
    leaving.leave(db, asked, noon + HOUR)
    signup.ask(db, "reader@example.org", "/", noon + 2 * DAY)
    assert reading.count(db) == reading.Counts(0, 0, 1), "asking alone changes nothing"
    signup.confirm(db, tokens, tokens.confirm(asked, noon + 2 * DAY), noon + 2 * DAY + HOUR)
    assert letters() == ["confirmation", "welcome", "confirmation", "welcome"]
    assert reading.count(db) == reading.Counts(1, 0, 0)
