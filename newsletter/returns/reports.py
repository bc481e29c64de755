"""Reading a mail that came back. Pure: bytes in, what it reports out. Called by ``receiving``.

Delivery status notifications (RFC 3464), feedback reports (RFC 5965), and the free words of mail systems that write neither.
An absence note, a challenge or anything else that is no report gives an empty tuple or one of kind ``nothing``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from newsletter.delivery.verdicts import without_address
from newsletter.returns import wordings
from newsletter.returns.judging import LONGEST, Kind, judge, says_nothing_of_the_address
from newsletter.returns.mime import Mail, blocks, header, parse, parts, report_text
from newsletter.returns.originals import Original, address_in, original

STATUS = ("message/delivery-status", "message/global-delivery-status")
COMPLAINTS = ("abuse", "fraud", "opt-out", "opt-out-list")
"""Feedback types (RFC 5965, RFC 6650) by which a reader says that they want none of it. ``not-spam`` and the others change nothing."""
MOST_REPORTS = 50
"""Recipients of one mail that are looked at; ours have one each."""
_DONE = ("delivered", "relayed", "expanded")


@dataclass(frozen=True)
class Report:
    """What is said about one recipient. Whom it names is believed only together with a trace of our own letter."""

    kind: Kind
    code: str = ""
    words: str = ""
    """The server's own, without addresses."""
    named: tuple[str, ...] = ()
    """Addresses that it gives as the recipient's: the original, the final."""
    about: Original = field(default_factory=Original)
    counts: bool = True
    """False for a warning, and for what says nothing against the address."""


def read(raw: bytes) -> tuple[Report, ...]:
    """Never raises, whatever the mail is made of."""
    mail = parse(raw)
    about = original(mail)
    complaint = _feedback(mail, about)
    if complaint:
        return (complaint,)
    statuses = tuple(islice(_statuses(mail, about), MOST_REPORTS))
    if statuses:
        return statuses
    told = wordings.read(mail)
    if told is None:
        return ()
    kind, code = judge(told.words)
    if kind is Kind.SOFT and not code:
        kind, code = judge(told.around)
    late = told.is_late and kind is not Kind.NOTHING
    kind = Kind.SOFT if late and kind is Kind.HARD else kind
    return (_report(kind, code, told.words, (told.recipient,), about, counts=not late),)


def _feedback(mail: Mail, about: Original) -> Report | None:
    for part in parts(mail):
        if part.get_content_type() == "message/feedback-report":
            (fields, *_) = [*blocks(part), mail]
            kind = header(fields, "Feedback-Type").lower()
            seen = address_in(header(fields, "Original-Mail-From")) or about.return_path
            whole = Original(about.message_id, seen, about.recipient)
            named = (address_in(header(fields, "Original-Rcpt-To")), about.recipient)
            is_one = kind in COMPLAINTS
            return _report(Kind.COMPLAINT if is_one else Kind.NOTHING, "", kind, named, whole)
    if wordings.is_complaint(mail):
        return _report(Kind.COMPLAINT, "", "abuse", (about.recipient,), about)
    return None


def _statuses(mail: Mail, about: Original) -> Iterator[Report]:
    told = report_text(mail)
    for part in parts(mail):
        if part.get_content_type() not in STATUS:
            continue
        for fields in blocks(part):
            if header(fields, "Action") or header(fields, "Final-Recipient"):
                yield _status(told, fields, about)


def _status(told: str, fields: Mail, about: Original) -> Report:
    action = header(fields, "Action").lower().partition(" ")[0]
    named = tuple(address_in(header(fields, name)) for name in ("Original-Recipient", "Final-Recipient"))
    status = header(fields, "Status")
    if action in _DONE or (action != "failed" and status.startswith("2")):
        return _report(Kind.NOTHING, status[:12], action, named, about)
    words = re.sub(r"^\s*[\w-]+\s*;\s*", "", header(fields, "Diagnostic-Code"))
    if not words and re.match(r"^\D*[245]\.0\.0", status + " 5.0.0"):
        words = wordings.reason(told, named[1] or named[0])
    kind, code = judge(words, status)
    if action == "delayed" and kind is Kind.HARD:
        kind = Kind.SOFT
    return _report(kind, code, words, named, about, counts=action != "delayed")


def _report(
    kind: Kind, code: str, words: str, named: tuple[str, ...], about: Original, *, counts: bool = True
) -> Report:
    said = without_address(words[:LONGEST])
    counts = counts and not says_nothing_of_the_address(said, code)
    return Report(kind, code[:12], said, tuple(dict.fromkeys(a for a in named if a)), about, counts)
