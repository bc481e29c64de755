"""What an SMTP answer means for the letter. A pure table, called for every letter and every connection.

It follows RFC 5321 (replies), RFC 3463 (enhanced codes) and RFC 4954 (login). Only what a server says of the recipient is held
against the letter; everything else it says is about us, and uses no letter up.
"""

import re
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple


class Phase(StrEnum):
    """How far the talk had come when the answer was given."""

    CONNECT = "connect"
    HELLO = "hello"
    STARTTLS = "starttls"
    LOGIN = "login"
    SENDER = "sender"
    RECIPIENT = "recipient"
    DATA = "data"
    BODY = "body"
    END = "end"
    """After the final dot: the only place where a letter can have been taken."""


NO_ANSWER = 0
GARBAGE = -1


class Answer(NamedTuple):
    """``code`` is the server's three digits, NO_ANSWER when the line broke or time ran out, GARBAGE for what is no SMTP."""

    phase: Phase
    code: int
    reply: str


class Verdict(StrEnum):
    ACCEPTED = "accepted"
    RETRY = "retry"
    """This letter, later."""
    REFUSED = "refused"
    """This letter, never."""
    UNCERTAIN = "uncertain"
    """It may have been taken."""
    REFUSES_US = "refuses us"
    """Our login, our address, our content: no letter's fault."""
    AWAY = "away"
    """The server is down or busy; nothing was tried."""


LONGEST_WAIT = timedelta(hours=4)
LONGEST_REPLY = 300

BEFORE_RECIPIENT = (Phase.CONNECT, Phase.HELLO, Phase.STARTTLS, Phase.LOGIN, Phase.SENDER)
_LOGIN_CODES = (503, 530, 534, 535, 538)
_ENHANCED = re.compile(r"^\s*([245])\.(\d{1,3})\.(\d{1,3})\b")
_ADDRESS = re.compile(r"""("[^"]*"|[^\s<>"'(),;:]+)@[^\s<>"'(),;:]+""")
_ABOUT_US = re.compile(r"relay|block(ed|list)|black ?list|spam|reputation|authenticat|policy", re.IGNORECASE)


def judge(answer: Answer) -> Verdict:
    """The verdict on the letter that was on the line, or on the connection when there was none."""
    if answer.phase in BEFORE_RECIPIENT:
        return Verdict.REFUSES_US if answer.code >= 500 else Verdict.AWAY
    if answer.phase is Phase.END and not 400 <= answer.code <= 599:
        return Verdict.ACCEPTED if answer.code == 250 else Verdict.UNCERTAIN
    if answer.code < 500:
        return Verdict.RETRY
    return Verdict.REFUSED if _about_the_reader(answer) else Verdict.REFUSES_US


def wait_before(attempt: int) -> timedelta:
    """How long a letter rests after its ``attempt``-th try: 5 minutes, then twice as long each time, 4 hours at most."""
    return min(timedelta(minutes=5 << min(attempt - 1, 10)), LONGEST_WAIT)


def wait_within(attempt: int, patience: timedelta) -> timedelta | None:
    """The same, so that the last try is made when the waits have added up to ``patience``; None after that: it is given up."""
    waited = sum((wait_before(earlier) for earlier in range(1, attempt)), timedelta())
    return min(wait_before(attempt), patience - waited) if waited < patience else None


def without_address(reply: str) -> str:
    """The server's words, fit for the ledger: no address, one line, of bounded length."""
    if "@" in reply:
        reply = _ADDRESS.sub("…", reply)
    return " ".join("".join(c if c.isprintable() else " " for c in reply).split())[:LONGEST_REPLY]


def _about_the_reader(answer: Answer) -> bool:
    """5.1 and 5.2 speak of the address and the mailbox. Without such a code only RCPT is about the reader, unless its words say us."""
    enhanced = _ENHANCED.match(answer.reply)
    if enhanced and enhanced[2] in ("1", "2"):
        return enhanced.group(2, 3) not in (("1", "7"), ("1", "8"))
    if answer.phase is not Phase.RECIPIENT or answer.code in _LOGIN_CODES:
        return False
    return not (enhanced and enhanced[2] == "7") and not _ABOUT_US.search(answer.reply)
