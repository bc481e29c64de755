"""The settings of relays: what they mean, and what is said of those that cannot be read."""

from datetime import date, datetime, timedelta

import pytest

from blog.db import Database
from blog.settings import SettingsError, build
from newsletter.delivery import outbox, relays
from newsletter.delivery.relays import Pace, Relay, Warmup
from newsletter.delivery.transport import open_transport
from tests.newsletter.delivery.office import Office


def test_without_settings_there_is_the_publication_s_own_and_it_has_no_limits() -> None:
    (own,) = relays.parse(build())
    assert own == Relay("", "smtp://127.0.0.1:8025", 4)
    assert own.pace.is_free(datetime.now().astimezone())


def test_each_relay_has_its_own_address_pace_and_patience() -> None:
    own, alerts, weekly = relays.parse(
        build(
            smtp_url="smtp://u:p%3Fw@mail.example.org:587?starttls=require&per_second=20&retry_hours=12",
            smtp_connections=6,
            relays="alerts=smtps://a:hush@fast.example.net?connections=8&auth=XOAUTH2&pipelining=no  "
            "weekly=file:///mails?per_hour=900&per_day=9000&warmup=2026-12-01:500",
        )
    )
    assert own == Relay(
        "", "smtp://u:p%3Fw@mail.example.org:587?starttls=require", 6, Pace(20), timedelta(hours=12)
    )
    assert alerts == Relay("alerts", "smtps://a:hush@fast.example.net", 8, auth="xoauth2", pipelining=False)
    pace = Pace(per_hour=900, per_day=9000, warmup=Warmup(date(2026, 12, 1), 500))
    assert weekly == Relay("weekly", "file:///mails", 6, pace)
    for relay in (own, alerts, weekly):
        assert open_transport(relay.url), "what is left of the address is an address"


def test_a_relay_shows_no_password() -> None:
    (own,) = relays.parse(build(smtp_url="smtp://ada:opensesame@mail.example.org"))
    assert "opensesame" not in repr(own)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("per_second=fast", "per_second is a whole number from 1 to 10000."),
        ("per_second=0", "per_second is a whole number"),
        ("per_hour=-5", "per_hour is a whole number"),
        ("connections=65", "connections is a whole number from 1 to 64."),
        ("retry_hours=1000", "retry_hours is a whole number from 1 to 240."),
        ("pipelining=maybe", "pipelining is one of yes, no."),
        ("auth=ntlm", "auth is one of plain, login, cram-md5, xoauth2."),
        ("warmup=soon:500", "like warmup=2026-12-01:500"),
        ("warmup=2026-12-01", "like warmup=2026-12-01:500"),
        ("per_secs=5", "did you mean per_second?"),
        ("hush=1", "In a password write %3F for ?"),
    ],
)
def test_an_option_that_cannot_be_read_is_told_with_its_place(options: str, told: str) -> None:
    with pytest.raises(SettingsError) as refused:
        relays.parse(build(relays=f"alerts=smtp://ada:opensesame@mail.example.org?{options}"))
    assert str(refused.value).startswith("PERIJOVE_RELAYS, alerts: ") and told in str(refused.value)
    assert "opensesame" not in str(refused.value) and "hush" not in str(refused.value)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("smtp://ada:opensesame@mail.example.org", "entry 1: write name=smtp://host"),
        ("a=smtp://h Alerts=smtp://ada:opensesame@h", "entry 2: write name=smtp://host"),
        ("alerts=mail.example.org", "entry 1: write name=smtp://host"),
        ("a=smtp://h a=smtp://i", "two relays called a"),
    ],
)
def test_a_relay_that_cannot_be_told_apart_is_refused(written: str, told: str) -> None:
    with pytest.raises(SettingsError) as refused:
        relays.parse(build(relays=written))
    assert told in str(refused.value) and "opensesame" not in str(refused.value)


def test_every_fault_has_a_line_of_its_own() -> None:
    with pytest.raises(SettingsError) as refused:
        relays.parse(build(smtp_url="smtp://h?per_day=x&auth=y", relays="a=smtp://h?per_hour=z B=2"))
    assert len(str(refused.value).splitlines()) == 4


def test_letters_of_a_relay_that_is_no_longer_set_leave_by_the_publication_s_own(
    db: Database, office: Office, noon: datetime
) -> None:
    with db.transaction() as s:
        for reader, name in enumerate(("", "alerts", "gone"), 1):
            outbox.put(s, "digest", 7, reader, "ada@example.org", noon, relay=name)
    relays.adopt(db, relays.parse(build(relays="alerts=smtp://h")))
    assert [letter.relay for letter in office.letters()] == ["", "alerts", ""]


def test_a_list_s_relay_that_is_no_longer_set_is_stood_in_for() -> None:
    settings = build(relays="alerts=smtp://h")
    assert relays.names(settings) == ("alerts",)
    assert [relays.standing_in(name, settings) for name in ("alerts", "gone", "")] == ["alerts", "", ""]
