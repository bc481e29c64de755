"""A diagnosis as lines for a terminal. Called by the command ``perijove doctor``."""

from collections.abc import Iterator

from newsletter.doctor.findings import Diagnosis, Finding, Health

MARKS = {Health.OK: "ok  ", Health.WARN: "look", Health.FAIL: "FAIL", Health.UNKNOWN: "?   "}


def lines(diagnosis: Diagnosis) -> Iterator[str]:
    yield f"Mail from {diagnosis.domain}"
    for finding in diagnosis.findings:
        yield from _of(finding)
    yield ""
    yield "Rules of Gmail and Yahoo for 5,000 mails a day and more"
    for rule in diagnosis.rules:
        yield f"{MARKS[rule.health]}  {rule.title}: {rule.sentence}"


def _of(finding: Finding) -> Iterator[str]:
    yield f"{MARKS[finding.health]}  {finding.check.value}: {finding.sentence}"
    for text in finding.found:
        yield f"      found  {text}"
    for record in finding.paste:
        yield f"      paste  {record.name} {record.kind} {record.quoted if record.kind == 'TXT' else record.value}"
