"""The demo mailbox and the folder transport: mails as files, and the reading of them."""

import smtplib
import socket
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from blog.db import Database
from blog.refusals import NotFound
from newsletter.delivery import mailbox
from newsletter.delivery.transport import open_transport
from tests.newsletter.delivery.office import Clock, Office


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """A mailbox that catches mail on this port into ``tmp_path``."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    stop = threading.Event()
    thread = threading.Thread(target=mailbox.serve, args=(tmp_path, "127.0.0.1", port, stop))
    thread.start()
    yield port
    stop.set()
    thread.join()


def knock(port: int) -> smtplib.SMTP:
    while True:
        try:
            return smtplib.SMTP("127.0.0.1", port, local_hostname="test", timeout=5)
        except ConnectionRefusedError:
            continue


def mail(subject: str = "Sky tonight") -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = (
        "Perijove <digest@example.org>",
        "galileo@example.org",
        subject,
    )
    made.set_content("Plain: Jupiter ♃")
    made.add_alternative("<p>Jupiter ♃</p>", subtype="html")
    return made


def test_a_mail_that_is_caught_can_be_read(port: int, tmp_path: Path) -> None:
    with knock(port) as smtp:
        smtp.send_message(mail("Größe des Himmels"))
    (caught,) = mailbox.mails(tmp_path)
    assert (caught.subject, caught.sender, caught.recipient) == (
        "Größe des Himmels",
        "digest@example.org",
        "galileo@example.org",
    )
    assert caught.text.strip() == "Plain: Jupiter ♃"
    assert caught.html.strip() == "<p>Jupiter ♃</p>"
    assert ("To", "galileo@example.org") in caught.headers
    assert mailbox.one(tmp_path, caught.id) == caught


def test_mails_come_newest_first_and_by_the_page(tmp_path: Path) -> None:
    for number in range(5):
        mailbox.keep(tmp_path, "a@example.org", "b@example.org", mail(f"No {number}").as_bytes())
    assert [caught.subject for caught in mailbox.mails(tmp_path)] == ["No 4", "No 3", "No 2", "No 1", "No 0"]
    assert [caught.subject for caught in mailbox.mails(tmp_path, first=1, most=2)] == ["No 3", "No 2"]


def test_an_empty_mailbox_and_one_that_is_not_there_yet(tmp_path: Path) -> None:
    assert mailbox.mails(tmp_path) == mailbox.mails(tmp_path / "nowhere") == ()


@pytest.mark.parametrize("mail_id", ["", "..", "../secret", "0" * 20 + "-abcdef12", "x" * 40])
def test_a_mail_that_is_not_there_is_not_found(tmp_path: Path, mail_id: str) -> None:
    (tmp_path.parent / "secret.eml").write_text("x")
    with pytest.raises(NotFound):
        mailbox.one(tmp_path, mail_id)


def test_the_oldest_make_room(tmp_path: Path) -> None:
    for number in range(6):
        mailbox.keep(tmp_path, "a@example.org", "b@example.org", mail(f"No {number}").as_bytes())
    mailbox.prune(tmp_path, kept=2)
    assert [caught.subject for caught in mailbox.mails(tmp_path)] == ["No 5", "No 4"]


def test_a_mail_that_is_no_mail_can_still_be_looked_at(tmp_path: Path) -> None:
    broken = b"Subject: =?utf-9?q?=ff?=\r\nContent-Type: text/plain; charset=klingon\r\nDate: never\r\n\r\n\xff\xfe"
    mailbox.keep(tmp_path, "a@example.org", "b@example.org\r\nX-Evil: 1", broken)
    (caught,) = mailbox.mails(tmp_path)
    assert caught.recipient == "b@example.org X-Evil: 1"
    assert isinstance(caught.text, str) and caught.html == ""


def test_letters_can_be_sent_into_a_folder_and_a_second_copy_takes_the_first_one_s_place(
    db: Database, clock: Clock, tmp_path: Path
) -> None:
    folder = tmp_path / "out of the house"
    transport = open_transport(f"file://{str(folder).replace(' ', '%20')}")
    office = Office(db, clock, transport)
    office.write("galileo", "kepler")
    assert office.send().accepted == 2
    first = transport.connect()
    for _ in range(2):
        (latest, *_) = mailbox.mails(folder)
        assert latest.text.startswith("The sky tonight.")
    first.close()
    assert {caught.recipient for caught in mailbox.mails(folder)} == {
        "galileo@example.org",
        "kepler@example.org",
    }


def test_the_same_mail_kept_twice_under_one_name_is_one_file(tmp_path: Path) -> None:
    for _ in range(2):
        mailbox.keep(tmp_path, "a@example.org", "b@example.org", mail().as_bytes(), "ab" * 12)
    assert len(mailbox.mails(tmp_path)) == 1


def test_nobody_else_on_the_machine_reads_the_mails(tmp_path: Path) -> None:
    mailbox.keep(tmp_path / "data" / "mailbox", "a@example.org", "b@example.org", b"Subject: Hello\r\n\r\n")
    assert (tmp_path / "data" / "mailbox").stat().st_mode & 0o077 == 0
