"""The examination: every check at once, in parallel, within a deadline. Called by the desk and the command line; changes nothing."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime

from blog.refusals import Invalid
from blog.settings import Settings
from newsletter.doctor import bulk, dkim, dmarc, letterhead, sender, server, spf
from newsletter.doctor.bulk import Traffic
from newsletter.doctor.case import Case, case_of, first_steps
from newsletter.doctor.dial import Dial
from newsletter.doctor.findings import Check, Diagnosis, Finding, Health
from newsletter.doctor.letterhead import Headers
from newsletter.doctor.resolver import Notebook, Resolver

DEADLINE = 15.0
"""Seconds; what has found nothing until then says so."""
LATE = "No answer came in time. Examine again later."
Findings = tuple[Finding, ...]


def examine(
    settings: Settings,
    resolver: Resolver,
    dial: Dial,
    at: datetime,
    *,
    headers: Headers | None = None,
    traffic: Traffic = Traffic(),
    seconds: float = DEADLINE,
) -> Diagnosis:
    """``headers`` of a digest as it leaves us. Raises Invalid where nothing can be examined yet."""
    needed = next((step for step in first_steps(settings) if step.is_needed), None)
    if needed:
        raise Invalid(f"Set {needed.setting} first. {needed.sentence}")
    case = case_of(settings, headers)
    findings = _together(_checks(case, Notebook(resolver, seconds), dial, at), seconds)
    return Diagnosis(at, case.domain, findings, bulk.rules(findings, traffic), traffic.readers)


def _checks(
    case: Case, resolver: Resolver, dial: Dial, at: datetime
) -> tuple[tuple[tuple[Check, ...], Callable[[], Findings]], ...]:
    """What each look is about, in the order of the page."""
    return (
        ((Check.DOMAIN, Check.FREE_MAIL), lambda: sender.examine(case, resolver)),
        ((Check.SPF,), lambda: (spf.examine(case, resolver),)),
        ((Check.DKIM,), lambda: dkim.examine(case, resolver)),
        ((Check.DMARC, Check.ALIGNMENT), lambda: dmarc.examine(case, resolver)),
        ((Check.REVERSE,), lambda: (server.examine_names(case, resolver),)),
        ((Check.TLS,), lambda: (server.examine_encryption(case, dial, at),)),
        ((Check.ONE_CLICK, Check.FORM), lambda: letterhead.examine(case)),
        ((Check.SITE, Check.POSTAL), lambda: sender.examine_settings(case)),
    )


def _together(
    checks: tuple[tuple[tuple[Check, ...], Callable[[], Findings]], ...], seconds: float
) -> Findings:
    # Without "with": leaving that would wait for a thread that hangs. Each ends by its own time-outs.
    pool = ThreadPoolExecutor(len(checks), thread_name_prefix="doctor")
    try:
        futures = [(about, pool.submit(look)) for about, look in checks]
        wait([future for _, future in futures], timeout=seconds)
        return tuple(finding for about, future in futures for finding in _told(about, future))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _told(about: tuple[Check, ...], future: "Future[Findings]") -> Findings:
    return (
        future.result() if future.done() else tuple(Finding(check, Health.UNKNOWN, LATE) for check in about)
    )
