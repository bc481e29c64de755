"""Bodies of requests, gathered before a thread is taken: whoever sends slowly, or nothing, holds nobody else up. Used by ``server``."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from tempfile import SpooledTemporaryFile
from typing import IO, Any

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]

GRACE, LEAST = 20.0, 2048
"""Seconds for a start; bytes a second from then on, on average."""
IN_MEMORY = 1024 * 1024
PIECE = 256 * 1024
FROM_ANYBODY = 4 * 1024 * 1024
"""Bytes; what is larger comes from people who have signed in."""
NOTHING: Message = {"type": "http.request", "body": b"", "more_body": False}


class TooSlow(Exception):
    """Less came than the least that we wait for."""


class Broken(Exception):
    """The visitor has gone in the middle of it."""


class TooLarge(Exception):
    """More came than was said, or than may come."""


def most(headers: Iterable[tuple[bytes, bytes]], for_staff: int) -> int | None:
    """How many bytes the body may have; None where there is none, and 0 where it says that it is larger than that."""
    said = dict(headers)
    if b"content-length" not in said and b"transfer-encoding" not in said:
        return None
    allowed = for_staff if b"cookie" in said else FROM_ANYBODY
    length = said.get(b"content-length", b"")
    return 0 if length.isdigit() and int(length) > allowed else allowed


async def gather(receive: Receive, allowed: int) -> IO[bytes]:
    """The whole body, from its beginning. Raises TooSlow, Broken or TooLarge."""
    loop = asyncio.get_running_loop()
    body = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115, for it goes to the caller open
    taken, until = 0, loop.time() + GRACE
    try:
        while True:
            message = await asyncio.wait_for(receive(), max(until + taken / LEAST - loop.time(), 0))
            if message["type"] != "http.request":
                raise Broken
            taken += body.write(message.get("body", b""))
            if taken > allowed:
                raise TooLarge
            if not message.get("more_body"):
                body.seek(0)
                return body
    except TimeoutError:
        body.close()
        raise TooSlow from None
    except BaseException:
        body.close()
        raise


def told(body: IO[bytes]) -> Receive:
    """Gives it out again, as a server would."""

    async def receive() -> Message:
        piece = body.read(PIECE)
        return {"type": "http.request", "body": piece, "more_body": len(piece) == PIECE}

    return receive


async def nothing() -> Any:
    return NOTHING
