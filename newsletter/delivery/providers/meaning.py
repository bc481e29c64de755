"""What a provider's reply means, where nothing in it is special to that provider: from HTTP's numbers to the answers of ``verdicts``.

SMTP's digits stand in for HTTP's, so that everything that reads the ledger has one language; the words begin with HTTP's own.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from json import JSONDecodeError, loads
from typing import Any

from newsletter.delivery.providers.http import Reply
from newsletter.delivery.verdicts import GARBAGE, NO_ANSWER, Answer, Phase

BUSY = (408, 421, 425, 429, 502, 503)
"""It is down, or wants to be left in peace: nothing was tried."""
_OUT_OF_TIME, _TOO_LONG = 504, 413
_CONTENT = (400, 422)


def accepted(id_: str) -> Answer:
    """The provider's own name for the mail is kept. What follows an @ in it is a domain that everybody knows."""
    return Answer(Phase.END, 250, id_.strip("<> ").partition("@")[0])


def about_reader(words: str, enhanced: str = "5.1.3") -> Answer:
    """``enhanced`` (RFC 3463): 5.1.3 is an address that none can be, 5.2.1 one that takes nothing any more."""
    return Answer(Phase.RECIPIENT, 550, f"{enhanced} {words}")


def about_sender(words: str) -> Answer:
    return Answer(Phase.SENDER, 550, words)


def about_us(words: str) -> Answer:
    """Our key, our account, our settings: nothing else will fare better."""
    return Answer(Phase.LOGIN, 535, words)


def about_content(words: str) -> Answer:
    """What we wrote. It may be this letter alone, so the others go on; many in a row pause sending."""
    return Answer(Phase.END, 554, words)


def busy(words: str) -> Answer:
    return Answer(Phase.CONNECT, 421, words)


def unreadable(words: str = "The provider's answer cannot be read.") -> Answer:
    """It may have been taken."""
    return Answer(Phase.END, GARBAGE, words)


def by_status(reply: Reply, said: str = "") -> Answer:
    """Of a reply that is no acceptance. Of a gateway that gave up waiting nobody knows what went on behind it."""
    words = f"HTTP {reply.status}: {said}" if said else f"HTTP {reply.status}"
    if reply.status in BUSY:
        return busy(words)
    if reply.status < 300:
        return unreadable()
    if reply.status == _OUT_OF_TIME:
        return Answer(Phase.END, NO_ANSWER, words)
    if reply.status == _TOO_LONG:
        return Answer(Phase.END, 552, f"5.3.4 {words}")
    if reply.status in _CONTENT:
        return about_content(words)
    if reply.status >= 500:
        return Answer(Phase.END, 451, words)
    return about_us(words)


def told(reply: Reply) -> Any:
    """The JSON of a reply; None where there is none."""
    try:
        return loads(reply.body)
    except (JSONDecodeError, UnicodeDecodeError, RecursionError):
        return None


def text(said: Any, *names: str) -> str:
    """The first of these members that is a string; empty where none is."""
    found = (said.get(name) for name in names) if isinstance(said, Mapping) else iter(())
    return next((value for value in found if isinstance(value, str)), "")


def wish(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long Retry-After asks us to wait: seconds or a moment (RFC 9110, 10.2.3)."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return timedelta(seconds=int(value[:6]))
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(moment - now, timedelta())
