"""The books balance: every letter is in exactly one of the seven states."""

from newsletter.delivery import books
from newsletter.delivery.sending import Skip
from tests.mailserver import Fault, RecordingServer
from tests.newsletter.delivery.office import ABOUT, Office, plain


def test_an_edition_s_letters_are_counted_by_how_they_stand(office: Office, server: RecordingServer) -> None:
    server.faults = [
        Fault("rcpt", "550 5.1.1 Unknown", whom="gone"),
        Fault("rcpt", "450 4.2.0 Later", whom="grey"),
        Fault("dot", "drop", whom="doubt"),
        Fault("rcpt", "550 5.7.1 Not from you", whom="picky", times=1),
    ]
    office.composers["digest"] = lambda s, letters: {
        **plain(s, letters),
        **{letter.id: Skip("left the list") for letter in letters if letter.address.startswith("left")},
    }
    office.write("a", "gone1", "gone2", "b", "grey", "doubt", "picky", "left", "c")
    office.send(connections=1)
    office.clock.passes(seconds=30)
    balance = office.balance()
    assert (
        balance.accepted,
        balance.refused,
        balance.retry,
        balance.uncertain,
        balance.ready,
        balance.skipped,
    ) == (3, 2, 1, 1, 1, 1)
    assert balance.total == 9
    assert (balance.waiting, balance.doubts, balance.rate_per_minute) == (3, 1, 3)
    assert balance.reasons == (("left the list", 1),)
    office.clock.passes(seconds=31)
    assert office.balance().rate_per_minute == 0
    assert office.balance().last_settled_at is not None


def test_books_with_nothing_in_them(office: Office) -> None:
    balance = office.balance()
    assert (balance.total, balance.waiting, balance.last_settled_at) == (0, 0, None)


def test_an_edition_is_out_when_none_of_its_letters_is_on_its_way(office: Office) -> None:
    office.write("a", "b")
    with office.db.reading() as s:
        assert books.waiting(s, "digest", ABOUT)
    office.send()
    office.write("a", kind="welcome")
    with office.db.reading() as s:
        assert not books.waiting(s, "digest", ABOUT)
        assert books.waiting(s, "welcome", ABOUT)
