"""The judge of what came: a lean SMTP server in a process of its own, ``python tests/faults/recorder.py RECORD``.

Each mail stands in RECORD before its 250 goes out. It prints its two ports: one for mail, one on which a test may ask it to tell
when so many mails have come, or to answer badly. Lines of RECORD, which several recorders may share:

``M moment connection recipient message-id sha256``  a mail;   ``O moment connection``  a connection begins
``Q moment connection``  it ended by QUIT or by our wish;      ``B moment connection``  it broke;   ``K moment -``  a kill comes next
"""

import asyncio
import hashlib
import os
import re
import sys
import time
from contextlib import suppress
from itertools import count
from typing import Any

try:
    from uvloop import new_event_loop
except ImportError:
    from asyncio import new_event_loop

GREETING = b"250-recorder\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-SIZE 20000000\r\n"
END = b"\r\n.\r\n"
OWN = re.compile(rb"^Message-ID:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
NUMBERS = count(1)


class Record:
    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.mails, self.bad_answers, self.open_now = 0, 0, 0
        self.recipients: set[str] = set()
        self.bad: dict[str, str] = {}
        """Step -> the answer that is given there instead of the usual one; empty: the line is cut."""
        self.waiting: list[tuple[str, int, asyncio.Future[None]]] = []

    def write(self, lines: list[str]) -> None:
        os.write(self._file, "".join(lines).encode())

    def note(self, what: str, connection: str) -> None:
        self.write([f"{what} {time.time():.6f} {connection}\n"])

    def tell(self) -> None:
        """Whoever waits for as many."""
        for waiter in self.waiting[:]:
            what, number, future = waiter
            if self.number(what) >= number:
                self.waiting.remove(waiter)
                if not future.done():
                    future.set_result(None)

    def number(self, what: str) -> int:
        return {"mails": self.mails, "readers": len(self.recipients), "bad": self.bad_answers}[what]


class Line(asyncio.Protocol):
    """One connection. What a packet brings is answered with one."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.name = f"{os.getpid()}.{next(NUMBERS)}"
        self.buffer, self.seen, self.recipient = bytearray(), 0, ""
        self.has_sender = self.has_recipient = False
        self.in_data = self.is_over = False
        self.lines: list[str] = []
        self.replies: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport
        self.record.note("O", self.name)
        self.answer("connect", b"220 recorder ESMTP\r\n")
        self.flush()

    def connection_lost(self, error: Exception | None) -> None:
        self.record.note("Q" if self.is_over else "B", self.name)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while not self.is_over and (self.take_mail() if self.in_data else self.take_command()):
            pass
        self.flush()

    def flush(self) -> None:
        """The record first, then the answers."""
        if self.lines:
            self.record.write(self.lines)
            self.record.mails += len(self.lines)
            self.lines.clear()
        self.transport.write(b"".join(self.replies))
        self.replies.clear()
        if self.is_over:
            self.transport.close()
        self.record.tell()

    def take_command(self) -> bool:
        end = self.buffer.find(b"\n")
        if end < 0:
            return False
        line = bytes(self.buffer[:end])
        del self.buffer[: end + 1]
        self.command(line[:4].upper().strip(), line)
        return True

    def command(self, verb: bytes, line: bytes) -> None:
        match verb:
            case b"EHLO":
                auth = b"250 AUTH PLAIN\r\n" if "auth" in self.record.bad else b"250 ENHANCEDSTATUSCODES\r\n"
                self.answer("ehlo", GREETING + auth)
            case b"AUTH":
                self.answer("auth", b"235 2.7.0 Welcome\r\n")
            case b"MAIL":
                self.has_sender, self.has_recipient = self.answer("mail", b"250 2.1.0 Ok\r\n"), False
            case b"RCPT" if self.has_sender:
                self.recipient = line[line.find(b"<") + 1 : line.rfind(b">")].decode("utf-8", "replace")
                self.has_recipient = self.answer("rcpt", b"250 2.1.5 Ok\r\n")
            case b"RCPT" | b"DATA" if not self.has_recipient:
                self.replies.append(b"503 5.5.1 Out of turn\r\n")
            case b"DATA":
                self.in_data, self.seen = self.answer("data", b"354 Go on\r\n"), 0
            case b"QUIT":
                self.replies.append(b"221 2.0.0 Bye\r\n")
                self.is_over = True
            case _:
                self.replies.append(b"250 2.0.0 Ok\r\n")

    def take_mail(self) -> bool:
        end = self.buffer.find(END, max(0, self.seen - len(END)))
        if end < 0:
            self.seen = len(self.buffer)
            return False
        message = bytes(self.buffer[: end + 2]).replace(b"\r\n..", b"\r\n.")
        del self.buffer[: end + len(END)]
        self.in_data = False
        if self.answer("dot", b"250 2.0.0 Kept\r\n"):
            found = OWN.search(message)
            own = found[1].decode("ascii", "replace") if found else "-"
            told = hashlib.sha256(message).hexdigest()
            self.lines.append(f"M {time.time():.6f} {self.name} {self.recipient} {own} {told}\n")
            self.record.recipients.add(self.recipient)
        return True

    def answer(self, step: str, usual: bytes) -> bool:
        """True when it was the usual one."""
        if step not in self.record.bad:
            self.replies.append(usual)
            return True
        self.record.bad_answers += 1
        reply = self.record.bad[step]
        self.replies.append(f"{reply}\r\n".encode() if reply else b"")
        self.is_over = not reply or step == "connect" or reply.startswith("421")
        return False


async def talk_with_test(record: Record, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """``until mails|readers|bad N``, ``number mails|readers|bad``, ``kill``, ``say STEP [REPLY]``, ``well``; each is answered by a line."""
    while line := (await reader.readline()).decode():
        verb, *words = line.rstrip("\n").split(" ", 2)
        said = "ok"
        match verb:
            case "until":
                future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                record.waiting.append((words[0], int(words[1]), future))
                record.tell()
                await future
            case "number":
                said = str(record.number(words[0]))
            case "kill":
                record.note("K", "-")
            case "say":
                record.bad[words[0]] = words[1] if len(words) > 1 else ""
            case "well":
                record.bad.clear()
        writer.write(f"{said}\n".encode())
        with suppress(ConnectionError):  # It would not wait so long.
            await writer.drain()
    writer.close()


async def serve(path: str) -> None:
    record, loop = Record(path), asyncio.get_running_loop()
    mail = await loop.create_server(lambda: Line(record), "127.0.0.1", 0, backlog=500)
    talk = await asyncio.start_server(lambda r, w: talk_with_test(record, r, w), "127.0.0.1", 0)
    print(*(server.sockets[0].getsockname()[1] for server in (mail, talk)), flush=True)  # noqa: T201
    await asyncio.Event().wait()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(serve(sys.argv[1]))
