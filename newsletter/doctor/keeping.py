"""Keeps the newest diagnosis for the desk, and reads it back."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import delete, select

from blog.db import Database
from newsletter.doctor.findings import Check, Diagnosis, Finding, Health, Record, Rule
from newsletter.doctor.model import Examination

KEPT = 10
"""Examinations; older ones are taken away."""


def keep(db: Database, diagnosis: Diagnosis) -> None:
    result = {name: value for name, value in asdict(diagnosis).items() if name not in ("at", "domain")}
    with db.transaction() as s:
        s.add(Examination(at=diagnosis.at, domain=diagnosis.domain, result=result))
        s.flush()
        newest = select(Examination.id).order_by(Examination.id.desc()).limit(KEPT).subquery()
        s.execute(delete(Examination).where(Examination.id.not_in(select(newest.c.id))))


def last(db: Database) -> Diagnosis | None:
    with db.reading() as s:
        row = s.scalars(select(Examination).order_by(Examination.id.desc()).limit(1)).first()
    return _read(row) if row else None


def _read(row: Examination) -> Diagnosis | None:
    """None for one that an older or newer version wrote in other terms."""
    try:
        findings = tuple(_finding(told) for told in row.result["findings"])
        rules = tuple(
            Rule(told["title"], Health(told["health"]), told["sentence"]) for told in row.result["rules"]
        )
        return Diagnosis(row.at, row.domain, findings, rules, int(row.result["readers"]))
    except (KeyError, TypeError, ValueError):
        return None


def _finding(told: dict[str, Any]) -> Finding:
    paste = tuple(Record(record["name"], record["kind"], record["value"]) for record in told["paste"])
    return Finding(
        Check(told["check"]), Health(told["health"]), told["sentence"], tuple(told["found"]), paste
    )
