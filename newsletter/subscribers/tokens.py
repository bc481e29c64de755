"""What readers hold instead of a password: signed links for confirming, leaving and choosing. Used by mails and the public doors.

A token says who and, for dated ones, when; it is only good for the deed that it was made for.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from blog.language.saying import said
from blog.refusals import Gone, Invalid, NotFound
from newsletter.delivery.seals import is_same, seal
from newsletter.subscribers.model import SubscriberId

VALID = timedelta(days=7)
OPEN = timedelta(hours=1)
"""How long a preference page stays open after its reader was recognised; each save starts the hour anew."""
TEST = "test"
"""Stands where a test mail would have a reader's own token."""
SIGNATURE = 32
"""Hexadecimal characters: 128 bits."""
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
    """``secret`` is the publication's secret key. Making a token twice gives the same token: numbers and a signature, with dots between."""

    def __init__(self, secret: str) -> None:
        self._confirm = _Deed(secret, "confirm")
        self._undo = _Deed(secret, "undo")
        self._opened = _Deed(secret, "opened")
        self._address = _Deed(secret, "address", 3)
        # Two deeds by one signature, of which each has its part: most letters bear all four. What is left is for ``marks``.
        self._leave, self._manage = (_Deed(secret, "ways out", part=part) for part in (0, 1))
        self._more, self._less = (_Deed(secret, "taste", part=part) for part in (0, 1))
        self.ways_out = self._leave.both
        """``leave`` and ``manage`` at once, of a subscriber and an edition."""
        self.tastes = self._more.both
        """More, and less, of a subscriber like that story."""

    def confirm(self, subscriber_id: int, at: datetime) -> str:
        return self._confirm.token(subscriber_id, int(at.timestamp()))

    def leave(self, subscriber_id: int, edition_id: int = 0) -> str:
        return self._leave.token(subscriber_id, edition_id)

    def undo(self, subscriber_id: int, at: datetime) -> str:
        """``at`` is the moment at which the reader left."""
        return self._undo.token(subscriber_id, int(at.timestamp()))

    def manage(self, subscriber_id: int, edition_id: int = 0) -> str:
        """Leads to the doorstep of the preference page and no further."""
        return self._manage.token(subscriber_id, edition_id)

    def opened(self, subscriber_id: int, at: datetime) -> str:
        """The open preference page of a reader who was recognised at ``at``."""
        return self._opened.token(subscriber_id, int(at.timestamp()))

    def taste(self, subscriber_id: int, post_id: int, more: bool) -> str:
        return self.tastes(subscriber_id, post_id)[0 if more else 1]

    def address_old(self, subscriber_id: int, at: datetime) -> str:
        return self._address.token(subscriber_id, int(at.timestamp()), 0)

    def address_new(self, subscriber_id: int, at: datetime) -> str:
        return self._address.token(subscriber_id, int(at.timestamp()), 1)

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
        more = self._more.find(token)
        subscriber_id, post_id = more or self._less.read(token)
        return TasteClaim(SubscriberId(subscriber_id), post_id, more is not None)

    def read_address(self, token: str, now: datetime) -> AddressClaim:
        """Of either end. Raises Incomplete, Tampered or Expired."""
        subscriber_id, seconds, is_new = self._address.read(token)
        return AddressClaim(SubscriberId(subscriber_id), _made(subscriber_id, seconds, now), bool(is_new))

    def read_undo(self, token: str, now: datetime) -> Claim:
        """Raises Incomplete, Tampered or Expired."""
        return _dated(self._undo, token, now)


class _Deed:
    """Signs and reads the tokens of one deed."""

    def __init__(self, secret: str, use: str, numbers: int = 2, part: int = 0) -> None:
        self._seal, self._numbers = seal(secret, use), numbers
        self._mine = slice(SIGNATURE * part, SIGNATURE * (part + 1))

    def token(self, *numbers: int) -> str:
        said = ".".join(map(str, numbers))
        return f"{said}.{self._seal(said)[self._mine]}"

    def both(self, subscriber_id: int, about_id: int) -> tuple[str, str]:
        """The tokens of both parts."""
        said = f"{subscriber_id}.{about_id}"
        sealed = self._seal(said)
        return f"{said}.{sealed[:SIGNATURE]}", f"{said}.{sealed[SIGNATURE : 2 * SIGNATURE]}"

    def read(self, token: str) -> list[int]:
        """Raises Incomplete or Tampered."""
        if len(token.rstrip(TRAILING).rpartition(".")[2]) < SIGNATURE:
            raise Incomplete
        found = self.find(token)
        if found is None:
            raise Tampered
        return found

    def find(self, token: str) -> list[int] | None:
        said, _, given = token.rstrip(TRAILING).rpartition(".")
        numbers = said.split(".")
        if len(numbers) != self._numbers or not said.isascii():
            return None
        if not is_same(given, self._seal(said)[self._mine]):
            return None
        return [int(number) for number in numbers]


def _of_letter(deed: _Deed, token: str) -> LetterClaim:
    _check_not_test(token)
    subscriber_id, edition_id = deed.read(token)
    return LetterClaim(SubscriberId(subscriber_id), edition_id)


def _check_not_test(token: str) -> None:
    if token == TEST:
        raise Invalid(said("This link came in a test mail, so it belongs to no reader."))


def _dated(deed: _Deed, token: str, now: datetime, valid: timedelta = VALID, too_old: str = "") -> Claim:
    subscriber_id, seconds = deed.read(token)
    return Claim(SubscriberId(subscriber_id), _made(subscriber_id, seconds, now, valid, too_old))


def _made(
    subscriber_id: int, seconds: int, now: datetime, valid: timedelta = VALID, too_old: str = ""
) -> datetime:
    made = datetime.fromtimestamp(seconds, UTC)
    if now - made > valid:
        raise Expired(SubscriberId(subscriber_id), *filter(None, [too_old]))
    return made
