"""The mail server: by which way mail leaves, reverse names, and how it encrypts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from newsletter.doctor import server
from newsletter.doctor.case import Case
from newsletter.doctor.dial import Handshake
from newsletter.doctor.findings import Finding, Health
from newsletter.doctor.route import Route, Way, route_of, sending_addresses
from tests.conftest import NOON
from tests.newsletter.doctor.conftest import SOUND, Exchange, World, by_relay


@pytest.mark.parametrize(
    ("url", "way"),
    [
        ("", Way.UNSET),
        ("file:///var/mails", Way.FOLDER),
        ("smtp://127.0.0.1:25", Way.HERE),
        ("smtp://localhost", Way.HERE),
        ("smtp://10.0.0.5", Way.HERE),
        ("smtp://postfix", Way.HERE),
        ("smtps://user:secret@mail.sky.example", Way.OWN),
        ("smtp://192.0.2.25", Way.OWN),
        ("smtp://smtp.carrier.example:587", Way.RELAY),
        ("ses://AKID:secret@eu-west-1?connections=8", Way.RELAY),
        ("mailgun://secret@api.eu.mailgun.net/news.sky.example", Way.RELAY),
        ("postmark://secret?batch=100", Way.RELAY),
    ],
)
def test_the_way_of_the_mail_is_read_from_the_settings(url: str, way: Way) -> None:
    route = route_of(url, "news.sky.example")
    assert route.way is way and "secret" not in repr(route)
    assert route_of("smtps://mail.sky.example", "sky.example").port == 465


@pytest.mark.parametrize(
    ("url", "host", "include"),
    [
        ("ses://AKID:secret@eu-west-1", "email.eu-west-1.amazonaws.com", "amazonses.com"),
        ("mailgun://secret@api.eu.mailgun.net/sky.example", "api.eu.mailgun.net", "mailgun.org"),
        ("postmark://secret", "api.postmarkapp.com", "spf.mtasv.net"),
    ],
)
def test_a_provider_is_known_by_its_interface_and_is_not_called_as_a_mail_server(
    url: str, host: str, include: str, world: World, case: Case
) -> None:
    route = route_of(url, "sky.example")
    assert (route.host, route.include) == (host, include)
    assert sending_addresses(route, "", world) == ()
    found = server.examine_encryption(replace(case, route=route), Exchange({}), NOON)
    assert found.health is Health.OK and host in found.sentence


def test_domains_under_a_countrys_second_level_are_not_one() -> None:
    assert route_of("smtp://mail.other.co.uk", "sky.co.uk").way is Way.RELAY
    assert route_of("smtp://mail.sky.co.uk", "sky.co.uk").way is Way.OWN


def test_addresses_that_the_world_cannot_see_are_left_out(world: World) -> None:
    world.put("mail.sky.example", "A", "10.0.0.1", "192.0.2.25")
    assert sending_addresses(Route(Way.OWN, "mail.sky.example"), "", world) == ("192.0.2.25",)


def test_a_name_that_leads_back_is_in_order(world: World, case: Case) -> None:
    found = server.examine_names(case, world)
    assert found.health is Health.OK and found.found == ("192.0.2.25: mail.sky.example",)


def test_a_missing_name_comes_with_the_record_to_ask_for(world: World, case: Case) -> None:
    del world.records["25.2.0.192.in-addr.arpa", "PTR"]
    found = server.examine_names(case, world)
    assert found.health is Health.FAIL and "has no reverse name" in found.sentence
    assert (found.paste[0].name, found.paste[0].value) == ("25.2.0.192.in-addr.arpa", "mail.sky.example")


def test_a_name_that_leads_elsewhere_is_to_be_mended(world: World, case: Case) -> None:
    world.put("25.2.0.192.in-addr.arpa", "PTR", "host-25.provider.example")
    found = server.examine_names(case, world)
    assert found.health is Health.FAIL and "does not lead back" in found.sentence


def test_an_address_of_ipv6_is_looked_at_however_it_is_spelled(world: World, case: Case) -> None:
    del world.records["mail.sky.example", "A"]
    world.put("mail.sky.example", "AAAA", "2001:db8::25")
    reverse = "5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"
    world.put(reverse, "PTR", "six.sky.example")
    world.put("six.sky.example", "AAAA", "2001:db8:0:0::25")
    assert server.examine_names(case, world).health is Health.OK


def test_names_that_are_not_ours_to_keep_or_did_not_answer_are_not_judged(world: World, case: Case) -> None:
    assert server.examine_names(by_relay(case), world).health is Health.UNKNOWN
    assert server.examine_names(replace(case, route=Route(Way.UNSET)), world).health is Health.UNKNOWN
    here = server.examine_names(replace(case, route=Route(Way.HERE, "localhost")), world)
    assert here.health is Health.UNKNOWN and here.sentence.startswith("If this machine sends from")
    world.silent.add("25.2.0.192.in-addr.arpa")
    assert server.examine_names(case, world).health is Health.UNKNOWN
    world.silent.add("mail.sky.example")
    assert server.examine_names(case, world).health is Health.UNKNOWN


def encryption(case: Case, answer: Handshake) -> Finding:
    return server.examine_encryption(case, Exchange({case.route.host: answer}), NOON)


def test_a_trusted_certificate_is_in_order(case: Case) -> None:
    found = encryption(case, SOUND)
    assert found.health is Health.OK and found.found == ("mail.sky.example:587", "TLSv1.3")


@pytest.mark.parametrize(
    ("answer", "health", "words"),
    [
        (Handshake(False, "Connection refused"), Health.FAIL, "could not be reached"),
        (Handshake(True), Health.FAIL, "offers no encryption"),
        (Handshake(True, "Hostname mismatch", True), Health.WARN, "not to be trusted"),
        (replace(SOUND, version="TLSv1.1"), Health.WARN, "out of date"),
        (replace(SOUND, expires=NOON + timedelta(days=3)), Health.WARN, "ends on 2026-11-25"),
    ],
)
def test_other_encryption_is_told_of(case: Case, answer: Handshake, health: Health, words: str) -> None:
    found = encryption(case, answer)
    assert found.health is health and words in found.sentence


def test_how_our_own_server_encrypts_towards_the_world_is_not_known(case: Case) -> None:
    here = replace(case, route=Route(Way.HERE, "127.0.0.1"))
    assert encryption(here, Handshake(True)).health is Health.UNKNOWN
    assert encryption(here, Handshake(False, "Connection refused")).health is Health.FAIL
    assert encryption(replace(case, route=Route(Way.FOLDER)), SOUND).health is Health.UNKNOWN
