"""A mail server that takes everything, behind the real sender and the real composers. Used by the random walk over readers."""

from collections.abc import Callable, Sequence
from datetime import datetime

from newsletter.delivery.parcels import Parcel
from newsletter.delivery.pausing import Backoff
from newsletter.delivery.sending import send_ready
from newsletter.delivery.verdicts import Answer, Phase
from newsletter.editions import composing
from newsletter.subscribers.tokens import Tokens
from tests.cast import Newsroom
from tests.newsletter.editions.post_office import SECRET


class Wire:
    most = 1

    def __init__(self, room: Newsroom) -> None:
        self.room, self.backoff = room, Backoff()
        self.composers = composing.composers(room.settings, Tokens(SECRET))
        self._taken: list[str] = []

    def deliver(self, now: datetime) -> list[str]:
        """Sends every letter that is ready; the addresses that got one, in order."""
        self._taken = []
        send_ready(self.room.db, self, self.composers, lambda: now, "walk", connections=1)
        return self._taken

    def connect(self) -> "Wire":
        return self

    def send(self, parcel: Parcel, data_sent: Callable[[], None]) -> Answer:
        self._taken.append(parcel.recipient)
        data_sent()
        return Answer(Phase.END, 250, "taken")

    def send_all(self, parcels: Sequence[Parcel], data_sent: Callable[[], None]) -> Sequence[Answer]:
        return [self.send(parcel, data_sent) for parcel in parcels]

    def abort(self) -> None:
        pass

    def close(self) -> None:
        pass
