"""DMARC: where the policy stands, what it says, and whether the From address is spoken for."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.doctor import dmarc, dmarc_record
from newsletter.doctor.case import Case
from newsletter.doctor.findings import Finding, Health
from tests.newsletter.doctor.conftest import World, by_relay


def policy(case: Case, world: World, *texts: str) -> Finding:
    if texts:
        world.put("_dmarc.sky.example", "TXT", *texts)
    return dmarc.examine(case, world)[0]


def alignment(case: Case, world: World) -> Finding:
    return dmarc.examine(case, world)[1]


def sign(world: World, domain: str = "sky.example") -> None:
    world.put(f"perijove._domainkey.{domain}", "TXT", "v=DKIM1; p=AAAA")


def test_a_policy_with_reports_is_in_order(world: World, case: Case) -> None:
    found = policy(case, world)
    assert found.health is Health.OK and "“quarantine”" in found.sentence


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("v=DMARC1; p=none; rua=mailto:r@sky.example", "enough for Gmail and Yahoo"),
        ("v=DMARC1; rua=mailto:r@sky.example", "“none”"),
        ("v=DMARC1; p=reject", "nobody gets its reports"),
        ("v=DMARC1; p=reject; t=y; rua=mailto:r@sky.example", "on trial"),
        ("v=DMARC1; p=reject; pct=10; rua=mailto:r@sky.example", "on trial"),
        ("v=DMARC1; p=reject; rua=mailto:sky@reports.example", "must agree to it"),
    ],
)
def test_a_weak_policy_is_to_be_looked_at(world: World, case: Case, text: str, words: str) -> None:
    found = policy(case, world, text)
    assert found.health is Health.WARN and words in found.sentence


def test_a_foreign_address_for_reports_may_have_agreed(world: World, case: Case) -> None:
    world.put("sky.example._report._dmarc.reports.example", "TXT", "v=DMARC1")
    assert policy(case, world, "v=DMARC1; p=reject; rua=mailto:sky@reports.example").health is Health.OK


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (("v=DMARC1; p=none", "v=DMARC1; p=reject"), "two DMARC records"),
        (("v=DMARC1; p=perhaps; rua=mailto:r@sky.example",), "is no policy"),
        (("v=DMARC1",), "names no policy"),
        (("v=DMARC1; p=none; moon",), "not written as tag=value"),
        (("p=none; v=DMARC1",), "has no DMARC record"),
        (('"v=DMARC1; p=none"',), "has no DMARC record"),
    ],
)
def test_a_record_that_cannot_be_relied_on_is_to_be_mended(
    world: World, case: Case, texts: tuple[str, ...], words: str
) -> None:
    found = policy(case, world, *texts)
    assert found.health is Health.FAIL and words in found.sentence


def test_a_missing_policy_comes_with_one_to_paste(world: World, case: Case) -> None:
    del world.records["_dmarc.sky.example", "TXT"]
    found = policy(case, world)
    assert found.health is Health.FAIL
    assert found.paste[0].name == "_dmarc.sky.example" and found.paste[0].value.startswith(
        "v=DMARC1; p=none; rua="
    )


def test_silence_is_not_taken_for_a_missing_policy(world: World, case: Case) -> None:
    del world.records["_dmarc.sky.example", "TXT"]
    world.silent.add("_dmarc.sky.example")
    assert policy(case, world).health is Health.UNKNOWN


def test_a_subdomain_is_held_to_its_parents_policy(world: World, case: Case) -> None:
    below = replace(case, domain="news.sky.example", return_domain="news.sky.example")
    found = policy(below, world, "v=DMARC1; p=reject; sp=none; rua=mailto:r@sky.example")
    assert "(from sky.example)" in found.sentence and "“none”" in found.sentence


@pytest.mark.parametrize(
    ("records", "organisation"),
    [
        ({"a.b.example": "v=DMARC1; p=none", "b.example": "v=DMARC1; p=none"}, "b.example"),
        ({"a.b.example": "v=DMARC1; p=none; psd=n", "b.example": "v=DMARC1; p=none"}, "a.b.example"),
        ({"b.example": "v=DMARC1; p=none; psd=y"}, "a.b.example"),
        ({"example": "v=DMARC1; p=none; psd=y"}, "b.example"),
        ({}, "b.example"),
    ],
)
def test_the_organisation_is_found_by_walking_up_the_tree(records: dict[str, str], organisation: str) -> None:
    world = World({(f"_dmarc.{name}", "TXT"): (text,) for name, text in records.items()})
    assert dmarc_record.organisation_of(world, "a.b.example") == organisation


def test_a_deep_name_is_walked_in_eight_steps() -> None:
    world = World()
    dmarc_record.find(world, ".".join("abcdefghijklmno") + ".example")
    assert len(world.asked) == 8


def test_return_path_and_key_of_the_from_domain_are_in_order(world: World, case: Case) -> None:
    sign(world)
    assert alignment(case, world).health is Health.OK
    assert alignment(replace(case, return_domain="bounces.sky.example"), world).health is Health.OK


def test_one_of_the_two_is_enough_and_to_be_looked_at(world: World, case: Case) -> None:
    assert "No usable DKIM key" in alignment(case, world).sentence
    sign(world)
    found = alignment(replace(case, return_domain="carrier.test"), world)
    assert found.health is Health.WARN and "only DKIM speaks" in found.sentence
    world.put("_dmarc.sky.example", "TXT", "v=DMARC1; p=none; aspf=s")
    assert alignment(replace(case, return_domain="bounces.sky.example"), world).health is Health.WARN


def test_neither_of_the_two_is_to_be_mended_save_where_a_relay_may_sign(world: World, case: Case) -> None:
    elsewhere = replace(case, return_domain="carrier.test")
    assert alignment(elsewhere, world).health is Health.FAIL
    assert alignment(by_relay(elsewhere), world).health is Health.UNKNOWN


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200) | st.from_regex(r"(; ?(p|sp|rua|psd|pct|t)=?[\w:@.,!-]{0,20}){0,6}"))
def test_no_record_however_odd_raises(world: World, case: Case, tail: str) -> None:
    assert policy(case, world, "v=DMARC1" + tail).sentence
