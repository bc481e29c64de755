"""Questions and answers on one connection: replies matched in order, patience, and how much of it the system took. Used by ``pipelining``."""

import asyncio
from collections import deque
from enum import StrEnum

from newsletter.delivery.dialling import BROKE, CLOSED, LATE, Opened
from newsletter.delivery.replies import Replies, Reply
from newsletter.delivery.verdicts import GARBAGE, NO_ANSWER, Phase

CONFUSED = "The server spoke without being asked."
_ABANDONED = "We broke the connection off."
_PARTING = 5.0
"""Seconds at most for the answer to QUIT: everything has been said."""


class Aside(StrEnum):
    """What is asked of the server beside the phases of a letter."""

    RESET = "reset"
    EMPTY_TEXT = "empty text"
    QUIT = "quit"


Step = Phase | Aside


class Asking(asyncio.Protocol):
    """``awaited`` are the questions that have no answer yet, oldest first. Whoever extends it says what an answer means."""

    uneventful: frozenset[Step] = frozenset()
    """A 250 to one of these says only that the talk goes on; nobody needs to hear it."""

    def __init__(self, opened: Opened, timeout: float) -> None:
        self.transport = opened.transport
        self.awaited: deque[Step] = deque()
        self.is_over = self.by_wish = self.is_late = self.is_clogged = False
        self.replies = Replies()
        self.loop = asyncio.get_running_loop()
        self._raw, self._timeout = opened.raw, timeout
        self._deadline = 0.0
        self._timer: asyncio.TimerHandle | None = None
        # Told at the first byte that the system does not take: only so is known whether a text is wholly out. Beneath encryption
        # nobody tells; a line that breaks in the middle of a long text there leaves its letter in doubt, which is safe.
        self._raw.set_write_buffer_limits(high=0)
        if self.transport is not self._raw:
            self.transport.set_write_buffer_limits(high=1, low=0)
        self.transport.set_protocol(self)

    def hear(self, step: Step, reply: Reply) -> None:
        """The answer to ``step``, which is awaited no longer."""
        raise NotImplementedError

    def move(self) -> None:
        """All that was read has been heard: writes what may be written now."""
        raise NotImplementedError

    def settle(self, words: str, code: int) -> None:
        """The connection is over, in the middle of whatever was on it. Called once or twice."""
        raise NotImplementedError

    def lost(self) -> None:
        """The very end."""
        raise NotImplementedError

    def data_received(self, data: bytes) -> None:
        """Nothing is written before all that was read has been heard: an answer that came before its question is none."""
        replies, awaited = self.replies.feed(data), self.awaited
        for reply in replies:
            if self.is_over:
                return
            if awaited:
                step = awaited.popleft()
                if reply.code != 250 or step not in self.uneventful:
                    self.hear(step, reply)
            elif reply.code == 421:
                self.break_off(CLOSED)
            else:
                self.break_off(CONFUSED, GARBAGE)
        if replies and not self.is_over:
            self.move()
            self.wait()

    def pause_writing(self) -> None:
        self.is_clogged = True

    def resume_writing(self) -> None:
        self.is_clogged = False
        self.wait()

    def eof_received(self) -> None:
        """Nobody reads what we might still have to say."""
        self.hang_up()

    def connection_lost(self, error: Exception | None) -> None:
        self.is_over = True
        self.settle(_ABANDONED if self.by_wish else BROKE if error else CLOSED, NO_ANSWER)
        self.unwind()
        self.lost()

    def abort(self) -> None:
        self.by_wish = True
        self.hang_up()

    def hang_up(self) -> None:
        self.is_over = True
        self.transport.abort()

    def break_off(self, words: str, code: int = NO_ANSWER) -> None:
        self.hang_up()
        self.settle(words, code)

    def quit(self) -> None:
        self.awaited.append(Aside.QUIT)
        self.transport.write(b"QUIT\r\n")
        self.unwind()
        self.wait()

    def wait(self) -> None:
        """A reply has its time from the moment when it is the oldest that is awaited. The timer is set anew only when it has rung."""
        if self.is_over or not self.awaited:
            return
        patience, oldest = self._timeout, self.awaited[0]
        if oldest is Phase.END and not self.is_clogged:
            patience *= 2  # giving up on it means a second copy
        elif oldest is Aside.QUIT:
            patience = min(patience, _PARTING)
        self._deadline = self.loop.time() + patience
        if not self._timer:
            self._timer = self.loop.call_later(min(patience, self._timeout), self._ring)

    def unwind(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _ring(self) -> None:
        self._timer = None
        left = self._deadline - self.loop.time()
        if self.is_over or not self.awaited:
            return
        if left > 0.001:
            self._timer = self.loop.call_later(min(left, self._timeout), self._ring)
            return
        for transport in (self.transport, self._raw):
            self.is_clogged = self.is_clogged or transport.get_write_buffer_size() > 0
        self.is_late = True
        self.break_off(LATE)
