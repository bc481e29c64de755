"""Letters are put in once, however often somebody tries."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import String, literal, select, union_all

from blog.db import Database
from newsletter.delivery import outbox
from newsletter.delivery.model import Letter, LetterState
from tests.mailserver import RecordingServer
from tests.newsletter.delivery.office import ABOUT, Office, plain


def test_a_letter_is_put_in_ready_and_due(office: Office) -> None:
    office.write("galileo", payload={"words": "Look up"})
    letter = office.letter()
    assert (letter.state, letter.due_at, letter.address) == ("ready", office.clock(), "galileo@example.org")
    assert letter.payload == {"words": "Look up"}


def test_the_same_letter_is_put_in_only_once(office: Office) -> None:
    office.write("galileo")
    office.write("somebody-else")
    assert office.letter().address == "galileo@example.org"


def test_a_letter_may_be_told_to_wait(office: Office, server: RecordingServer) -> None:
    with office.db.transaction() as s:
        outbox.put(
            s,
            "digest",
            ABOUT,
            1,
            "a@example.org",
            office.clock(),
            due_at=office.clock() + timedelta(minutes=10),
        )
    office.send()
    assert not server.received
    office.clock.passes(minutes=10)
    office.send()
    assert len(server.received) == 1


def test_one_statement_writes_a_letter_for_every_reader_and_none_twice(db: Database, office: Office) -> None:
    office.write("first")
    people = union_all(
        *(
            select(literal(n).label("id"), literal(f"r{n}@example.org", String).label("address"))
            for n in range(1, 6)
        )
    )
    readers = people.subquery()
    with db.transaction() as s:
        new = outbox.put_all(s, "digest", ABOUT, select(readers.c.id, readers.c.address), office.clock())
        more = outbox.put_all(s, "digest", ABOUT, select(readers.c.id, readers.c.address), office.clock())
        fresh = outbox.put_all(s, "story", ABOUT, select(readers.c.id, readers.c.address), office.clock())
        again = outbox.put_all(s, "story", ABOUT, select(readers.c.id, readers.c.address), office.clock())
    assert (new, more, fresh, again) == (4, 0, 5, 0)
    letters = [letter for letter in office.letters() if letter.kind == "digest"]
    assert [letter.reader_id for letter in letters] == [1, 2, 3, 4, 5]
    assert {letter.state for letter in letters} == {"ready"}
    assert {letter.created_at for letter in letters} == {office.clock()}


def test_a_letter_that_was_sent_may_be_sent_again_as_a_new_mail(
    office: Office, server: RecordingServer
) -> None:
    office.write("galileo")
    office.send()
    office.clock.passes(minutes=2)
    with office.db.transaction() as s:
        outbox.again(s, "digest", ABOUT, 1, "new@example.org", office.clock())
    assert office.send().accepted == 1
    assert [mail.recipient for mail in server.received] == ["galileo@example.org", "new@example.org"]
    assert len({mail.message_id for mail in server.received}) == 2
    assert office.balance().total == 1


def test_a_letter_that_still_waits_is_not_put_in_again(office: Office) -> None:
    office.write("galileo")
    with office.db.transaction() as s:
        outbox.again(s, "digest", ABOUT, 1, "other@example.org", office.clock() + timedelta(minutes=1))
    assert office.letter().address == "galileo@example.org"


def test_sending_again_what_was_never_sent_is_putting_it_in(office: Office) -> None:
    with office.db.transaction() as s:
        outbox.again(s, "digest", ABOUT, 1, "galileo@example.org", office.clock(), payload={"n": 1})
    assert office.letter().payload == {"n": 1}


def test_a_reader_who_leaves_has_letters_that_wait_taken_back(
    office: Office, server: RecordingServer
) -> None:
    office.write("galileo", "kepler")
    office.write("galileo", kind="notice")
    with office.db.transaction() as s:
        assert outbox.recall(s, ["digest"], 1, "left the list", office.clock()) == 1
    office.composers["notice"] = plain
    office.send()
    assert sorted(mail.recipient for mail in server.received) == ["galileo@example.org", "kepler@example.org"]
    assert office.balance().skipped == 1
    assert office.balance("notice").accepted == 1


def test_what_was_sent_cannot_be_taken_back(office: Office) -> None:
    office.write("galileo")
    office.send()
    with office.db.transaction() as s:
        assert outbox.recall(s, ["digest"], 1, "left the list", office.clock()) == 0
    assert office.balance().accepted == 1


def test_the_words_of_a_letter_are_erased_at_its_end(office: Office) -> None:
    office.write("galileo", payload={"secret": "a link"})
    office.send()
    with office.db.reading() as s:
        assert s.scalar(select(Letter.id).where(Letter.payload.is_(None))) is not None
        letter = s.scalars(select(Letter)).one()
    assert (letter.state, letter.payload) == (LetterState.ACCEPTED, None)


def test_times_are_kept_to_the_microsecond(office: Office) -> None:
    office.clock.now = datetime(2026, 11, 22, 7, 0, 0, 123456, tzinfo=UTC)
    office.write("galileo")
    assert office.letter().created_at == office.clock()
