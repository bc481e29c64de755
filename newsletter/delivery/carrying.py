"""The engine: one event loop that keeps the connections in letters and hears what became of them. Run by ``sending``.

Letters come in chunks from the clerk, who works in a thread of its own, onto the belt; connections take from it. What comes in lies
on the tray until the clerk's next turn. Between turns the journal knows what the ledger does not know yet.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from threading import Event

import structlog

from newsletter.delivery.belt import Belt
from newsletter.delivery.clerk import Clerk
from newsletter.delivery.crew import Crew
from newsletter.delivery.failpoints import Failpoints, Step
from newsletter.delivery.journal import Journal
from newsletter.delivery.ledger import Acceptance, Tray
from newsletter.delivery.model import LetterId, LetterState
from newsletter.delivery.outcomes import Outcome, after
from newsletter.delivery.packing import Load
from newsletter.delivery.pausing import REFUSALS_TO_PAUSE
from newsletter.delivery.supplying import Carrier, Connection
from newsletter.delivery.verdicts import (
    BEFORE_RECIPIENT,
    NO_ANSWER,
    Answer,
    Phase,
    Verdict,
    judge,
    without_address,
)

log = structlog.get_logger()

TICK = 0.1
"""Seconds between two looks at whether something changed outside; the ledger is written at least so often, twice over."""
LOOK_AGAIN = 0.5
"""Seconds until a queue that was empty is looked at again while letters are still on the wire."""
LAST_WORDS = 25.0
"""Seconds that a server gets for its last answers when the sender is told to stop."""
GOOD_FOR = 90.0
"""Seconds for which letters on the belt may be sent without having heard from the ledger: well within the lease."""


class Engine:
    """One run. The ``Supplier`` of its connections."""

    def __init__(
        self,
        clerk: Clerk,
        carrier: Carrier,
        journal: Journal,
        now: Callable[[], datetime],
        connections: int,
        most: int | None,
        stop: Event,
        failpoints: Failpoints,
    ) -> None:
        self.states: Counter[str] = Counter()
        self._clerk, self._carrier, self._journal, self._now = clerk, carrier, journal, now
        self._stop, self._failpoints = stop, failpoints
        self._left = most if most is not None else 2**62
        self._belt, self._tray = Belt(), Tray()
        self._crew = Crew(carrier, self, connections)
        self._begun: dict[LetterId, Load] = {}
        self._out = self._answered = self._refusals = 0
        self._is_over = self._is_dry = False
        self._heard_at = self._look_at = self._stopped_at = 0.0
        self._desk = ThreadPoolExecutor(1, thread_name_prefix="clerk")
        self._failure: BaseException | None = None

    async def run(self) -> None:
        """Until nothing is due, ``most`` letters are claimed, sending is paused, the server is away or we are told to stop."""
        self._loop, self._wake = asyncio.get_running_loop(), asyncio.Event()
        self._heard_at = self._loop.time()
        try:
            while not self._is_done():
                await self._step()
        except BaseException as error:
            self._failure = error
            self._end()
            self._crew.abort()
        finally:
            await self._part()
        if failure := self._failure or self._crew.failure:
            raise failure

    async def _step(self) -> None:
        self._heed()
        wanted = self._wanted()
        if wanted or self._is_tray_due():
            await self._turn(wanted)
        else:
            self._wake.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), TICK)
        if not self._is_over:
            self._crew.staff(len(self._belt))

    def take(self) -> Load | None:
        if self._is_over or self._stop.is_set() or self._loop.time() > self._heard_at + GOOD_FOR:
            return None
        load = self._belt.take()
        if load is None or self._belt.is_low:
            self._wake.set()
        if load is not None:
            self._out += 1
            self._failpoints.reach(Step.SENDING)
        return load

    def begins(self, load: Load) -> None:
        letter = load.claimed.letter.id
        load.began = self._loop.time()
        self._begun[letter] = load
        self._journal.begins(letter)
        if self._failpoints.is_armed:
            # By then the text has been written.
            self._loop.call_soon(self._failpoints.reach, Step.DATA_SENT)

    def answered(self, load: Load, answer: Answer) -> None:
        claimed = load.claimed
        letter = claimed.letter.id
        if answer.code == 250 and answer.phase is Phase.END:
            self._failpoints.reach(Step.ACCEPTED_UNRECORDED)
            self._journal.accepted(letter)
            self._tray.accepted.append(
                Acceptance(letter, claimed.attempts + 1, claimed.doubts, _words(answer.reply))
            )
            self._crew.width.answered(self._loop.time() - load.began)
            self._refusals = 0
        else:
            self._heed_answer(load, answer)
        self._begun.pop(letter, None)
        self._out -= 1
        self._answered += 1
        if not self._out or len(self._tray) >= self._belt.length:
            self._wake.set()

    def give_back(self, load: Load) -> None:
        self._out -= 1
        self._belt.put_back(load)
        self._wake.set()

    def lost(self, connection: Connection) -> None:
        self._crew.lost(connection)
        self._wake.set()

    def _heed_answer(self, load: Load, answer: Answer) -> None:
        verdict, letter = judge(answer), load.claimed.letter
        log.info(
            "letter.answered", letter=letter.id, kind=letter.kind, verdict=verdict, phase=answer.phase, code=answer.code
        )  # fmt: skip
        if verdict is not Verdict.UNCERTAIN:
            self._journal.not_taken(letter.id)
        self._tray.others.append(after(load.claimed, verdict, answer, self._now()))
        if verdict is Verdict.REFUSES_US:
            self._refusals += 1
            self._crew.width.refused()
            self._wake.set()
        if verdict is Verdict.AWAY or (
            verdict is Verdict.REFUSES_US and answer.phase in BEFORE_RECIPIENT[:-1]
        ):
            self._give_up(answer, is_counted=True)
        elif self._refusals >= REFUSALS_TO_PAUSE:
            self._end()

    def _heed(self) -> None:
        """What happened outside."""
        if self._stop.is_set() and not self._stopped_at:
            self._stopped_at = self._loop.time()
            self._end()
        if self._stopped_at and self._loop.time() > self._stopped_at + LAST_WORDS:
            self._crew.abort()
        if self._crew.failure:
            self._end()
        if self._crew.barred and not self._crew.open_now:
            self._give_up(self._crew.barred)
        if (
            not len(self._belt)
            and not self._out
            and not len(self._tray)
            and (self._is_dry or self._left <= 0)
        ):
            self._end()

    def _give_up(self, answer: Answer, *, is_counted: bool = False) -> None:
        """The server is away, or will have nothing to do with us: the next run waits for the transport's back-off."""
        if self._is_over:
            return
        self._carrier.backoff.failed(self._now())
        words = without_address(answer.reply)
        words = f"{answer.code} {words}" if answer.code > 0 else words
        if judge(answer) is Verdict.AWAY:
            self._tray.away = words
        elif not is_counted:
            self._tray.refusals.append(words)
        self._end()

    def _end(self) -> None:
        if not self._is_over:
            self._is_over = True
            self._crew.finish()

    def _is_done(self) -> bool:
        return self._is_over and not len(self._crew)

    def _wanted(self) -> int:
        if self._is_over or (self._is_dry and self._loop.time() < self._look_at) or not self._belt.is_low:
            return 0
        return min(self._left, self._belt.length - len(self._belt))

    def _is_tray_due(self) -> bool:
        waited = self._loop.time() - self._heard_at
        return len(self._tray) > 0 and (
            not self._out
            or len(self._tray) >= self._belt.length
            or waited > 2 * TICK
            or self._tray.refuses_us
        )

    async def _turn(self, wanted: int) -> None:
        tray, self._tray, written = self._tray, Tray(), self._journal.head
        self._belt.fit(self._answered, self._crew.open_now, self._loop.time())
        try:
            turn = await self._loop.run_in_executor(self._desk, self._clerk.turn, tray, wanted)
        except BaseException:
            self._tray.precede(tray)
            raise
        self._heard_at = self._loop.time()
        self._journal.forget(written, self._begun)
        self._note(tray)
        if tray.accepted and not self._is_over:
            self._carrier.backoff.well()
        self._tray.others += turn.outcomes
        self._left -= turn.claimed
        if wanted:
            self._is_dry, self._look_at = not turn.claimed, self._heard_at + LOOK_AGAIN
        self._belt.add(turn.loads)
        if turn.loads:
            self._crew.nudge()

    async def _part(self) -> None:
        """Hears the last answers, gives back what never left, and takes leave of the ledger."""
        is_written = False
        try:
            while len(self._crew):
                self._heed()
                self._wake.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), TICK)
            self._tray.unsent += [load.claimed for load in self._belt.clear()]
            self._tray.others += [self._lost_sight_of(load) for load in self._begun.values()]
            await self._loop.run_in_executor(self._desk, self._clerk.take_leave, self._tray)
            self._note(self._tray)
            is_written = True
        finally:
            self._journal.close(is_done=is_written)
            self._desk.shutdown(wait=False)

    def _lost_sight_of(self, load: Load) -> Outcome:
        answer = Answer(Phase.END, NO_ANSWER, "The sender failed before it read the server's answer.")
        return after(load.claimed, Verdict.UNCERTAIN, answer, self._now())

    def _note(self, tray: Tray) -> None:
        if tray.accepted:
            self.states[LetterState.ACCEPTED] += len(tray.accepted)
        self.states.update(outcome.state for outcome in tray.others)


def _words(reply: str) -> str:
    return reply if reply.isprintable() and "@" not in reply and len(reply) <= 300 else without_address(reply)
