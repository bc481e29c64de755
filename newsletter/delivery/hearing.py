"""What servers answer, on its way into the ledger: journal first, then the tray. Used by the engine alone."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

import structlog

from newsletter.delivery.domains import puts_off_all
from newsletter.delivery.failpoints import Failpoints, Step
from newsletter.delivery.gate import Gate, domain_of
from newsletter.delivery.journal import Journal
from newsletter.delivery.ledger import Tray
from newsletter.delivery.model import LetterState
from newsletter.delivery.outcomes import after
from newsletter.delivery.packing import Load
from newsletter.delivery.verdicts import NO_ANSWER, Answer, Phase, Verdict, judge, without_address

log = structlog.get_logger()


class Hearing:
    def __init__(
        self, journal: Journal, gate: Gate, now: Callable[[], datetime], failpoints: Failpoints
    ) -> None:
        self.tray = Tray()
        self.refusals = 0
        """Of us, in a row."""
        self.states: Counter[str] = Counter()
        self._journal, self._gate, self._now, self._failpoints = journal, gate, now, failpoints

    def accepted(self, load: Load, reply: str) -> None:
        claimed = load.claimed
        if self._failpoints.is_armed:
            self._failpoints.reach(Step.ACCEPTED_UNRECORDED)
        self._journal.accepted(load.id)
        self.tray.accept((load.id, claimed.attempts + 1, claimed.doubts, _words(reply)))
        self.refusals = 0
        if self._gate.domains.troubled:
            self.tray.took.add(domain_of(claimed.letter.address))

    def heard(self, load: Load, answer: Answer) -> Verdict:
        """Anything but an acceptance."""
        verdict, letter = judge(answer), load.claimed.letter
        log.info(
            "letter.answered", letter=letter.id, kind=letter.kind, verdict=verdict, phase=answer.phase, code=answer.code
        )  # fmt: skip
        if verdict is not Verdict.UNCERTAIN:
            self._journal.not_taken(letter.id)
        if puts_off_all(answer):
            self.tray.put_off.add(domain_of(letter.address))
        if verdict is Verdict.REFUSES_US:
            self.refusals += 1
        self._note(load, verdict, answer)
        return verdict

    def lost_sight_of(self, load: Load) -> None:
        """Our own fault: nobody reads its answer any more."""
        answer = Answer(Phase.END, NO_ANSWER, "The sender failed before it read the server's answer.")
        self._note(load, Verdict.UNCERTAIN, answer)

    def take_tray(self) -> Tray:
        tray, self.tray = self.tray, Tray()
        return tray

    def written(self, tray: Tray) -> None:
        if tray.accepted:
            self.states[LetterState.ACCEPTED] += len(tray.accepted)
        self.states.update(outcome.state for outcome in tray.others)

    def _note(self, load: Load, verdict: Verdict, answer: Answer) -> None:
        self.tray.add(after(load.claimed, verdict, answer, self._now(), self._gate.relay.retry))


def _words(reply: str) -> str:
    return reply if reply.isprintable() and "@" not in reply and len(reply) <= 300 else without_address(reply)
