"""Finding a domain's DMARC policy by the tree walk of RFC 9989 (4.10), which took the place of RFC 7489's public suffix list."""

from dataclasses import dataclass

from newsletter.doctor.domains import guessed_organisation
from newsletter.doctor.resolver import Resolver

VERSION = "v=DMARC1"
POLICIES = ("none", "quarantine", "reject")
DEEPEST = 8
"""Labels; from a longer name the walk goes on with its last seven."""


@dataclass(frozen=True)
class Policy:
    at: str
    """The domain whose record holds."""
    text: str
    tags: dict[str, str]
    faults: tuple[str, ...]
    organisation: str

    def tag(self, name: str, often: str = "") -> str:
        return self.tags.get(name, often).lower()


@dataclass(frozen=True)
class Walked:
    policy: Policy | None = None
    is_silent: bool = False
    """Some answer was missing, so that no policy need not mean that there is none."""
    double: str = ""
    """A domain with two records: receivers heed neither."""


def find(resolver: Resolver, domain: str) -> Walked:
    held: dict[str, str] = {}
    silent, double = False, ""
    for name in _upwards(domain):
        answer = resolver.ask(f"_dmarc.{name}", "TXT")
        texts = [text for text in answer.values if text.split(";")[0].strip() == VERSION]
        silent = silent or answer.is_silent
        if len(texts) > 1:
            double = double or name
        elif texts:
            held[name] = texts[0]
            if _tags(texts[0])[0].get("psd", "").lower() in ("y", "n"):
                break
    if not held:
        return Walked(None, silent, double)
    organisation = _organisation(domain, held)
    at = domain if domain in held else organisation if organisation in held else next(iter(held))
    tags, faults = _tags(held[at])
    return Walked(Policy(at, held[at], tags, faults, organisation), silent, double)


def organisation_of(resolver: Resolver, domain: str) -> str:
    """By the records, or by a guess where there are none."""
    walked = find(resolver, domain)
    return walked.policy.organisation if walked.policy else guessed_organisation(domain)


def _upwards(domain: str) -> list[str]:
    labels = domain.split(".")
    shorter = labels[-(DEEPEST - 1) :] if len(labels) > DEEPEST else labels[1:]
    return [domain, *(".".join(shorter[at:]) for at in range(len(shorter)))]


def _organisation(domain: str, held: dict[str, str]) -> str:
    """Below a public suffix (psd=y), at a record that says so (psd=n), or else the shortest name with a record."""
    for name, text in held.items():
        border = _tags(text)[0].get("psd", "").lower()
        if border == "n":
            return name
        if border == "y" and name != domain:
            labels = domain.split(".")
            return ".".join(labels[-len(name.split(".")) - 1 :])
    return min(held, key=lambda name: name.count("."))


def _tags(text: str) -> tuple[dict[str, str], tuple[str, ...]]:
    tags: dict[str, str] = {}
    faults: list[str] = []
    for part in text.split(";"):
        name, mark, value = part.partition("=")
        if part.strip() and not mark:
            faults.append(f"“{part.strip()[:40]}” is not written as tag=value")
        elif mark:
            tags.setdefault(name.strip().lower(), value.strip())
    faults += [
        f"“{name}={tags[name][:20]}” is no policy"
        for name in ("p", "sp", "np")
        if tags.get(name, "none").lower() not in POLICIES
    ]
    return tags, tuple(faults)
