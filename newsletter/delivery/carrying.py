"""The engine: one event loop that keeps the connections in letters and hears what became of them. Run by ``sending``.

Letters come in chunks from the clerk, who works in a thread of its own, onto the belt; connections take from it. What comes in lies
on the tray until the clerk's next turn. Between turns the journal knows what the ledger does not know yet.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from time import monotonic

from sqlalchemy.exc import SQLAlchemyError

from newsletter.delivery.belt import LEAST, Belt
from newsletter.delivery.crew import Crew
from newsletter.delivery.failpoints import Step
from newsletter.delivery.hearing import Hearing
from newsletter.delivery.means import Means
from newsletter.delivery.model import LetterId
from newsletter.delivery.packing import Load
from newsletter.delivery.pausing import REFUSALS_TO_PAUSE
from newsletter.delivery.supplying import Connection
from newsletter.delivery.verdicts import BEFORE_RECIPIENT, Answer, Phase, Verdict, judge, without_address

TICK = 0.1
"""Seconds between two looks at whether something changed outside; the ledger is written at least every second one."""
LOOK_AGAIN = 0.5
"""Seconds until a queue that was empty is looked at again while letters are still on the wire."""
SOON = 2.0
"""Seconds that a run waits for its pace; for longer than that it ends, and another begins when it is time."""
LAST_WORDS = 25.0
"""Seconds that a server gets for its last answers when the sender is told to stop."""
GOOD_FOR = 90.0
"""Seconds for which letters on the belt may be sent without having heard from the ledger: well within the lease."""
SIGN_OF_LIFE = 30.0
"""Seconds without a turn after which one is taken for the lease's sake."""
AT_A_DOOR = 0.05
"""Seconds until a letter that waits at its domain's door asks again."""


class Engine:
    """One run. The ``Supplier`` of its connections."""

    def __init__(self, means: Means, most: int | None) -> None:
        self.hearing = Hearing(means.journal, means.gate, means.now, means.failpoints)
        self._means = means
        self._left = most if most is not None else 2**62
        self._belt = Belt(means.doors)
        self._crew = Crew(means.carrier, self, means.connections)
        self._out: set[Load] = set()
        """With a connection."""
        self._begun: dict[LetterId, Load] = {}
        """Those of them whose texts have begun."""
        self._answered = 0
        self._full_at = 0
        """So many letters will have been answered when the tray is to be written down."""
        self._is_over = self._is_dry = False
        self._heard_at = self._asked_at = self._look_at = self._stopped_at = 0.0
        self._rings_at = 0.0
        self._desk = ThreadPoolExecutor(1, thread_name_prefix="clerk")
        self._failure: BaseException | None = None

    async def run(self) -> None:
        """Until nothing is due, ``most`` letters are claimed, sending is paused, the server is away or we are told to stop."""
        self._loop, self._wake = asyncio.get_running_loop(), asyncio.Event()
        self._heard_at = self._asked_at = monotonic()
        try:
            while not self._is_done():
                await self._step()
        except BaseException as error:
            self._failure = error
            self._end()
            if not isinstance(error, SQLAlchemyError):
                # Others may be sending our letters by now. A database that is away is no reason not to hear the last answers.
                self._crew.abort()
        finally:
            await self._part()
        if failure := self._failure or self._crew.failure:
            raise failure

    def take(self) -> Load | None:
        now = monotonic()
        if self._is_over or self._means.stop.is_set() or now > self._heard_at + GOOD_FOR:
            return None
        load = self._belt.take(now)
        if load is None and len(self._belt):
            self._ring(max(self._belt.next_slot - now, AT_A_DOOR if self._means.doors else 0.0))
        if load is None or self._belt.is_low:
            self._wake.set()
        if load is not None:
            self._out.add(load)
            if self._means.failpoints.is_armed:
                self._means.failpoints.reach(Step.SENDING)
        return load

    def begins(self, load: Load) -> None:
        load.began = monotonic()
        self._begun[load.id] = load
        self._means.journal.begins(load.id)
        if self._means.failpoints.is_armed:
            # By then the text has been written.
            self._loop.call_soon(self._means.failpoints.reach, Step.DATA_SENT)

    def accepted(self, load: Load, reply: str) -> None:
        self.hearing.accepted(load, reply)
        self._crew.width.answered(monotonic() - load.began)
        self._done_with(load)

    def answered(self, load: Load, answer: Answer) -> None:
        if answer.code == 250 and answer.phase is Phase.END:
            self.accepted(load, answer.reply)
        else:
            self._heed_answer(load, answer)
            self._done_with(load)

    def _done_with(self, load: Load) -> None:
        self._begun.pop(load.id, None)
        self._belt.done_with(load)
        self._out.discard(load)
        self._answered += 1
        if not self._out or self._answered >= self._full_at:
            self._wake.set()

    def give_back(self, load: Load) -> None:
        self._out.discard(load)
        self._belt.put_back(load)
        # Others may be idle by now, and nothing else might ever come for them.
        self._loop.call_soon(self._crew.nudge)
        self._wake.set()

    def lost(self, connection: Connection) -> None:
        self._crew.lost(connection)
        self._wake.set()

    def _heed_answer(self, load: Load, answer: Answer) -> None:
        verdict = self.hearing.heard(load, answer)
        if verdict is Verdict.REFUSES_US:
            self._crew.width.refused()
            self._wake.set()
        if verdict is Verdict.AWAY or (
            verdict is Verdict.REFUSES_US and answer.phase in BEFORE_RECIPIENT[:-1]
        ):
            self._give_up(answer, is_counted=True)
        elif self.hearing.refusals >= REFUSALS_TO_PAUSE:
            self._end()

    def _ring(self, seconds: float) -> None:
        """There will be letters again after so long."""
        now = monotonic()
        if not now < self._rings_at <= now + seconds:
            self._rings_at = now + seconds
            self._loop.call_later(seconds, self._crew.nudge)

    async def _step(self) -> None:
        self._heed()
        wanted = self._wanted()
        if wanted or self._is_tray_due() or monotonic() > self._heard_at + SIGN_OF_LIFE:
            await self._turn(wanted)
        elif monotonic() > self._asked_at + LOOK_AGAIN and not self._is_over:
            await self._turn(min(LEAST, self._left), is_urgent=True)
        else:
            await self._rest()
        if not self._is_over:
            self._crew.staff(len(self._belt))

    async def _rest(self) -> None:
        self._wake.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), TICK)

    def _heed(self) -> None:
        """What happened outside, and what time has done."""
        now = monotonic()
        if self._means.stop.is_set() and not self._stopped_at:
            self._stopped_at = now
            self._end()
        if self._stopped_at and now > self._stopped_at + LAST_WORDS:
            self._crew.abort()
        if self._crew.failure:
            self._end()
        if self._crew.barred and not self._crew.open_now:
            self._give_up(self._crew.barred)
        late = self._belt.take_late(now)
        self.hearing.tray.unsent += [load.claimed for load in late]
        self.hearing.tray.unused += len(late)
        is_idle = not (len(self._belt) or self._out or len(self.hearing.tray))
        if is_idle and (self._is_dry or self._left <= 0):
            self._end()

    def _give_up(self, answer: Answer, *, is_counted: bool = False) -> None:
        """The server is away, or will have nothing to do with us: the next run waits for the transport's back-off."""
        if self._is_over:
            return
        self._means.carrier.backoff.failed(self._means.now())
        words = f"{answer.code if answer.code > 0 else ''} {without_address(answer.reply)}".strip()
        if judge(answer) is Verdict.AWAY:
            self.hearing.tray.away = words
        elif not is_counted:
            self.hearing.tray.refuse(words)
        self._end()

    def _end(self) -> None:
        if not self._is_over:
            self._is_over = True
            self._crew.finish()

    def _is_done(self) -> bool:
        return self._is_over and not len(self._crew)

    def _wanted(self) -> int:
        if self._is_over or monotonic() < self._look_at or not self._belt.is_low:
            return 0
        return min(self._left, self._belt.room)

    def _is_tray_due(self) -> bool:
        tray, is_old = self.hearing.tray, monotonic() > self._heard_at + 2 * TICK
        is_last = not (self._out or len(self._belt))
        return len(tray) > 0 and (is_last or is_old or len(tray) >= self._belt.length or tray.refuses_us)

    async def _turn(self, wanted: int, *, is_urgent: bool = False) -> None:
        """With ``is_urgent`` only for letters that somebody waits for: they overtake whatever lies on the belt."""
        tray, written = self.hearing.take_tray(), self._means.journal.head
        self._belt.fit(self._answered, self._crew.hands, monotonic())
        self._full_at = self._answered + self._belt.length
        try:
            turn = await self._loop.run_in_executor(
                self._desk, self._means.clerk.turn, tray, wanted, is_urgent
            )
        except BaseException:
            self.hearing.tray.precede(tray)
            raise
        self._heard_at = monotonic()
        if wanted:
            self._asked_at = self._heard_at
        self._means.journal.forget(written, self._begun)
        self.hearing.written(tray)
        if tray.accepted and not self._is_over:
            self._means.carrier.backoff.well()
        for outcome in turn.outcomes:
            self.hearing.tray.add(outcome)
        self._left -= turn.claimed
        if turn.failure:
            raise turn.failure
        if wanted and not is_urgent:
            self._plan(turn.claimed, turn.again)
        self._belt.add(turn.loads)
        if len(self._belt):
            self._crew.nudge()

    def _plan(self, claimed: int, again: float | None) -> None:
        """When to ask for letters again."""
        waits = again is not None and again <= SOON
        self._is_dry = not claimed and not waits
        if waits:
            self._look_at = self._heard_at + (again or 0.0)
        else:
            self._look_at = self._heard_at + LOOK_AGAIN if self._is_dry else 0.0

    async def _part(self) -> None:
        """Hears the last answers, gives back what never left, and takes leave of the ledger."""
        is_written = False
        try:
            while len(self._crew):
                self._heed()
                await self._rest()
            unsent = self._belt.clear()
            tray = self.hearing.tray
            tray.unsent += [load.claimed for load in unsent]
            tray.unused += len(unsent)
            for load in self._out:
                # Only a fault of our own leaves any here.
                self._belt.done_with(load)
                if load.id in self._begun:
                    self.hearing.lost_sight_of(load)
                else:
                    tray.unsent.append(load.claimed)
            await self._loop.run_in_executor(self._desk, self._means.clerk.take_leave, tray)
            self.hearing.written(tray)
            is_written = True
        finally:
            self._means.journal.close(is_done=is_written)
            self._desk.shutdown(wait=False)
