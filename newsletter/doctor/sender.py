"""The checks of who we are: the From domain, the site's address, the postal address."""

from newsletter.doctor.case import Case
from newsletter.doctor.domains import is_free_mail
from newsletter.doctor.findings import Check, Finding, Health, shown
from newsletter.doctor.resolver import Outcome, Resolver, addresses


def examine(case: Case, resolver: Resolver) -> tuple[Finding, ...]:
    return (_domain(case, resolver), _owner(case))


def examine_settings(case: Case) -> tuple[Finding, ...]:
    return (_site(case), _postal(case))


def _domain(case: Case, resolver: Resolver) -> Finding:
    def say(health: Health, sentence: str) -> Finding:
        return Finding(Check.DOMAIN, health, sentence, tuple(map(shown, answer.values)))

    domain, answer = case.domain, resolver.ask(case.domain, "MX")
    if answer.is_silent:
        return say(Health.UNKNOWN, f"The DNS did not answer for {domain}. Examine again later.")
    if answer.outcome is Outcome.MISSING:
        return say(Health.FAIL, f"There is no domain {domain}. Receivers refuse mail from it.")
    if not answer.values:
        if addresses(resolver, domain):
            return say(
                Health.WARN,
                f"{domain} names no mail server (MX); replies go to the domain’s own address. Name one.",
            )
        return say(
            Health.FAIL,
            f"{domain} takes no mail: replies and complaints get lost, and some receivers refuse such senders. Add an MX record.",
        )
    hosts = [value.partition(" ")[2].rstrip(".") for value in answer.values[:10]]
    if not all(hosts):
        return say(
            Health.FAIL,
            f"{domain} says that it never takes mail (an empty MX). Replies and complaints get lost.",
        )
    if not any(_is_there(resolver, host) for host in hosts):
        return say(Health.FAIL, f"The mail servers that {domain} names cannot be found.")
    return say(Health.OK, f"{domain} is there and takes mail.")


def _is_there(resolver: Resolver, host: str) -> bool:
    return bool(addresses(resolver, host)) or resolver.ask(host, "A").is_silent


def _owner(case: Case) -> Finding:
    if is_free_mail(case.domain):
        return Finding(
            Check.FREE_MAIL,
            Health.FAIL,
            f"{case.domain} belongs to a mailbox provider, which asks receivers to refuse or hide such mail from elsewhere. Send from a domain of your own.",
        )
    return Finding(Check.FREE_MAIL, Health.OK, f"{case.domain} is no mailbox provider’s.")


def _site(case: Case) -> Finding:
    if case.site.startswith("https://"):
        return Finding(Check.SITE, Health.OK, f"Links in mails lead to {case.site}.")
    return Finding(
        Check.SITE,
        Health.FAIL,
        f"Links in mails lead to {case.site}, without encryption; one-click unsubscribe needs https. Set PERIJOVE_SITE_URL.",
    )


def _postal(case: Case) -> Finding:
    if case.postal_address.strip():
        return Finding(Check.POSTAL, Health.OK, "It stands at the foot of each mail.")
    return Finding(
        Check.POSTAL,
        Health.WARN,
        "Many countries’ law asks for one at the foot of each mail. Set PERIJOVE_POSTAL_ADDRESS.",
    )
