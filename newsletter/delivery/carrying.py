"""The threads that carry letters to the server, one connection each, and what they share during one run of ``sending``."""

import threading
from collections import Counter, deque
from collections.abc import Callable, Sequence
from datetime import datetime

import structlog

from blog.db import Database
from newsletter.delivery import pausing
from newsletter.delivery.failpoints import Failpoints, Step
from newsletter.delivery.ledger import Ledger
from newsletter.delivery.outcomes import Outcome, after
from newsletter.delivery.packing import Load
from newsletter.delivery.smtp import NoLine
from newsletter.delivery.transport import Line, Transport
from newsletter.delivery.verdicts import BEFORE_RECIPIENT, Answer, Verdict, judge, without_address

log = structlog.get_logger()

_GLANCE = 0.2
"""Seconds between two looks at whether the run is to end."""


class Run:
    """One run: the belt of loads, the threads that take from it, and the reasons to end."""

    def __init__(
        self,
        db: Database,
        transport: Transport,
        ledger: Ledger,
        now: Callable[[], datetime],
        connections: int,
        stop: threading.Event,
        failpoints: Failpoints,
    ) -> None:
        self.db, self.transport, self.ledger, self.now, self.failpoints = (
            db,
            transport,
            ledger,
            now,
            failpoints,
        )
        self.states: Counter[str] = Counter()
        self.failure: BaseException | None = None
        self._connections, self._stop, self._halted = connections, stop, threading.Event()
        self._belt: deque[Load] = deque()
        self._moved = threading.Condition()
        self._closed = False
        self._threads: list[threading.Thread] = []
        self._dialling = self._open = 0

    def is_over(self) -> bool:
        return self._stop.is_set() or self._halted.is_set()

    def offer(self, load: Load, meanwhile: Callable[[], None]) -> bool:
        """Puts a load on the belt when there is room, and a thread to it while there may be more. False when nobody will take it."""
        with self._moved:
            if len(self._threads) < self._connections:
                self._hire()
            while len(self._belt) >= 2 * self._connections and self._is_manned():
                self._moved.wait(_GLANCE)
                meanwhile()
            self._belt.append(load)
            self._moved.notify()
            return self._is_manned()

    def finish(self, meanwhile: Callable[[], None]) -> None:
        """No more loads: returns when every thread has come to its end."""
        with self._moved:
            self._closed = True
            self._moved.notify_all()
        for thread in self._threads:
            while thread.is_alive():
                thread.join(1)
                meanwhile()

    def take(self, wait: bool) -> Load | None:
        """The next load; without ``wait`` None means that there is none just now, with it that there will be none."""
        with self._moved:
            while not self.is_over():
                if self._belt:
                    self._moved.notify()
                    return self._belt.popleft()
                if self._closed or not wait:
                    return None
                self._moved.wait(_GLANCE)
        return None

    def note(self, outcomes: Sequence[Outcome]) -> None:
        with self._moved:
            self.states.update(outcome.state for outcome in outcomes)

    def dial(self) -> Line | None:
        """A connection. When none comes about the thread goes home; when none is open at all, the run ends."""
        with self._moved:
            self._dialling += 1
        answer = None
        try:
            return self._opened(self.transport.connect())
        except NoLine as stopped:
            answer = stopped.answer
            return None
        finally:
            with self._moved:
                self._dialling -= 1
                alone = not self._dialling and not self._open
            if answer:
                log.warning("server.no_connection", phase=answer.phase, code=answer.code)
                if alone:
                    self.give_up(answer)

    def hang_up(self, line: Line) -> None:
        line.close()
        with self._moved:
            self._open -= 1

    def give_up(self, answer: Answer, counted: bool = False) -> None:
        """The server is away, or will have nothing to do with us: the run ends, and the next waits for the transport's back-off."""
        if self._halted.is_set():
            return
        self._halted.set()
        self.transport.backoff.failed(self.now())
        words = (
            f"{answer.code} {without_address(answer.reply)}"
            if answer.code > 0
            else without_address(answer.reply)
        )
        if judge(answer) is Verdict.AWAY:
            pausing.note_away(self.db, words, self.now())
        elif not counted:
            with self.db.transaction() as s:
                pausing.count_refusal(s, words, self.now())

    def fail(self, error: BaseException) -> None:
        self.failure = self.failure or error
        self._halted.set()

    def _opened(self, line: Line) -> Line:
        with self._moved:
            self._open += 1
        return line

    def _hire(self) -> None:
        thread = threading.Thread(
            target=_work, args=(self,), name=f"carrier-{len(self._threads)}", daemon=True
        )
        self._threads.append(thread)
        thread.start()

    def _is_manned(self) -> bool:
        return not self.is_over() and any(thread.is_alive() for thread in self._threads)


def _work(run: Run) -> None:
    try:
        line = run.dial()
        if line:
            try:
                _carry_all(run, line)
            finally:
                run.hang_up(line)
    except BaseException as error:
        run.fail(error)


def _carry_all(run: Run, line: Line) -> None:
    """How one letter went and that the next is on its way are written in one transaction."""
    outcome: Outcome | None = None
    while (load := run.take(wait=outcome is None)) or outcome:
        granted = run.ledger.turn(outcome, load.claimed if load else None)
        if outcome:
            run.failpoints.reach(Step.RECORDED)
            run.note([outcome])
        outcome = _carry(run, line, load) if load and granted else None


def _carry(run: Run, line: Line, load: Load) -> Outcome:
    run.failpoints.reach(Step.SENDING)
    answer = line.send(load.parcel, lambda: run.failpoints.reach(Step.DATA_SENT))
    verdict = judge(answer)
    if verdict is Verdict.ACCEPTED:
        run.failpoints.reach(Step.ACCEPTED_UNRECORDED)
    letter = load.claimed.letter
    level = "debug" if verdict is Verdict.ACCEPTED else "info"
    getattr(log, level)(
        "letter.answered",
        letter=letter.id,
        kind=letter.kind,
        verdict=verdict,
        phase=answer.phase,
        code=answer.code,
    )
    if verdict is Verdict.AWAY or (verdict is Verdict.REFUSES_US and answer.phase in BEFORE_RECIPIENT[:-1]):
        run.give_up(answer, counted=True)
    else:
        run.transport.backoff.well()
    return after(load.claimed, verdict, answer, run.now())
