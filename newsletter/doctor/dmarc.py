"""The checks of DMARC: a policy with somebody to report to, and a From address that SPF and DKIM speak for."""

import re

from newsletter.doctor import dkim, dmarc_record
from newsletter.doctor.case import Case
from newsletter.doctor.dmarc_record import Policy, Walked
from newsletter.doctor.findings import Check, Finding, Health, Record, shown
from newsletter.doctor.resolver import Resolver
from newsletter.doctor.route import Way

_REPORTS = re.compile(r"mailto:[^@,\s]+@([^,!\s]+)", re.IGNORECASE)


def examine(case: Case, resolver: Resolver) -> tuple[Finding, ...]:
    walked = dmarc_record.find(resolver, case.domain)
    return (_policy(case, resolver, walked), _alignment(case, resolver, walked.policy))


def _policy(case: Case, resolver: Resolver, walked: Walked) -> Finding:
    policy = walked.policy
    if policy is None:
        return _none(case, walked)
    told, where = (shown(policy.text),), "" if policy.at == case.domain else f" (from {policy.at})"
    reports = _REPORTS.findall(policy.tags.get("rua", ""))
    if policy.faults or not ("p" in policy.tags or reports):
        fault = policy.faults[0] if policy.faults else "it names no policy (“p=”)"
        return _say(
            Health.FAIL, f"The record{where} cannot be relied on: {fault}.", told, (_advised(policy.at),)
        )
    if not reports:
        return _say(
            Health.WARN,
            f"A policy stands{where}, but nobody gets its reports. Add “rua=mailto:…” with an address that you read.",
            told,
        )
    shut = next((domain for domain in reports if not _takes_reports(case, resolver, policy, domain)), "")
    if shut:
        paste = (Record(f"{policy.at}._report._dmarc.{shut}", "TXT", dmarc_record.VERSION),)
        return _say(
            Health.WARN,
            f"Reports go to {shut}, which must agree to it with a record of its own.",
            told,
            paste,
        )
    return _strength(case, policy, where, told)


def _none(case: Case, walked: Walked) -> Finding:
    if walked.is_silent:
        return _say(Health.UNKNOWN, f"The DNS did not answer for _dmarc.{case.domain}. Examine again later.")
    if walked.double:
        return _say(Health.FAIL, f"{walked.double} has two DMARC records, so receivers heed none. Keep one.")
    return _say(
        Health.FAIL,
        f"{case.domain} has no DMARC record. This one changes nothing for your mail and asks for reports; put an address that you read into it.",
        paste=(_advised(case.domain),),
    )


def _strength(case: Case, policy: Policy, where: str, told: tuple[str, ...]) -> Finding:
    own = policy.at == case.domain
    wish = policy.tag("p", "none") if own else policy.tag("sp", policy.tag("p", "none"))
    if policy.tag("t") == "y" or policy.tag("pct", "100") != "100":
        return _say(
            Health.WARN,
            f"The policy{where} is “{wish}”, but only on trial: take “t=y” or “pct=” out when the reports look right.",
            told,
        )
    if wish == "none":
        return _say(
            Health.WARN,
            f"The policy{where} is “none”: enough for Gmail and Yahoo, no hindrance for forgers. When the reports look right, go on to “quarantine”.",
            told,
        )
    return _say(Health.OK, f"The policy{where} is “{wish}”, and reports are asked for.", told)


def _takes_reports(case: Case, resolver: Resolver, policy: Policy, domain: str) -> bool:
    """RFC 9990: a foreign domain says beforehand that it wants them. Silence is taken for yes."""
    if dmarc_record.organisation_of(resolver, domain.lower()) == policy.organisation:
        return True
    answer = resolver.ask(f"{policy.at}._report._dmarc.{domain}", "TXT")
    return answer.is_silent or any(text.startswith(dmarc_record.VERSION) for text in answer.values)


def _alignment(case: Case, resolver: Resolver, policy: Policy | None) -> Finding:
    by_spf = _fits(case, resolver, policy)
    by_dkim = dkim.is_published(case, resolver)
    rewritten = (
        " Some relays write a return path of their own; then only DKIM speaks for you."
        if case.route.way is Way.RELAY
        else ""
    )
    if by_spf and by_dkim:
        return _aligned(
            Health.OK, f"The return path and the signature’s domain both belong to {case.domain}.{rewritten}"
        )
    if by_dkim:
        return _aligned(
            Health.WARN,
            f"The return path, at {case.return_domain}, does not fit the From domain {case.domain}: only DKIM speaks for your mail.",
        )
    if by_spf:
        return _aligned(
            Health.WARN,
            f"The return path fits the From domain. No usable DKIM key does, so forwarded mail has nothing that speaks for it.{rewritten}",
        )
    if case.route.way is Way.RELAY:
        return _aligned(
            Health.UNKNOWN,
            f"The return path, at {case.return_domain}, does not fit {case.domain}. Whether the relay signs for {case.domain} we cannot see.",
        )
    return _aligned(
        Health.FAIL,
        f"Neither the return path, at {case.return_domain}, nor a DKIM key fits the From domain {case.domain}.",
    )


def _fits(case: Case, resolver: Resolver, policy: Policy | None) -> bool:
    if case.domain == case.return_domain:
        return True
    if policy and policy.tag("aspf") == "s":
        return False
    ours = policy.organisation if policy else dmarc_record.organisation_of(resolver, case.domain)
    return dmarc_record.organisation_of(resolver, case.return_domain) == ours


def _advised(domain: str) -> Record:
    return Record(f"_dmarc.{domain}", "TXT", f"v=DMARC1; p=none; rua=mailto:postmaster@{domain}")


def _aligned(health: Health, sentence: str) -> Finding:
    return Finding(Check.ALIGNMENT, health, sentence)


def _say(
    health: Health, sentence: str, found: tuple[str, ...] = (), paste: tuple[Record, ...] = ()
) -> Finding:
    return Finding(Check.DMARC, health, sentence, found, paste)
