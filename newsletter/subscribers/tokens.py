"""What readers hold instead of a password: signed links for confirming, leaving and choosing. Used by mails and the public doors.

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
OPEN = timedelta(hours=1)
"""How long a preference page stays open after its reader was recognised; each save starts the hour anew."""
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
    """Genuine, but too old. ``subscriber_id`` lets a new one be sent."""

    def __init__(
        self, subscriber_id: SubscriberId, sentence: str = "This link is older than 7 days."
    ) -> None:
        super().__init__(sentence)
        self.subscriber_id = subscriber_id


@dataclass(frozen=True)
class Claim:
    subscriber_id: SubscriberId
    at: datetime
    """When it was made, to the second."""


@dataclass(frozen=True)
class LetterClaim:
    """Of a link that stands in mails and never grows old: for leaving, or to the doorstep of the preference page."""

    subscriber_id: SubscriberId
    edition_id: int
    """The edition whose letter carried the link; 0 for other mails."""


@dataclass(frozen=True)
class TasteClaim:
    subscriber_id: SubscriberId
    post_id: int
    more: bool


@dataclass(frozen=True)
class AddressClaim:
    """One end's word on a change of address."""

    subscriber_id: SubscriberId
    at: datetime
    """When the change was asked for, to the second."""
    is_new: bool
    """Whether it was mailed to the new address."""


class Tokens:
    """``secret`` is the publication's secret key. Making a token twice gives the same token."""

    def __init__(self, secret: str) -> None:
        self._confirm = _signer(secret, "confirm")
        self._leave = _signer(secret, "leave")
        self._undo = _signer(secret, "undo")
        self._manage = _signer(secret, "manage")
        self._opened = _signer(secret, "opened")
        self._taste = _signer(secret, "taste")
        self._address = _signer(secret, "address")

    def confirm(self, subscriber_id: int, at: datetime) -> str:
        return self._confirm.dumps([subscriber_id, int(at.timestamp())])

    def leave(self, subscriber_id: int, edition_id: int = 0) -> str:
        return self._leave.dumps([subscriber_id, edition_id])

    def undo(self, subscriber_id: int, at: datetime) -> str:
        """``at`` is the moment at which the reader left."""
        return self._undo.dumps([subscriber_id, int(at.timestamp())])

    def manage(self, subscriber_id: int, edition_id: int = 0) -> str:
        """Leads to the doorstep of the preference page and no further."""
        return self._manage.dumps([subscriber_id, edition_id])

    def opened(self, subscriber_id: int, at: datetime) -> str:
        """The open preference page of a reader who was recognised at ``at``."""
        return self._opened.dumps([subscriber_id, int(at.timestamp())])

    def taste(self, subscriber_id: int, post_id: int, more: bool) -> str:
        return self._taste.dumps([subscriber_id, post_id, int(more)])

    def address_old(self, subscriber_id: int, at: datetime) -> str:
        return self._address.dumps([subscriber_id, int(at.timestamp()), 0])

    def address_new(self, subscriber_id: int, at: datetime) -> str:
        return self._address.dumps([subscriber_id, int(at.timestamp()), 1])

    def read_confirm(self, token: str, now: datetime) -> Claim:
        """Raises Incomplete, Tampered or Expired."""
        return _dated(self._confirm, token, now)

    def read_leave(self, token: str) -> LetterClaim:
        """Never expires. Raises Incomplete or Tampered; Invalid for the link in a test mail."""
        return _of_letter(self._leave, token)

    def read_manage(self, token: str) -> LetterClaim:
        """Never expires. Raises as ``read_leave``."""
        return _of_letter(self._manage, token)

    def read_opened(self, token: str, now: datetime) -> Claim:
        """Raises Incomplete, Tampered or, after an hour, Expired."""
        return _dated(self._opened, token, now, OPEN, "This page was open for more than an hour.")

    def read_taste(self, token: str) -> TasteClaim:
        """Never expires. Raises as ``read_leave``."""
        _check_not_test(token)
        subscriber_id, post_id, more = _read(self._taste, token)
        return TasteClaim(SubscriberId(subscriber_id), post_id, bool(more))

    def read_address(self, token: str, now: datetime) -> AddressClaim:
        """Of either end. Raises Incomplete, Tampered or Expired."""
        subscriber_id, seconds, is_new = _read(self._address, token)
        return AddressClaim(SubscriberId(subscriber_id), _made(subscriber_id, seconds, now), bool(is_new))

    def read_undo(self, token: str, now: datetime) -> Claim:
        """Raises Incomplete, Tampered or Expired."""
        return _dated(self._undo, token, now)


def _signer(secret: str, deed: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=f"perijove-{deed}", signer_kwargs={"digest_method": sha256})


def _of_letter(signer: URLSafeSerializer, token: str) -> LetterClaim:
    _check_not_test(token)
    subscriber_id, edition_id = _read(signer, token)
    return LetterClaim(SubscriberId(subscriber_id), edition_id)


def _check_not_test(token: str) -> None:
    if token == TEST:
        raise Invalid("This link came in a test mail, so it belongs to no reader.")


def _dated(
    signer: URLSafeSerializer, token: str, now: datetime, valid: timedelta = VALID, too_old: str = ""
) -> Claim:
    subscriber_id, seconds = _read(signer, token)
    return Claim(SubscriberId(subscriber_id), _made(subscriber_id, seconds, now, valid, too_old))


def _made(
    subscriber_id: int, seconds: int, now: datetime, valid: timedelta = VALID, too_old: str = ""
) -> datetime:
    made = datetime.fromtimestamp(seconds, UTC)
    if now - made > valid:
        raise Expired(SubscriberId(subscriber_id), *filter(None, [too_old]))
    return made


def _read(signer: URLSafeSerializer, token: str) -> list[int]:
    token = token.rstrip(TRAILING)
    payload, _, signature = token.rpartition(".")
    if not payload or len(signature) < SIGNATURE:
        raise Incomplete
    try:
        numbers: Any = signer.loads(token)
    except BadData:
        raise Tampered from None
    return [int(number) for number in numbers]
