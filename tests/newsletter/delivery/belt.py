"""An engine for one test: it hands letters to one connection after the other and notes what became of each."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Any, TypeVar

from newsletter.delivery.claiming import Claimed
from newsletter.delivery.model import EDITION, LetterId, LetterState
from newsletter.delivery.packing import Load
from newsletter.delivery.parcels import LetterView, Parcel
from newsletter.delivery.pipelining import Pipelined
from newsletter.delivery.smtp import NoLine
from newsletter.delivery.supplying import Connection
from newsletter.delivery.verdicts import Answer, Phase
from tests.mailserver import RecordingServer

_T = TypeVar("_T")
LOOP: ContextVar[Callable[[], asyncio.AbstractEventLoop]] = ContextVar("LOOP", default=asyncio.new_event_loop)
LOOPS = [asyncio.new_event_loop]
if find_spec("uvloop"):
    LOOPS.append(import_module("uvloop").new_event_loop)
MESSAGE = b"Message-ID: <1@example.org>\r\nSubject: News\r\n\r\nThe sky.\r\n.hidden\r\n"
IMPATIENT = 0.5
"""Seconds to wait for a server that falls silent: long enough for one that answers on a busy machine."""


def parcel(name: str = "galileo", message: bytes = MESSAGE, tidy: bool = False) -> Parcel:
    return Parcel("digest@example.org", f"{name}@example.org", message, tidy)


def pipelined_to(server: RecordingServer, timeout: float = 5.0, **more: Any) -> Pipelined:
    return Pipelined("127.0.0.1", server.port, timeout=timeout, hello="tests.example.org", **more)


class Belt:
    """``story`` is what happened, in order; ``answers`` has the answers by the reader's name."""

    def __init__(self, *parcels: Parcel) -> None:
        self.waiting = [Load(_claimed(number), each) for number, each in enumerate(parcels)]
        self.story: list[str] = []
        self.answers: dict[str, Answer] = {}
        self.on: Callable[[str], None] = lambda what: None
        self.missing = len(parcels)
        self.connection: Connection | None = None
        self.stirred = asyncio.Event()
        self.back_to = 0

    def take(self) -> Load | None:
        return self.waiting.pop(0) if self.waiting else None

    def begins(self, load: Load) -> None:
        self._note(f"begins {name_of(load)}")

    def answered(self, load: Load, answer: Answer) -> None:
        assert name_of(load) not in self.answers, "a letter has one answer"
        self.answers[name_of(load)] = answer
        self.missing -= 1
        self._note(f"answered {name_of(load)}")

    def accepted(self, load: Load, reply: str) -> None:
        self.answered(load, Answer(Phase.END, 250, reply))

    def give_back(self, load: Load) -> None:
        self.waiting.insert(self.back_to, load)
        self._note(f"given back {name_of(load)}")

    def lost(self, connection: Connection) -> None:
        assert connection is self.connection, "a connection is lost once"
        self.connection = None
        self._note("lost")

    async def carry(self, smtp: Pipelined) -> None:
        """Opens connections until every letter has its answer, then takes leave."""
        while self.missing:
            self.connection = await smtp.connect(self)
            while self.connection:
                await self.stirs()
                if not self.missing and self.connection:
                    self.connection.finish()

    async def stirs(self) -> None:
        await asyncio.wait_for(self.stirred.wait(), 20)
        self.stirred.clear()

    def codes(self) -> dict[str, int]:
        return {name: answer.code for name, answer in self.answers.items()}

    def _note(self, what: str) -> None:
        self.story.append(what)
        self.stirred.set()
        self.on(what)


def _claimed(number: int) -> Claimed:
    written = datetime(2026, 11, 22, 6, tzinfo=UTC)
    letter = LetterView(LetterId(number), "digest", 1, number, f"reader{number}@example.org", None, written)
    return Claimed(letter, LetterState.READY, 0, 0, EDITION, written, False)


def name_of(load: Load) -> str:
    return load.parcel.recipient.partition("@")[0]


def carry(smtp: Pipelined, *parcels: Parcel) -> Belt:
    belt = Belt(*parcels or (parcel(),))
    run(belt.carry(smtp))
    return belt


def run(work: Coroutine[Any, Any, _T]) -> _T:
    """On whichever event loop the test asks for, in a thread of its own: a browser's may be running in this one."""
    factory = LOOP.get()

    def in_a_loop() -> _T:
        with asyncio.Runner(loop_factory=factory) as runner:
            return runner.run(work)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(in_a_loop).result()


def refusal(smtp: Pipelined) -> Answer:
    async def try_it() -> Answer:
        try:
            connection = await smtp.connect(Belt())
        except NoLine as stopped:
            return stopped.answer
        connection.abort()
        raise AssertionError("the server let us in")

    return run(try_it())
