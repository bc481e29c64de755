"""SPF: one readable record within its limits that lets our own addresses through, and odd records that never raise."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.doctor import spf, spf_answer, spf_record, spf_tree
from newsletter.doctor.case import Case
from newsletter.doctor.findings import Health
from newsletter.doctor.route import Route, Way
from newsletter.doctor.spf_answer import Result
from tests.newsletter.doctor.conftest import World, by_relay


def with_record(world: World, *texts: str) -> World:
    world.put("sky.example", "TXT", *texts)
    return world


def test_a_record_that_lets_our_server_through_is_in_order(world: World, case: Case) -> None:
    found = spf.examine(case, world)
    assert found.health is Health.OK and "1 of 10 look-ups" in found.sentence
    assert found.found == ("v=spf1 mx ip6:2001:db8::/32 -all",)


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (("v=spf1 mx -all", "v=spf1 a -all"), "2 SPF records"),
        (('"v=spf1 mx -all"',), "quotation marks"),
        (("v=spf10 mx",), "does not begin"),
        (("v=spf1 mx +all",), "lets everybody send"),
        (("v=spf1 mx all",), "lets everybody send"),
        (("v=spf1 ip4:192.0.2.0/40 -all",), "names no ip4 network"),
        (("v=spf1 ipv4:192.0.2.1 -all",), "nothing that SPF knows"),
        (("v=spf1 include: -all",), "names no domain"),
        (("v=spf1 mx/99 -all",), "mask that cannot be"),
        (("v=spf1 mx -all:now",), "takes nothing behind it"),
        (("v=spf1 redirect=a.example redirect=b.example",), "twice"),
        (("v=spf1 include:nowhere.example -all",), "which has no SPF record"),
        (("v=spf1 " + " ".join(f"exists:{n}.sky.example" for n in range(11)) + " -all",), "11 look-ups"),
        (("v=spf1 a:x.example a:y.example mx:z.example ip4:192.0.2.25 -all",), "3 names in the record lead to nothing"),
    ],
)  # fmt: skip
def test_a_record_that_receivers_do_not_heed_is_to_be_mended(
    world: World, case: Case, texts: tuple[str, ...], words: str
) -> None:
    for number in range(11):
        world.put(f"{number}.sky.example", "A", "192.0.2.99")
    found = spf.examine(case, with_record(world, *texts))
    assert found.health is Health.FAIL and words in found.sentence


def test_a_missing_record_comes_with_one_to_paste(world: World, case: Case) -> None:
    del world.records["sky.example", "TXT"]
    found = spf.examine(case, world)
    assert found.health is Health.FAIL
    assert [record.value for record in found.paste] == ["v=spf1 ip4:192.0.2.25 ~all"]


def test_a_missing_record_says_what_it_would_take_where_we_cannot_write_one(world: World, case: Case) -> None:
    del world.records["sky.example", "TXT"]
    assert "We cannot know" in spf.examine(by_relay(case), world).sentence
    assert (
        spf.examine(by_relay(case, "smtp.sendgrid.net"), world).paste[0].value
        == "v=spf1 include:sendgrid.net ~all"
    )
    assert "Set the mail server first" in spf.examine(replace(case, route=Route(Way.UNSET)), world).sentence
    lost = replace(case, route=Route(Way.OWN, "gone.sky.example"))
    assert "could not be looked up" in spf.examine(lost, world).sentence


def test_an_address_that_is_shut_out_is_named_and_put_into_the_record(world: World, case: Case) -> None:
    found = spf.examine(case, with_record(world, "v=spf1 ip4:198.51.100.0/24 -all"))
    assert found.health is Health.FAIL and "192.0.2.25" in found.sentence
    assert found.paste[0].value == "v=spf1 ip4:198.51.100.0/24 ip4:192.0.2.25 -all"


def test_the_ten_lookups_count_what_is_included(world: World, case: Case) -> None:
    for number in range(6):
        world.put(f"i{number}.example", "TXT", "v=spf1 a:mail.sky.example -all")
    record = "v=spf1 " + " ".join(f"include:i{number}.example" for number in range(6)) + " -all"
    found = spf.examine(case, with_record(world, record))
    assert found.health is Health.FAIL and "12 look-ups" in found.sentence


def test_records_that_include_each_other_come_to_an_end(world: World, case: Case) -> None:
    world.put("loop.example", "TXT", "v=spf1 include:sky.example -all")
    found = spf.examine(case, with_record(world, "v=spf1 include:loop.example -all"))
    assert found.health is Health.FAIL and len(world.asked) < 100


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("v=spf1 mx", "says nothing about all other"),
        ("v=spf1 mx ?all", "says nothing about all other"),
        ("v=spf1 mx ptr -all", "Take “ptr” out"),
    ],
)
def test_a_record_that_works_and_could_be_better_is_to_be_looked_at(
    world: World, case: Case, text: str, words: str
) -> None:
    found = spf.examine(case, with_record(world, text))
    assert found.health is Health.WARN and words in found.sentence


def test_silence_is_not_taken_for_a_fault(world: World, case: Case) -> None:
    world.silent.add("sky.example")
    assert spf.examine(case, world).health is Health.UNKNOWN
    world.silent = {"partner.example"}
    found = spf.examine(case, with_record(world, "v=spf1 mx include:partner.example -all"))
    assert found.health is Health.WARN and "partner.example" in found.sentence


def test_of_an_unknown_relay_we_say_that_we_cannot_know(world: World, case: Case) -> None:
    found = spf.examine(by_relay(case), world)
    assert (
        found.health is Health.UNKNOWN
        and "We cannot know from which addresses the relay sends" in found.sentence
    )
    assert found.paste == ()


def test_a_known_relays_include_is_asked_for_and_recognised(world: World, case: Case) -> None:
    relayed = by_relay(case, "smtp.eu.mailgun.org")
    missing = spf.examine(relayed, world)
    assert missing.health is Health.FAIL
    assert missing.paste[0].value == "v=spf1 mx ip6:2001:db8::/32 include:mailgun.org -all"
    world.put("mailgun.org", "TXT", "v=spf1 ip4:198.51.100.0/24 -all")
    assert spf.examine(relayed, with_record(world, missing.paste[0].value)).health is Health.OK


def test_a_server_on_this_machine_is_guessed_at_by_the_sites_address(world: World, case: Case) -> None:
    here = replace(case, route=Route(Way.HERE, "127.0.0.1", 25))
    shut = spf.examine(here, world)
    assert shut.health is Health.UNKNOWN and "192.0.2.1" in shut.sentence
    assert spf.examine(here, with_record(world, "v=spf1 a mx -all")).health is Health.OK


def test_without_a_mail_server_only_the_record_is_read(world: World, case: Case) -> None:
    assert spf.examine(replace(case, route=Route(Way.UNSET)), world).health is Health.UNKNOWN


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("v=spf1 ip4:192.0.2.25 -all", Result.PASS),
        ("v=spf1 a -all", Result.FAIL),
        ("v=spf1 a/24 -all", Result.PASS),
        ("v=spf1 mx ~all", Result.PASS),
        ("v=spf1 mx:other.example ~all", Result.SOFTFAIL),
        ("v=spf1 ?ip4:192.0.2.0/24", Result.NEUTRAL),
        ("v=spf1 ip6:2001:db8::1", Result.NEUTRAL),
        ("v=spf1 include:other.example -all", Result.PASS),
        ("v=spf1 redirect=other.example", Result.PASS),
        ("v=spf1 redirect=nowhere.example", Result.BROKEN),
        ("v=spf1 exists:%{ir}.%{v}._spf.%{d2} -all", Result.PASS),
        ("v=spf1 exists:%{l}.%{o1r-} -all", Result.FAIL),
        ("v=spf1 moonshine -all", Result.BROKEN),
    ],
)
def test_the_answer_is_the_one_that_a_receiver_gives(world: World, text: str, result: Result) -> None:
    world.put("other.example", "TXT", "v=spf1 ip4:192.0.2.0/28 a:mail.sky.example -all")
    world.put("other.example", "MX", "10 mx.other.example")
    world.put("25.2.0.192.in-addr._spf.sky.example", "A", "127.0.0.2")
    assert spf_answer.evaluate(with_record(world, text), "sky.example", "192.0.2.25") is result


def test_an_address_of_ipv6_is_held_against_networks_of_ipv6(world: World) -> None:
    assert spf_answer.evaluate(world, "sky.example", "2001:db8::25") is Result.PASS
    assert spf_answer.evaluate(world, "sky.example", "2001:dead::25") is Result.FAIL


def test_a_receiver_gives_up_after_ten_lookups(world: World) -> None:
    with_record(world, "v=spf1 " + "a " * 11 + "ip4:192.0.2.25 -all")
    assert spf_answer.evaluate(world, "sky.example", "192.0.2.25") is Result.BROKEN


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(st.characters(codec="utf-8"), max_size=200)
    | st.from_regex(r"([+~?-]?(a|mx|include|ip4|ip6|exists|ptr|all|redirect)[:=/%]?[\w%{}.:/]{0,12} ?){0,20}")
)
def test_no_record_however_odd_raises(world: World, case: Case, tail: str) -> None:
    with_record(world, "v=spf1 " + tail)
    assert spf.examine(case, world).sentence
    assert spf_answer.evaluate(world, "sky.example", "192.0.2.25") in Result


def test_a_huge_record_is_read_in_no_time_and_shown_in_part(world: World, case: Case) -> None:
    with_record(world, "v=spf1 " + "a:x.example " * 5000 + "-all")
    found = spf.examine(case, world)
    assert found.health is Health.FAIL and len(found.found[0]) < 700 and len(world.asked) < 100
    assert len(spf_record.read("v=spf1 " + "é" * 60_000).faults) == 1
    assert spf_tree.records_at(world, "sky.example")[1]
