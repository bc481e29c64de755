"""Who we are: the From domain, the site, the postal address; and the headers of our own digest."""

from dataclasses import replace
from datetime import timedelta

import pytest

from newsletter.delivery.parcels import Parcel, Skip
from newsletter.doctor import letterhead, sender
from newsletter.doctor.case import Case
from newsletter.doctor.findings import Finding, Health
from newsletter.editions.composing import composers
from newsletter.subscribers.tokens import Tokens
from tests.cast import Newsroom
from tests.conftest import NOON
from tests.newsletter.doctor.conftest import World

MAIL = (
    b"From: Sky <digest@sky.example>\r\nTo: ann@example.org\r\nSubject: Rings\r\nDate: Mon, 23 Nov 2026 07:00:00 +0000\r\n"
    b"Message-ID: <1@sky.example>\r\nList-Unsubscribe: <https://sky.example/leave/x>\r\n"
    b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\r\nHello\r\n"
)


def domain(case: Case, world: World) -> Finding:
    return sender.examine(case, world)[0]


def test_a_domain_that_takes_mail_is_in_order(world: World, case: Case) -> None:
    assert domain(case, world).health is Health.OK
    world.silent.add("mail.sky.example")
    assert domain(case, world).health is Health.OK


def test_a_domain_that_is_not_there_or_takes_no_mail_is_to_be_mended(world: World, case: Case) -> None:
    assert "There is no domain" in domain(replace(case, domain="nowhere.example"), world).sentence
    world.put("sky.example", "MX", "0 ")
    assert "never takes mail" in domain(case, world).sentence
    world.put("sky.example", "MX", "10 gone.sky.example")
    assert "cannot be found" in domain(case, world).sentence
    del world.records["sky.example", "MX"]
    assert domain(case, world).health is Health.WARN
    del world.records["sky.example", "A"]
    assert domain(case, world).health is Health.FAIL
    world.silent.add("sky.example")
    assert domain(case, world).health is Health.UNKNOWN


@pytest.mark.parametrize("name", ["gmail.com", "yahoo.com", "yahoo.co.uk", "web.de"])
def test_a_mailbox_providers_domain_is_not_ours_to_send_from(world: World, case: Case, name: str) -> None:
    assert sender.examine(replace(case, domain=name), world)[1].health is Health.FAIL


@pytest.mark.parametrize("name", ["sky.example", "live-astronomy.com", "yahooligans.org"])
def test_a_domain_of_ones_own_is_in_order(world: World, case: Case, name: str) -> None:
    assert sender.examine(replace(case, domain=name), world)[1].health is Health.OK


def test_site_and_postal_address_are_asked_for(case: Case) -> None:
    assert [one.health for one in sender.examine_settings(case)] == [Health.OK, Health.OK]
    bare = replace(case, site="http://localhost:8000", postal_address=" ")
    assert [one.health for one in sender.examine_settings(bare)] == [Health.FAIL, Health.WARN]


def headers(case: Case, message: bytes) -> list[Health]:
    return [one.health for one in letterhead.examine(replace(case, headers=letterhead.read(message)))]


def test_a_digest_with_its_headers_is_in_order(case: Case) -> None:
    assert headers(case, MAIL) == [Health.OK, Health.OK]


@pytest.mark.parametrize(
    "gone",
    [
        b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
        b"List-Unsubscribe: <https://sky.example/leave/x>\r\n",
    ],
)
def test_a_digest_without_its_unsubscribe_headers_is_to_be_mended(case: Case, gone: bytes) -> None:
    assert headers(case, MAIL.replace(gone, b""))[0] is Health.FAIL


def test_a_link_without_encryption_is_no_one_click_link(case: Case) -> None:
    assert headers(case, MAIL.replace(b"<https://", b"<http://"))[0] is Health.FAIL


def test_a_header_that_is_missing_or_doubled_is_named(case: Case) -> None:
    twice = replace(case, headers=letterhead.read(b"Date: now\r\nSubject: Again\r\n" + MAIL))
    assert "date, subject" in letterhead.examine(twice)[1].sentence
    assert headers(case, MAIL.replace(b"Message-ID: <1@sky.example>\r\n", b""))[1] is Health.FAIL
    assert headers(case, b"\xff\xfe\x00 no mail at all") == [Health.FAIL, Health.FAIL]


def test_before_the_first_digest_nothing_is_said_of_its_headers(case: Case) -> None:
    assert [one.health for one in letterhead.examine(case)] == [Health.UNKNOWN, Health.UNKNOWN]


def test_the_headers_are_read_from_the_digest_that_its_composer_writes(
    newsroom: Newsroom, case: Case
) -> None:
    write = composers(newsroom.settings, Tokens("a-key-for-tests-only"))["digest"]
    assert letterhead.sample(newsroom.db, write) is None
    newsroom.begin(NOON)
    newsroom.publish("Rings of Saturn", NOON + timedelta(minutes=1))
    newsroom.reader("ann@example.org", NOON)
    newsroom.tick(NOON + timedelta(hours=20))
    seen = letterhead.sample(newsroom.db, write)
    assert seen and seen["list-unsubscribe-post"] == ("List-Unsubscribe=One-Click",)
    assert letterhead.examine(replace(case, headers=seen))[1].health is Health.OK
    assert (
        letterhead.sample(newsroom.db, lambda _s, letters: {letter.id: Skip("left") for letter in letters})
        is None
    )
    assert letterhead.sample(newsroom.db, lambda _s, letters: {letters[0].id: Parcel("", "", MAIL)})
