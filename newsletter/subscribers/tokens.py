"""What readers hold instead of a password: signed links for confirming, leaving and coming back. Used by mails and the public doors.

A token says who and, for dated ones, when; it is only good for the deed that it was made for.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from blog.refusals import Gone, Invalid, NotFound
from newsletter.subscribers.model import SubscriberId

VALID = timedelta(days=7)
TEST = "test"
"""Stands where a test mail would have a reader's own token."""
SIGNATURE = 43
"""Characters of a SHA-256 signature in URL-safe base64."""
TRAILING = ".,;:>)]}\"'*_ \r\n\t"
"""What mail programs and people leave sticking to the end of a link; no signature ends so."""


class Incomplete(NotFound):
    """The link lost its end on the way, as it does when a mail program breaks the line."""

    def __init__(self) -> None:
        super().__init__("This link is incomplete. Copy the whole line from the mail, or sign up again.")


class Tampered(NotFound):
    """It was not signed here, or for another deed."""

    def __init__(self) -> None:
        super().__init__(
            "This link is not one of ours, or it was changed on its way. Sign up again to get a new one."
        )


class Expired(Gone):
    """Genuine, but older than seven days. ``subscriber_id`` lets a new one be sent."""

    def __init__(self, subscriber_id: SubscriberId) -> None:
        super().__init__("This link is older than 7 days.")
        self.subscriber_id = subscriber_id


@dataclass(frozen=True)
class Claim:
    subscriber_id: SubscriberId
    at: datetime
    """When it was made, to the second."""


@dataclass(frozen=True)
class LeaveClaim:
    subscriber_id: SubscriberId
    edition_id: int
    """The edition whose letter carried the link; 0 for other mails."""


class Tokens:
    """``secret`` is the publication's secret key. Making a token twice gives the same token."""

    def __init__(self, secret: str) -> None:
        self._confirm = _signer(secret, "confirm")
        self._leave = _signer(secret, "leave")
        self._undo = _signer(secret, "undo")

    def confirm(self, subscriber_id: int, at: datetime) -> str:
        return self._confirm.dumps([subscriber_id, int(at.timestamp())])

    def leave(self, subscriber_id: int, edition_id: int = 0) -> str:
        return self._leave.dumps([subscriber_id, edition_id])

    def undo(self, subscriber_id: int, at: datetime) -> str:
        """``at`` is the moment at which the reader left."""
        return self._undo.dumps([subscriber_id, int(at.timestamp())])

    def read_confirm(self, token: str, now: datetime) -> Claim:
        """Raises Incomplete, Tampered or Expired."""
        return _dated(self._confirm, token, now)

    def read_leave(self, token: str) -> LeaveClaim:
        """Never expires. Raises Incomplete or Tampered; Invalid for the link in a test mail."""
        if token == TEST:
            raise Invalid("This link came in a test mail, so it belongs to no reader.")
        subscriber_id, edition_id = _read(self._leave, token)
        return LeaveClaim(SubscriberId(subscriber_id), edition_id)

    def read_undo(self, token: str, now: datetime) -> Claim:
        """Raises Incomplete, Tampered or Expired."""
        return _dated(self._undo, token, now)


def _signer(secret: str, deed: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=f"perijove-{deed}", signer_kwargs={"digest_method": sha256})


def _dated(signer: URLSafeSerializer, token: str, now: datetime) -> Claim:
    subscriber_id, seconds = _read(signer, token)
    made = datetime.fromtimestamp(seconds, UTC)
    if now - made > VALID:
        raise Expired(SubscriberId(subscriber_id))
    return Claim(SubscriberId(subscriber_id), made)


def _read(signer: URLSafeSerializer, token: str) -> tuple[int, int]:
    token = token.rstrip(TRAILING)
    payload, _, signature = token.rpartition(".")
    if not payload or len(signature) < SIGNATURE:
        raise Incomplete
    try:
        pair: Any = signer.loads(token)
    except BadData:
        raise Tampered from None
    return int(pair[0]), int(pair[1])
