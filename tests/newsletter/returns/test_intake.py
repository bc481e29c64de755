"""How what came back comes in: by a mailbox, over real IMAP, and by our own listener, over real SMTP."""

import smtplib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from imap_tools import MailboxLoginError
from sqlalchemy.exc import OperationalError

from blog.db import Database
from newsletter.delivery.paths import return_path
from newsletter.returns import listener, mailbox_imap, reports, visiting
from newsletter.subscribers.model import SubscriberState
from tests.newsletter.returns.conftest import BOUNCES, KEYS, SECRET, Backroom, status
from tests.newsletter.returns.imapserver import Folder, imap_server


def mail_to(path: str, words: str = "550 5.1.1 no such user") -> bytes:
    return f"Delivered-To: {path}\r\n".encode() + status(words)


def collect(room: Backroom, folder: Folder, query: str = "", password: str = "a%20secret") -> int:
    url = f"imap://reader%40example.org:{password}@127.0.0.1:{folder.port}/INBOX{query}"
    return mailbox_imap.collect(url, room.db, room.now, KEYS, lambda *_: None)


def test_new_mails_are_taken_from_a_mailbox_and_marked_as_seen(room: Backroom) -> None:
    reader = room.reader()
    path = return_path(BOUNCES, SECRET, room.letter(reader))
    with imap_server(mail_to(path), b"Subject: Hello\r\n\r\nNo report.") as folder:
        assert collect(room, folder) == 2
        assert folder.seen == {1, 2} and folder.moved == {}
        assert collect(room, folder) == 0
    assert room.state(reader) == SubscriberState.BOUNCED
    assert any("BODY.PEEK[]<0." in command for command in folder.commands)


def test_they_are_moved_where_the_settings_say_so(room: Backroom) -> None:
    with imap_server(b"Subject: Hello\r\n\r\nHi.") as folder:
        assert collect(room, folder, "?move=Done") == 1
        assert folder.moved == {1: "Done"}


def test_what_could_not_be_kept_stays_new(room: Backroom, tmp_path: Path) -> None:
    away = Backroom(Database(f"sqlite:///{tmp_path}/nowhere/at.db"), room.now)
    with imap_server(mail_to(return_path(BOUNCES, SECRET, 1))) as folder:
        with pytest.raises(OperationalError):
            collect(away, folder)
        assert folder.seen == set()
    away.db.close()


def test_a_mail_that_nobody_can_read_does_not_hold_up_the_others(
    room: Backroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(raw: bytes) -> tuple[reports.Report, ...]:
        if b"odd" in raw:
            raise RuntimeError
        return found(raw)

    found = reports.read
    monkeypatch.setattr(reports, "read", read)
    reader = room.reader()
    path = return_path(BOUNCES, SECRET, room.letter(reader))
    with imap_server(b"Subject: odd\r\n\r\n", mail_to(path)) as folder:
        assert collect(room, folder) == 2
    assert room.state(reader) == SubscriberState.BOUNCED


def test_a_wrong_password_is_said_and_not_shown(room: Backroom) -> None:
    with imap_server() as folder:
        with pytest.raises(MailboxLoginError) as error:
            collect(room, folder, password="wrong-word")
    assert "wrong-word" not in str(error.value)


def test_of_a_mailbox_that_stays_shut_the_administrators_hear_once_a_day(room: Backroom) -> None:
    def visits(number: int, password: str, hours: int = 0) -> int:
        url = f"imap://reader%40example.org:{password}@127.0.0.1:{folder.port}/INBOX"
        at, hear = room.now + timedelta(hours=hours), lambda *said: room.alarms.append(said)
        return sum(visiting.visit(url, room.db, at, KEYS, hear) for _ in range(number))

    with imap_server(b"Subject: Hello\r\n\r\nNo report.") as folder:
        assert visits(9, "wrong-word") == 0 and room.alarms == []
        assert visits(1, "a%20secret") == 1, "it was away and is back"
        visits(9, "wrong-word")
        assert room.alarms == []
        visits(30, "wrong-word")
        visits(10, "wrong-word", hours=25)
    (subject, words), _ = room.alarms
    assert subject == "The mailbox for returned mail cannot be read"
    assert "10 times" in words and "wrong-word" not in words and "example.org" not in words


def test_a_mailbox_that_is_set_wrongly_is_told_too(room: Backroom) -> None:
    for _ in range(10):
        visiting.visit("imaps://host/INBOX", room.db, room.now, KEYS, lambda *said: room.alarms.append(said))
    assert "give an address like" in room.alarms[0][1]


@pytest.mark.parametrize("url", ["", "pop3://u:secret@h/x", "imaps://host/INBOX", "imaps:///INBOX"])
def test_an_address_of_no_mailbox_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ValueError, match="imaps://user:password@host") as error:
        mailbox_imap.place(url)
    assert "secret" not in str(error.value)


def test_the_parts_of_a_mailbox_s_address_are_read() -> None:
    where = mailbox_imap.place("imaps://me%40example.org:p%2Fw@imap.example.org/Returns/New?move=Old")
    assert (where.host, where.port, where.user, where.password) == (
        "imap.example.org", 993, "me@example.org", "p/w",
    )  # fmt: skip
    assert (where.folder, where.move, where.is_secure) == ("Returns/New", "Old", True)


@contextmanager
def listening(room: Backroom) -> Iterator[smtplib.SMTP]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    stop = threading.Event()
    given = (room.db, "127.0.0.1", port, KEYS, lambda: room.now, lambda *_: None, stop)
    thread = threading.Thread(target=listener.serve, args=given)
    thread.start()
    try:
        with _knock(port) as smtp:
            yield smtp
    finally:
        stop.set()
        thread.join()


def _knock(port: int) -> smtplib.SMTP:
    while True:
        try:
            return smtplib.SMTP("127.0.0.1", port, local_hostname="test", timeout=5)
        except ConnectionRefusedError:
            continue


def test_the_listener_takes_mail_for_our_return_paths_and_for_nobody_else(room: Backroom) -> None:
    reader = room.reader()
    path = return_path(BOUNCES, SECRET, room.letter(reader))
    with listening(room) as smtp:
        smtp.ehlo()
        assert int(smtp.esmtp_features["size"]) == listener.LARGEST
        smtp.mail("")
        for strange in ("reader@example.com", "bounces+1.aaaaaaaaaaaa@example.org", "postmaster@example.org"):
            assert smtp.rcpt(strange)[0] == 550
        assert smtp.rcpt(BOUNCES)[0] == 250
        smtp.rset()
        smtp.sendmail("", [path], status("550 5.1.1 no such user"))
    assert room.state(reader) == SubscriberState.BOUNCED
    assert [row.via for row in room.rows()] == ["listener"]
