"""What a person may do while letters go out, and what they cannot: send an accepted one again."""

from newsletter.delivery import intervening
from tests.mailserver import Fault, RecordingServer
from tests.newsletter.delivery.office import ABOUT, Office


def test_stopping_skips_what_has_not_left_and_says_who_did_it(
    office: Office, server: RecordingServer
) -> None:
    office.write("a", "b", "c")
    office.send(most=1, connections=1)
    with office.db.transaction() as s:
        assert intervening.stop(s, "digest", ABOUT, "Ada", office.clock()) == 2
    office.send()
    balance = office.balance()
    assert (balance.accepted, balance.skipped, balance.waiting) == (1, 2, 0)
    assert balance.reasons == (("stopped by Ada", 2),)


def test_what_was_refused_can_be_tried_again_and_what_was_accepted_is_left_alone(
    office: Office, server: RecordingServer
) -> None:
    server.faults = [Fault("rcpt", "550 5.1.1 Unknown", whom="typo", times=1)]
    office.write("a", "typo")
    office.send(connections=1)
    refused = office.letters()[1]
    assert intervening.retry(office.db, "digest", ABOUT, refused.code, refused.reply, office.clock()) == 1
    office.send(connections=1)
    assert office.balance().accepted == 2 and len(server.received) == 2
    assert intervening.retry(office.db, "digest", ABOUT, refused.code, refused.reply, office.clock()) == 0


def test_the_log_tells_the_last_letters_without_addresses(office: Office, server: RecordingServer) -> None:
    office.write("a", "b")
    office.send(connections=1)
    lines = intervening.log(office.db, "digest", ABOUT)
    assert [line.state for line in lines] == ["accepted", "accepted"]
    assert "@" not in repr(lines)
