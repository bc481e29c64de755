"""From the hour to the reader's mail server: editions, the ledger and the composers together."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from blog.refusals import NotFound
from newsletter.delivery import sending
from newsletter.delivery.transport import open_transport
from newsletter.editions import compiling, composing
from newsletter.editions.progress import progress
from newsletter.subscribers import leaving, signup
from newsletter.subscribers.origins import Origin
from newsletter.subscribers.tokens import Tokens
from tests.mailserver import Fault, RecordingServer, recording_server
from tests.newsletter.editions.conftest import DAY, HOUR, Newsroom

SEVEN = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
TOKENS = Tokens("a-key-for-tests-only")


@pytest.fixture
def ready(newsroom: Newsroom, noon: datetime) -> Newsroom:
    """Twenty readers and one story, an hour before the edition leaves."""
    newsroom.begin(noon)
    for n in range(20):
        newsroom.reader(f"reader{n}@example.org", noon)
    newsroom.publish("Tides", noon)
    return newsroom


def send(room: Newsroom, server: RecordingServer, at: datetime) -> sending.Sent:
    composers = composing.composers(room.settings, TOKENS)
    return sending.send_ready(
        room.db, open_transport(server.url), composers, lambda: at, "test", connections=2
    )


def test_each_reader_gets_the_edition_once_and_the_books_balance(ready: Newsroom, tmp_path: Path) -> None:
    (edition_id,) = ready.tick(SEVEN)
    before = progress(ready.db, edition_id, SEVEN)
    assert (before.percent, before.is_done, before.letters.total) == (0, False, 20)
    with recording_server(tmp_path) as server:
        assert send(ready, server, SEVEN).accepted == 20
        assert send(ready, server, SEVEN + timedelta(minutes=1)) == sending.Sent()
    assert set(server.copies().values()) == {1} and len(server.copies()) == 20
    assert len({mail.message_id for mail in server.received}) == 20
    leave_links = {mail.parsed()["List-Unsubscribe"] for mail in server.received}
    assert len(leave_links) == 20
    assert compiling.sent_due(ready.db, SEVEN + timedelta(minutes=1)) == 1
    after = progress(ready.db, edition_id, SEVEN + timedelta(minutes=2))
    assert (after.percent, after.is_done, after.is_stalled, after.letters.accepted) == (100, True, False, 20)


def test_who_leaves_before_the_letter_does_gets_none_and_is_counted(ready: Newsroom, tmp_path: Path) -> None:
    (edition_id,) = ready.tick(SEVEN)
    gone = ready.letters()[3]
    leaving.leave(ready.db, gone.reader_id, SEVEN, settings=ready.settings)
    with recording_server(tmp_path) as server:
        sent = send(ready, server, SEVEN)
    assert sent == sending.Sent(accepted=19)
    assert gone.address not in server.copies()
    letters = progress(ready.db, edition_id, SEVEN).letters
    assert (letters.total, letters.accepted, letters.skipped, letters.waiting) == (20, 19, 1, 0)


def test_a_server_that_asks_to_wait_leaves_the_edition_on_its_way(ready: Newsroom, tmp_path: Path) -> None:
    (edition_id,) = ready.tick(SEVEN)
    with recording_server(tmp_path, [Fault("rcpt", "450 4.2.0 Later", whom="reader7@", times=1)]) as server:
        assert send(ready, server, SEVEN).retry == 1
        assert compiling.sent_due(ready.db, SEVEN) == 0
        waiting = progress(ready.db, edition_id, SEVEN + timedelta(minutes=2))
        assert (waiting.percent, waiting.is_done, waiting.is_stalled) == (95, False, True)
        assert send(ready, server, SEVEN + HOUR).accepted == 1
    assert compiling.sent_due(ready.db, SEVEN + HOUR) == 1
    assert server.copies()["reader7@example.org"] == 1


def test_a_reader_joins_reads_and_leaves(newsroom: Newsroom, noon: datetime, tmp_path: Path) -> None:
    newsroom.begin(noon)
    with recording_server(tmp_path) as server:
        signup.ask(newsroom.db, "reader@example.org", Origin("/"), noon, newsroom.settings)
        send(newsroom, server, noon)
        confirmation = _text(server)
        token = confirmation.split("/subscribe/confirm/")[1].split()[0]
        signup.confirm(newsroom.db, TOKENS, token, noon + HOUR, newsroom.settings)
        send(newsroom, server, noon + HOUR)
        newsroom.publish("Tides", noon + 2 * HOUR)
        newsroom.tick(SEVEN)
        send(newsroom, server, SEVEN)
        subjects = [mail.parsed()["Subject"] for mail in server.received]
        assert subjects == ["Confirm your digest", "You're in", "Tides"]
        claim = TOKENS.read_leave(_text(server).split("/unsubscribe/")[1].split()[0])
        leaving.leave(
            newsroom.db,
            claim.subscriber_id,
            SEVEN + HOUR,
            f"edition {claim.edition_id}",
            settings=newsroom.settings,
        )
        newsroom.publish("Comets", SEVEN + HOUR)
        newsroom.tick(SEVEN + DAY)
        assert send(newsroom, server, SEVEN + DAY) == sending.Sent()


def test_progress_of_no_edition_is_not_found(newsroom: Newsroom, noon: datetime) -> None:
    with pytest.raises(NotFound):
        progress(newsroom.db, 77, noon)


def _text(server: RecordingServer) -> str:
    part = server.received[-1].parsed().get_body(("plain",))
    assert part is not None
    return str(part.get_content())
