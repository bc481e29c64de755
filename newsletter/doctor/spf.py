"""The check of SPF: one readable record, within its limits, that lets through the addresses we send from."""

from newsletter.doctor import spf_answer, spf_record, spf_tree
from newsletter.doctor.case import Case
from newsletter.doctor.findings import Check, Finding, Health, Record, shown
from newsletter.doctor.resolver import Resolver
from newsletter.doctor.route import Way, sending_addresses
from newsletter.doctor.spf_answer import Result
from newsletter.doctor.spf_tree import MOST_LOOKUPS, MOST_VOID, Tree

RELAYED = "We cannot know from which addresses the relay sends. Ask its operator which “include:” belongs into this record."


def examine(case: Case, resolver: Resolver) -> Finding:
    domain = case.return_domain
    answer, found = spf_tree.records_at(resolver, domain)
    told = tuple(map(shown, found))
    if answer.is_silent:
        return _say(Health.UNKNOWN, f"The DNS did not answer for {domain}. Examine again later.")
    if not found:
        return _none(case, resolver, answer.values)
    if len(found) > 1:
        return _say(
            Health.FAIL,
            f"{domain} has {len(found)} SPF records, so receivers heed none. Join them into one.",
            told,
        )
    record = spf_record.read(found[0])
    tree = spf_tree.walk(resolver, domain, record)
    return (
        _broken(tree, record, told)
        or _authorised(case, resolver, found[0], tree, told)
        or _lax(record, tree, told)
        or _say(Health.OK, f"One record, {_counted(tree)}, and it lets your mail through.", told)
    )  # fmt: skip


def _none(case: Case, resolver: Resolver, texts: tuple[str, ...]) -> Finding:
    near = tuple(shown(text) for text in texts if "v=spf" in text.lower()[:8])
    if near:
        return _say(
            Health.FAIL,
            "A record is there, but it does not begin with “v=spf1”, for instance because of quotation marks.",
            near,
        )
    terms, way = _suggested(case, resolver), case.route.way
    sentence = f"{case.return_domain} has no SPF record."
    if terms:
        return _say(Health.FAIL, sentence, paste=(Record(case.return_domain, "TXT", f"v=spf1 {terms} ~all"),))
    if way is Way.RELAY:
        return _say(Health.FAIL, f"{sentence} {RELAYED}")
    is_unset = way in (Way.UNSET, Way.FOLDER)
    more = (
        "Set the mail server first."
        if is_unset
        else "It must name the addresses that you send from, which could not be looked up."
    )
    return _say(Health.FAIL, f"{sentence} {more}")


def _suggested(case: Case, resolver: Resolver) -> str:
    if case.route.way is Way.RELAY:
        return f"include:{case.route.include}" if case.route.include else ""
    return _networks(sending_addresses(case.route, case.site_host, resolver))


def _broken(tree: Tree, record: spf_record.SpfRecord, told: tuple[str, ...]) -> Finding | None:
    every = record.find("all")
    if tree.faults:
        return _say(
            Health.FAIL,
            f"The record cannot be read, so receivers heed none of it: {'; '.join(tree.faults[:3])}.",
            told,
        )
    if tree.lookups > MOST_LOOKUPS:
        return _say(
            Health.FAIL,
            f"It takes {tree.lookups} look-ups to read the record; receivers stop after {MOST_LOOKUPS}. Drop an “include:”.",
            told,
        )
    if tree.void > MOST_VOID:
        return _say(
            Health.FAIL,
            f"{tree.void} names in the record lead to nothing; receivers stop after {MOST_VOID}. Take them out.",
            told,
        )
    if every and every.qualifier == "+":
        return _say(
            Health.FAIL,
            "The record ends in “+all”: it lets everybody send in your name. Write “~all” or “-all”.",
            told,
        )
    return None


def _authorised(
    case: Case, resolver: Resolver, text: str, tree: Tree, told: tuple[str, ...]
) -> Finding | None:
    """None where all is well."""
    way = case.route.way
    if way in (Way.UNSET, Way.FOLDER):
        return _say(
            Health.UNKNOWN,
            "The record can be read. Whether it lets your mail through shows when the mail server is set.",
            told,
        )
    if case.route.include and case.route.include in tree.visited:
        return None
    ours = sending_addresses(case.route, case.site_host, resolver)
    results = {address: spf_answer.evaluate(resolver, case.return_domain, address) for address in ours}
    shut = tuple(address for address, result in results.items() if result is not Result.PASS)
    if way is Way.RELAY:
        return _relayed(case, text, told, is_known=bool(ours) and not shut)
    if not ours or Result.SILENT in results.values():
        return _say(
            Health.UNKNOWN,
            "The record can be read, but the addresses that you send from could not be looked up.",
            told,
        )
    return _shut_out(case, text, told, shut) if shut else None


def _relayed(case: Case, text: str, told: tuple[str, ...], *, is_known: bool) -> Finding:
    passing = "It lets the relay’s own name through. " if is_known else ""
    include = case.route.include
    if not include:
        return _say(Health.UNKNOWN, passing + RELAYED, told)
    wanted = f"The record does not include the relay that sends for you; as far as we know it is “include:{include}”. Its operator knows for sure."
    return _say(Health.FAIL, passing + wanted, told, (_amended(case, text, f"include:{include}"),))


def _shut_out(case: Case, text: str, told: tuple[str, ...], shut: tuple[str, ...]) -> Finding:
    names, paste = ", ".join(shut), (_amended(case, text, _networks(shut)),)
    if case.route.way is Way.HERE:
        return _say(
            Health.UNKNOWN,
            f"If this machine sends from the site’s address, {names}, the record does not let it through.",
            told,
            paste,
        )
    return _say(
        Health.FAIL,
        f"The record does not let {names} through, and that is where {case.route.host} sends from.",
        told,
        paste,
    )


def _lax(record: spf_record.SpfRecord, tree: Tree, told: tuple[str, ...]) -> Finding | None:
    every = record.find("all")
    if tree.silent:
        return _say(
            Health.WARN,
            f"It lets your mail through, but {tree.silent[0]}, which it includes, did not answer.",
            told,
        )
    if not record.find("redirect") and (every is None or every.qualifier == "?"):
        return _say(
            Health.WARN,
            "It lets your mail through, but says nothing about all other. End it with “~all” or “-all”.",
            told,
        )
    if record.find("ptr"):
        return _say(
            Health.WARN,
            "It lets your mail through. Take “ptr” out: it is slow, and many receivers skip it.",
            told,
        )
    return None


def _amended(case: Case, text: str, terms: str) -> Record:
    """The record with ``terms`` before its end."""
    words = text.split()
    ends = [
        at
        for at, word in enumerate(words)
        if word.lower().lstrip("+-~?") == "all" or word.lower().startswith("redirect=")
    ]
    at = ends[0] if ends else len(words)
    return Record(case.return_domain, "TXT", " ".join([*words[:at], terms, *words[at:]]))


def _networks(addresses: tuple[str, ...]) -> str:
    return " ".join(f"ip{6 if ':' in address else 4}:{address}" for address in addresses)


def _counted(tree: Tree) -> str:
    return f"{tree.lookups} of {MOST_LOOKUPS} look-ups"


def _say(
    health: Health, sentence: str, found: tuple[str, ...] = (), paste: tuple[Record, ...] = ()
) -> Finding:
    return Finding(Check.SPF, health, sentence, found, paste)
