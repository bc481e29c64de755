"""A domain's whole SPF policy: its own record and all that it includes, counted as receivers count it (RFC 7208, 4.6.4)."""

from dataclasses import dataclass, field

from newsletter.doctor import spf_record
from newsletter.doctor.resolver import Answer, Resolver
from newsletter.doctor.spf_record import LOOKS_UP, SpfRecord, Term

MOST_LOOKUPS = 10
MOST_VOID = 2
FOLLOWED = 20
"""Records read and names asked for at most; beyond that the policy is broken anyway. It ends circles too."""


@dataclass
class Tree:
    """What a walk over the policy saw. ``lookups`` counts as if no term ever matched: so it is on the worst day."""

    lookups: int = 0
    void: int = 0
    faults: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    """Domains that did not answer: what they say is not known."""
    visited: list[str] = field(default_factory=list)


def records_at(resolver: Resolver, domain: str) -> tuple[Answer, tuple[str, ...]]:
    """All that was answered, and the SPF records among it."""
    answer = resolver.ask(domain, "TXT")
    return answer, tuple(text for text in answer.values if spf_record.is_spf(text))


def walk(resolver: Resolver, domain: str, record: SpfRecord) -> Tree:
    tree = Tree()
    _follow(resolver, domain, record, tree, "")
    return tree


def _follow(resolver: Resolver, domain: str, record: SpfRecord, tree: Tree, where: str) -> None:
    tree.visited.append(domain)
    tree.faults += [f"{fault}{where}" for fault in record.faults]
    for term in record.terms:
        if term.name == "redirect" and record.find("all"):
            continue
        if term.name in LOOKS_UP:
            tree.lookups += 1
            if not term.has_macro and tree.lookups <= FOLLOWED:
                _look_up(resolver, domain, term, tree)


def _look_up(resolver: Resolver, domain: str, term: Term, tree: Tree) -> None:
    target = term.value or domain
    if term.name in ("include", "redirect"):
        _enter(resolver, target, term, tree)
    elif term.name == "mx":
        _note(resolver.ask(target, "MX"), target, tree)
    elif term.name in ("a", "exists"):
        answer = resolver.ask(target, "A")
        if not answer.values and term.name == "a":
            answer = resolver.ask(target, "AAAA")
        _note(answer, target, tree)


def _enter(resolver: Resolver, target: str, term: Term, tree: Tree) -> None:
    answer, found = records_at(resolver, target)
    _note(answer, target, tree)
    if answer.is_silent:
        return
    if len(found) != 1:
        number = f"{len(found)} SPF records" if found else "no SPF record"
        tree.faults.append(f"“{term.name}” leads to {target}, which has {number}")
    else:
        _follow(resolver, target, spf_record.read(found[0]), tree, f" (in the record of {target})")


def _note(answer: Answer, target: str, tree: Tree) -> None:
    if answer.is_silent:
        tree.silent.append(target)
    elif not answer.values:
        tree.void += 1
