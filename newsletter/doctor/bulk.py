"""Gmail's and Yahoo's rules for those who send 5,000 mails a day and more, answered from the findings. Sources: docs/DELIVERABILITY.md."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, select

from blog.db import Database
from newsletter.delivery.model import Letter, LetterState
from newsletter.doctor.findings import Check, Finding, Health, Rule
from newsletter.subscribers.model import Consent, Subscriber, SubscriberState

DAYS = 30
BAD, GOOD = 0.003, 0.001
FEW = 1000
"""Letters below which a share of complaints says nothing."""
ALIGNED = "A From domain that fits SPF or DKIM"
RULES: tuple[tuple[str, tuple[Check, ...]], ...] = (
    ("SPF and DKIM for the sending domain", (Check.SPF, Check.DKIM)),
    ("A DMARC record, “none” at least", (Check.DMARC,)),
    (ALIGNED, (Check.ALIGNMENT,)),
    ("Names and reverse names for the sending addresses", (Check.REVERSE,)),
    ("Encryption on the way", (Check.TLS,)),
    ("Unsubscribing with one click, done within two days", (Check.ONE_CLICK,)),
    ("Mails in the form of RFC 5322", (Check.FORM,)),
    ("No From address of a mailbox provider", (Check.FREE_MAIL,)),
)


@dataclass(frozen=True)
class Traffic:
    """What the last 30 days of the ledger say."""

    readers: int = 0
    accepted: int = 0
    complaints: int = 0


def traffic(db: Database, at: datetime) -> Traffic:
    since = at - timedelta(days=DAYS)
    readers = select(func.count()).where(Subscriber.state == SubscriberState.CONFIRMED)
    accepted = select(func.count()).where(Letter.state == LetterState.ACCEPTED, Letter.settled_at >= since)
    complaints = select(func.count()).where(Consent.deed == "complained", Consent.at >= since)
    with db.reading() as s:
        return Traffic(*(s.scalar(count.select_from(table)) or 0 for count, table in (
            (readers, Subscriber), (accepted, Letter), (complaints, Consent))))  # fmt: skip


def rules(findings: Sequence[Finding], seen: Traffic) -> tuple[Rule, ...]:
    broken = {finding.check for finding in findings if finding.health is Health.FAIL}
    told = [_rule(title, [f for f in findings if f.check in checks]) for title, checks in RULES]
    if {Check.SPF, Check.DKIM} <= broken:
        # The names may fit; with neither passing, nothing speaks for the From domain.
        told = [
            replace(rule, health=Health.FAIL, sentence="See SPF and DKIM.") if rule.title == ALIGNED else rule
            for rule in told
        ]
    return (*told, _complaints(seen))


def _rule(title: str, findings: Sequence[Finding]) -> Rule:
    """A finding that only warns does not break a rule."""
    for health in (Health.FAIL, Health.UNKNOWN):
        names = dict.fromkeys(f.check.value for f in findings if f.health is health)
        if names:
            return Rule(title, health, f"See {' and '.join(names)}.")
    return Rule(title, Health.OK, "Kept.") if findings else Rule(title, Health.UNKNOWN, "Not looked at.")


def _complaints(seen: Traffic) -> Rule:
    title = "Complaints under 0.3 % of the mails, better under 0.1 %"
    postmaster = "Gmail sends none of them on; its Postmaster Tools show them."
    if seen.accepted < FEW:
        return Rule(title, Health.UNKNOWN, f"Too few mails in {DAYS} days to say. {postmaster}")
    share = seen.complaints / seen.accepted
    health = Health.FAIL if share >= BAD else Health.WARN if share >= GOOD else Health.OK
    return Rule(
        title,
        health,
        f"{share:.2%} of {seen.accepted:,} mails in {DAYS} days, as far as complaints reach us. {postmaster}",
    )
