"""The whole examination: what it asks for first, its deadline, the bulk rules, and keeping what it found."""

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from blog.db import Database
from blog.refusals import Invalid
from blog.settings import Settings, build
from newsletter.delivery.model import Letter, LetterState
from newsletter.doctor import bulk, examining, keeping, letterhead, telling
from newsletter.doctor.bulk import Traffic
from newsletter.doctor.case import case_of, first_steps
from newsletter.doctor.findings import Check, Diagnosis, Finding, Health, Record, Rule, shown
from newsletter.doctor.model import Examination
from newsletter.doctor.resolver import Answer, Dns, Notebook, Outcome
from newsletter.subscribers.model import Consent
from tests.cast import Newsroom
from tests.conftest import NOON
from tests.newsletter.doctor.conftest import SOUND, Exchange, World, moved
from tests.newsletter.doctor.test_sender import MAIL

EXCHANGE = Exchange({"mail.sky.example.org": SOUND})


@pytest.fixture
def real(tmp_path: Path) -> Settings:
    return build(
        data=tmp_path, sender="Sky <digest@sky.example.org>", smtp_url="smtp://user:secret@mail.sky.example.org:587",
        site_url="https://sky.example.org", postal_address="1 Dome Road",
    )  # fmt: skip


@pytest.fixture
def sky() -> World:
    return moved("sky.example.org")


def health(diagnosis: Diagnosis, check: Check) -> list[Health]:
    return [finding.health for finding in diagnosis.findings if finding.check is check]


def test_a_publication_that_does_everything_right_has_nothing_to_mend(real: Settings, sky: World) -> None:
    sky.put("perijove._domainkey.sky.example.org", "TXT", "v=DKIM1; k=ed25519; p=" + "A" * 43 + "=")
    found = examining.examine(
        real, sky, EXCHANGE, NOON, headers=letterhead.read(MAIL), traffic=Traffic(6000, 100_000, 3)
    )
    assert [finding.check for finding in found.findings] == list(Check)
    assert found.count(Health.FAIL) == found.count(Health.UNKNOWN) == 0
    assert {rule.health for rule in found.rules} == {Health.OK} and found.is_bulk
    assert "secret" not in repr(found)


def test_nothing_is_asked_before_there_is_a_sender_of_ones_own(world: World, tmp_path: Path) -> None:
    bare = build(data=tmp_path)
    with pytest.raises(Invalid, match="Set PERIJOVE_SENDER first"):
        examining.examine(bare, world, EXCHANGE, NOON)
    assert world.asked == []
    assert [(step.setting, step.is_needed) for step in first_steps(bare)] == [
        ("PERIJOVE_SENDER", True),
        ("PERIJOVE_SMTP_URL", False),
    ]


@pytest.mark.parametrize(
    "domain", ["localhost", "mail", "sky.test", "sky.invalid", "[192.0.2.1]", "192.0.2.1"]
)
def test_senders_that_nobody_can_answer_are_no_senders(tmp_path: Path, domain: str) -> None:
    steps = first_steps(build(data=tmp_path, sender=f"a@{domain}", smtp_url="file:///tmp/mails"))
    assert steps[-1].setting == "PERIJOVE_SMTP_URL"
    assert steps[0].is_needed or domain.startswith("[")


def test_a_name_outside_ascii_is_asked_for_as_the_dns_knows_it(tmp_path: Path) -> None:
    assert case_of(build(data=tmp_path, sender="Sky <a@Süd.org>")).domain == "xn--sd-xka.org"


def test_the_return_path_is_the_address_for_bounces(real: Settings, sky: World) -> None:
    other = build(**{**real.model_dump(), "bounce_address": "back@bounces.sky.example.org"})
    assert case_of(other).return_domain == "bounces.sky.example.org"


def test_what_hangs_past_the_deadline_is_not_waited_for(real: Settings, sky: World) -> None:
    free = threading.Event()

    class Hanging(Exchange):
        def call(self, host: str, port: int, tls: bool):  # type: ignore[no-untyped-def]
            free.wait(5)
            return SOUND

    found = examining.examine(real, sky, Hanging({}), NOON, seconds=0.2)
    free.set()
    assert health(found, Check.TLS) == [Health.UNKNOWN]
    assert health(found, Check.POSTAL) == [Health.OK]


def test_a_world_that_is_silent_is_not_blamed(real: Settings, sky: World) -> None:
    silent = Notebook(sky, seconds=-1)
    found = examining.examine(real, silent, EXCHANGE, NOON)
    assert {
        h
        for check in (Check.DOMAIN, Check.SPF, Check.DKIM, Check.DMARC, Check.REVERSE)
        for h in health(found, check)
    } == {Health.UNKNOWN}


def test_the_notebook_asks_nothing_twice_and_nothing_late(world: World) -> None:
    clock = iter([0.0, 1.0, 9.0]).__next__
    notebook = Notebook(world, 5, clock)
    assert notebook.ask("Sky.example.", "A") == notebook.ask("sky.example", "A")
    assert world.asked == [("sky.example", "A")]
    assert notebook.ask("sky.example", "MX").is_silent and len(world.asked) == 1


@pytest.mark.parametrize("name", ["a..b", "x" * 70 + ".example", "." * 300])
def test_a_name_that_cannot_be_is_missing_without_asking(name: str) -> None:
    assert Dns().ask(name, "A") == Answer(Outcome.MISSING)


def test_the_rules_follow_from_the_findings() -> None:
    findings = [Finding(check, Health.OK, "Well.") for check in Check]
    assert {rule.health for rule in bulk.rules(findings, Traffic(10, 100_000, 0))} == {Health.OK}
    lame = [replace(f, health=Health.FAIL) if f.check is Check.SPF else f for f in findings]
    assert bulk.rules(lame, Traffic())[0] == Rule(bulk.RULES[0][0], Health.FAIL, "See SPF.")
    mute = [replace(f, health=Health.FAIL) if f.check in (Check.SPF, Check.DKIM) else f for f in findings]
    assert bulk.rules(mute, Traffic())[2] == Rule(bulk.ALIGNED, Health.FAIL, "See SPF and DKIM.")
    dim = [replace(f, health=Health.UNKNOWN) if f.check is Check.REVERSE else f for f in findings]
    assert [rule.health for rule in bulk.rules(dim, Traffic())].count(Health.UNKNOWN) == 2
    warned = [replace(f, health=Health.WARN) for f in findings]
    assert bulk.rules(warned, Traffic())[1].health is Health.OK


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (Traffic(10, 999, 9), Health.UNKNOWN),
        (Traffic(10, 10_000, 9), Health.OK),
        (Traffic(10, 10_000, 10), Health.WARN),
        (Traffic(10, 10_000, 30), Health.FAIL),
    ],
)
def test_the_share_of_complaints_is_judged(seen: Traffic, expected: Health) -> None:
    assert bulk.rules([], seen)[-1].health is expected


def test_traffic_is_counted_over_thirty_days(newsroom: Newsroom) -> None:
    reader = newsroom.reader("ann@example.org", NOON)
    with newsroom.db.transaction() as s:
        for number, age in enumerate((1, 29, 31)):
            at = NOON - timedelta(days=age)
            s.add(Consent(subscriber_id=reader, deed="complained", at=at))
            s.add(
                Letter(kind="digest", about_id=number, reader_id=reader, address="ann@example.org", state=LetterState.ACCEPTED,
                       created_at=at, due_at=at, settled_at=at)
            )  # fmt: skip
    assert bulk.traffic(newsroom.db, NOON) == Traffic(1, 2, 2)


def a_diagnosis(**more: object) -> Diagnosis:
    record = Record("_dmarc.sky.example", "TXT", "v=DMARC1; p=none")
    findings = (
        Finding(Check.DMARC, Health.FAIL, "None.", ("odd “text”",), (record,)),
        Finding(Check.SITE, Health.OK, "Well."),
    )
    return replace(
        Diagnosis(NOON, "sky.example", findings, (Rule("A rule", Health.WARN, "So so."),), 12), **more
    )  # type: ignore[arg-type]


def test_a_diagnosis_is_kept_and_read_back_whole(db: Database) -> None:
    assert keeping.last(db) is None
    keeping.keep(db, a_diagnosis())
    assert keeping.last(db) == a_diagnosis()


def test_only_the_newest_ten_are_kept(db: Database) -> None:
    for readers in range(12):
        keeping.keep(db, a_diagnosis(readers=readers))
    with db.reading() as s:
        assert s.scalar(select(func.count()).select_from(Examination)) == 10
    last = keeping.last(db)
    assert last and last.readers == 11


def test_one_that_another_version_wrote_is_left_unread(db: Database) -> None:
    with db.transaction() as s:
        s.add(Examination(at=NOON, domain="sky.example", result={"findings": [{"check": "Moonlight"}]}))
    assert keeping.last(db) is None


def test_a_foreign_record_is_shown_in_part_and_without_what_does_not_print() -> None:
    assert shown("a\x00\x1b[31mb") == "a��[31mb"
    assert len(shown("x" * 70_000)) < 700


def test_the_lines_for_a_terminal_name_what_to_paste() -> None:
    told = "\n".join(telling.lines(a_diagnosis()))
    assert "FAIL  DMARC: None." in told and '_dmarc.sky.example TXT "v=DMARC1; p=none"' in told
    assert "look  A rule: So so." in told
