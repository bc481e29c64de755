"""Hands letters to a provider: a transport like any other, whose lines speak a provider's own interface. Used by ``plain``."""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from blog import clock
from newsletter.delivery.parcels import Parcel
from newsletter.delivery.pausing import Backoff
from newsletter.delivery.providers.http import TIMEOUT, Caller, Place, Reply, Request
from newsletter.delivery.providers.meaning import about_content, busy, unreadable, wish
from newsletter.delivery.smtp import NoLine
from newsletter.delivery.verdicts import Answer, Phase, Verdict, judge

HEAVIEST = 10_000_000
"""Bytes in one request, beyond the first letter."""


FOR_ALL = (Phase.CONNECT, Phase.LOGIN)
"""What was answered there would be answered to every further request too."""


class Interface(Protocol):
    """How one provider wants to be told of letters, and what its replies mean. Pure."""

    @property
    def most(self) -> int:
        """Letters in one request."""

    @property
    def secret(self) -> str:
        """What must never be shown, though a reply may quote it."""

    def write(self, parcel: Parcel) -> bytes:
        """One letter in the provider's form; raises ValueError where it has none for it."""

    def ask(self, written: Sequence[bytes], now: datetime) -> Request:
        """One request about so many letters."""

    def answers(self, reply: Reply, number: int) -> Sequence[Answer]:
        """An answer for each of the ``number`` letters that were in the request."""


class Provider:
    """A provider as a transport."""

    def __init__(
        self,
        place: Place,
        interface: Interface,
        now: Callable[[], datetime] = clock.now,
        timeout: float = TIMEOUT,
    ) -> None:
        self.place, self.interface, self.now, self.timeout = place, interface, now, timeout
        self.backoff = Backoff()

    def connect(self) -> "ProviderLine":
        return ProviderLine(self, Caller(self.place, self.timeout))


class ProviderLine:
    """What cannot be told in the provider's form, or would make a request too heavy, never keeps the other letters back."""

    def __init__(self, provider: Provider, caller: Caller) -> None:
        self.most = provider.interface.most
        self._provider, self._interface, self._caller = provider, provider.interface, caller

    def send_all(self, parcels: Sequence[Parcel], data_sent: Callable[[], None]) -> Sequence[Answer]:
        found = [self._write(parcel) for parcel in parcels]
        answers = {number: it for number, it in enumerate(found) if isinstance(it, Answer)}
        written = [(number, it) for number, it in enumerate(found) if isinstance(it, bytes)]
        ends = time.monotonic() + 2 * self._provider.timeout
        stopped: Answer | None = None
        for share in _shares(written):
            if stopped:
                said: Sequence[Answer] = [busy(stopped.reply)] * len(share)
            else:
                said = _once(self._ask([it for _, it in share], data_sent))
                stopped = next((answer for answer in said if answer.phase in FOR_ALL), None)
            if not stopped and time.monotonic() > ends:
                stopped = busy("The provider takes too long.")
            answers |= {number: answer for (number, _), answer in zip(share, said, strict=True)}
        return [answers[number] for number in range(len(parcels))]

    def abort(self) -> None:
        self._caller.abort()

    def close(self) -> None:
        self._caller.close()

    def _write(self, parcel: Parcel) -> bytes | Answer:
        if not parcel.recipient.isascii():
            return Answer(
                Phase.RECIPIENT, 553, "5.1.3 The provider cannot write to an address outside ASCII."
            )
        try:
            return self._interface.write(parcel)
        except ValueError:
            return about_content("This letter cannot be told in the provider's form.")

    def _ask(self, written: Sequence[bytes], data_sent: Callable[[], None]) -> Sequence[Answer]:
        now = self._provider.now()
        try:
            reply = self._caller.post(self._interface.ask(written, now), data_sent)
        except NoLine as broken:
            return [broken.answer] * len(written)
        answers = [self._discreet(answer) for answer in self._interface.answers(reply, len(written))]
        if len(answers) != len(written):
            return [unreadable()] * len(written)
        if any(judge(answer) is Verdict.AWAY for answer in answers) and (wait := wish(reply.headers, now)):
            self._provider.backoff.wish(wait)
        return answers

    def _discreet(self, answer: Answer) -> Answer:
        secret = self._interface.secret
        return answer._replace(reply=answer.reply.replace(secret, "…")) if secret in answer.reply else answer


def _once(answers: Sequence[Answer]) -> Sequence[Answer]:
    """A refusal of us that holds for the whole request is one refusal, not as many as there were letters in it."""
    first, *others = answers
    if first.phase is Phase.LOGIN and all(answer == first for answer in others):
        return [first, *(busy(first.reply) for _ in others)]
    return answers


def _shares(written: Sequence[tuple[int, bytes]]) -> Iterator[Sequence[tuple[int, bytes]]]:
    share: list[tuple[int, bytes]] = []
    weight = 0
    for number, it in written:
        if share and weight + len(it) > HEAVIEST:
            yield share
            share, weight = [], 0
        share.append((number, it))
        weight += len(it)
    if share:
        yield share
