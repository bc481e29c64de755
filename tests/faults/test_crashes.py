"""A sender is killed at every step, asked to stop, and joined by others. The recording server counts what came of it."""

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import pytest

from newsletter.delivery import books
from newsletter.delivery.sending import send_ready
from tests.mailserver import RecordingServer
from tests.newsletter.delivery.office import ABOUT, Office, plain, smtp_to

READERS = 60
CONNECTIONS = 3
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def edition(office: Office, tmp_path: Path) -> None:
    """Sixty readers wait for their letters."""
    office.journals = tmp_path / "sending"
    office.clock.now = datetime.now(UTC)
    office.write(*(f"r{n}" for n in range(READERS)))


def sender(office: Office, server: RecordingServer, failpoint: str = "") -> subprocess.Popen[str]:
    words = [office.db.url, str(server.port), failpoint, str(CONNECTIONS), str(office.journals)]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.sender", *words], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def balance(office: Office) -> books.Balance:
    with office.db.reading() as s:
        return books.balance(s, "digest", ABOUT, datetime.now(UTC))


def assert_all_is_accounted_for(office: Office, server: RecordingServer, duplicates: int) -> None:
    copies = server.copies()
    assert len(copies) == READERS, "a reader was missed"
    assert len(server.received) - READERS <= duplicates
    for recipient, number in copies.items():
        mails = [mail for mail in server.received if mail.recipient == recipient]
        assert number <= 2 and len({(mail.message_id, mail.sha256) for mail in mails}) == 1
    books = balance(office)
    assert (books.accepted, books.waiting) == (READERS, 0)


@pytest.mark.parametrize(
    "failpoint", ["claimed", "composed", "sending:20", "data_sent:20", "accepted_unrecorded:20", "recorded:2"]
)
def test_killed_at_any_step_nobody_is_missed_and_only_letters_in_flight_come_twice(
    office: Office, server: RecordingServer, failpoint: str
) -> None:
    with sender(office, server, failpoint=failpoint) as killed:
        assert killed.wait(30) == -signal.SIGKILL
    assert balance(office).waiting > 0
    office.clock.now = datetime.now(UTC)
    office.send(connections=CONNECTIONS)
    assert_all_is_accounted_for(office, server, duplicates=CONNECTIONS)


def test_asked_to_stop_a_sender_leaves_nothing_in_doubt(office: Office, server: RecordingServer) -> None:
    running = sender(office, server)
    server.on_received = lambda mail: (
        running.send_signal(signal.SIGTERM) if len(server.received) == 15 else None
    )
    with running:
        assert running.wait(30) == 0
    after = balance(office)
    assert (after.sending, after.uncertain, after.accepted) == (0, 0, len(server.received))
    assert 15 <= after.accepted < READERS
    server.on_received = lambda mail: None
    office.clock.now = datetime.now(UTC)
    office.send(connections=CONNECTIONS)
    assert_all_is_accounted_for(office, server, duplicates=0)


def test_many_senders_at_once_send_nothing_twice(office: Office, server: RecordingServer) -> None:
    senders = 6
    barrier = Barrier(senders)

    def send(number: int) -> int:
        barrier.wait()
        return send_ready(
            office.db,
            smtp_to(server),
            {"digest": plain},
            office.clock,
            f"sender {number}",
            most=15,
            connections=2,
            journals=office.journals,
        ).accepted

    with ThreadPoolExecutor(senders) as pool:
        assert sum(pool.map(send, range(senders))) == READERS
    assert_all_is_accounted_for(office, server, duplicates=0)


def test_two_processes_at_once_send_nothing_twice(office: Office, server: RecordingServer) -> None:
    with sender(office, server) as one, sender(office, server) as two:
        assert (one.wait(30), two.wait(30)) == (0, 0)
    assert_all_is_accounted_for(office, server, duplicates=0)
