"""The cheapest mail server that still is one, as a process of its own: it looks for the dot and says 250, as late as it is told.

``python -m bench.cheap COUNT [MILLISECONDS]``; started by ``bench.sinks``.
"""

import asyncio
import sys
import time
from collections import deque
from pathlib import Path
from typing import cast

from bench.counting import Count

SOON = 0.005
"""Seconds after its last words at which a connection closes."""
DOT = b"\r\n.\r\n"
OK, GO, BYE = b"250 2.0.0 Ok\r\n", b"354 End with a dot\r\n", b"221 2.0.0 Bye\r\n"
MANY = b"\r\nList-Unsubscribe:"
"""What a mail to many bears, and a confirmation does not."""
HELLO = b"250-sink\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250 8BITMIME\r\n"


class Talk(asyncio.Protocol):
    """One connection. Commands that come together are answered together (RFC 2920)."""

    def __init__(self, count: Count, late: float) -> None:
        self.count, self.late = count, late
        self.rest, self.in_text = b"", False
        self.kept: list[bytes] = []
        self.waiting: deque[bytes] = deque()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's own inherit from nothing
        self.answer(b"220 sink ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        heard, at, replies = self.rest + data if self.rest else data, 0, []
        while True:
            end = heard.find(DOT, at) if self.in_text else heard.find(b"\n", at)
            if end < 0:
                break
            if self.in_text:
                self.take(heard, at, end)
                at, self.in_text = end + len(DOT), False
                replies.append(OK)
            else:
                replies.append(self.obey(heard[at : at + 4].upper()))
                at = end + 1
        self.rest = heard[at:]
        if self.in_text and len(self.rest) > len(DOT):
            if not self.count.first_at:
                self.kept.append(self.rest[: -len(DOT)])
            self.rest = self.rest[-len(DOT) :]
        if replies:
            self.answer(b"".join(replies))

    def obey(self, verb: bytes) -> bytes:
        if verb == b"DATA":
            self.in_text = True
            return GO
        if verb == b"QUIT":
            asyncio.get_running_loop().call_later(self.late + SOON, self.transport.close)
            return BYE
        return HELLO if verb == b"EHLO" else OK

    def take(self, heard: bytes, at: int, end: int) -> None:
        if not self.count.first_at:
            mail = b"".join([*self.kept, heard[at:end]])
            self.kept.clear()
            if MANY in mail:
                self.count.sample.write_bytes(mail)
                self.count.first_at = time.monotonic()
        self.count.mails += 1

    def answer(self, reply: bytes) -> None:
        if not self.late:
            self.transport.write(reply)
            return
        # In the order in which they were heard, also where two timers end together.
        self.waiting.append(reply)
        asyncio.get_running_loop().call_later(self.late, self.say)

    def say(self) -> None:
        self.transport.write(self.waiting.popleft())


async def serve(count: Count, late: float) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Talk(count, late), "127.0.0.1", 0, backlog=512)
    count.port = server.sockets[0].getsockname()[1]
    await server.serve_forever()


def main() -> None:
    count = Count.open(Path(sys.argv[1]))
    late = float(sys.argv[2]) / 1000 if len(sys.argv) > 2 else 0.0
    try:
        from uvloop import run
    except ImportError:
        run = asyncio.run
    run(serve(count, late))


if __name__ == "__main__":
    main()
