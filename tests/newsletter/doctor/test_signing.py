"""Mail is signed with the keys whose records were seen, and other people's software finds the signatures good."""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import dkim
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from newsletter.delivery.dkim import Signer
from newsletter.delivery.parcels import Parcel
from newsletter.doctor import keys, sighting, signing
from newsletter.doctor.keys import Kind
from newsletter.editions import composing
from newsletter.editions.envelope import Form, Words, slot
from newsletter.subscribers.tokens import Tokens
from tests.newsletter.doctor.conftest import World
from tests.newsletter.editions.conftest import DAY, HOUR, Newsroom
from tests.newsletter.editions.post_office import SECRET, PostOffice

DOMAIN = "news.example.org"
OWN = {"to": b"reader@example.org", "date": b"Mon, 23 Nov 2026 07:00:00 +0000", "message-id": b"<1@news.example.org>",
       "leave": b"1.2.0a0a"}  # fmt: skip


class Seconds:
    """A clock that stands still until it is told to go on."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def office(newsroom: Newsroom) -> PostOffice:
    return PostOffice(newsroom)


@pytest.fixture
def publish(office: PostOffice) -> Callable[..., World]:
    """Makes the keys of these kinds, puts their records into the DNS, and has the doctor look."""

    def made(*kinds: Kind) -> World:
        world = World()
        for kind in kinds:
            key = keys.make_for(office.settings, kind)
            world.put(f"{key.selector}._domainkey.{DOMAIN}", "TXT", key.record)
        sighting.look(office.settings, world)
        office.composers = composing.composers(
            office.settings, Tokens(SECRET), signing.keyring(office.settings)
        )
        return world

    return made


def verified(raw: bytes, world: World) -> list[bool]:
    """What dkimpy says of each signature, the first one first."""

    def txt(name: bytes, timeout: int = 5) -> bytes:
        return "".join(world.records.get((name.decode().rstrip("."), "TXT"), ())).encode()

    def is_good(number: int) -> bool:
        try:
            return bool(dkim.DKIM(raw).verify(idx=number, dnsfunc=txt))
        except dkim.ValidationError:
            return False

    return list(map(is_good, range(raw.partition(b"\r\n\r\n")[0].count(b"DKIM-Signature:"))))


def raws(office: PostOffice, kind: str) -> Sequence[bytes]:
    parcels = office.compose(kind).values()
    assert parcels and all(isinstance(parcel, Parcel) for parcel in parcels)
    return [parcel.message for parcel in parcels if isinstance(parcel, Parcel)]


def test_every_kind_of_mail_bears_two_good_signatures(
    office: PostOffice, publish: Callable[..., World], noon: datetime
) -> None:
    world, room = publish(Kind.RSA, Kind.ED25519), office.room
    room.begin(noon)
    for name in ("ann", "bob"):
        reader = room.reader(f"{name}@example.org", noon)
        office.put("welcome", reader, noon)
        office.put("message", reader, noon, {"subject": "Юпитер, and  more", "text": "One.\n\n.Two  spaces "})
    office.put("confirmation", room.reader("cat@example.org", noon, "pending"), noon)
    office.choose(reader, noon, at_once=True)
    moon = room.topic("Moon")
    room.publish("Tides", noon + HOUR, topics=[moon], image_id=room.picture("tides", noon))
    room.tick(noon + HOUR)
    room.tick(noon + DAY)
    for kind in ("digest", "story", "confirmation", "welcome", "message"):
        for raw in raws(office, kind):
            assert verified(raw, world) == [True, True], kind
            assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_a_changed_mail_and_a_second_from_are_found_out(
    office: PostOffice, publish: Callable[..., World], noon: datetime
) -> None:
    world = publish(Kind.RSA)
    office.put("message", 0, noon, {"subject": "Tides", "text": "The Moon is out."})
    (raw,) = raws(office, "message")
    assert verified(raw, world) == [True]
    assert verified(raw.replace(b"Moon", b"Noom"), world) == [False]
    for added in (b"From: x@example.net\r\n", b"Subject: Win\r\n", b"To: y@example.net\r\n"):
        assert verified(raw.replace(b"MIME-Version:", added + b"MIME-Version:", 1), world) == [False]


def test_each_copy_of_a_letter_bears_the_same_signature(
    office: PostOffice, publish: Callable[..., World], noon: datetime
) -> None:
    publish(Kind.RSA, Kind.ED25519)
    office.put("message", 0, noon, {"subject": "Tides", "text": "The Moon is out."})
    assert raws(office, "message") == raws(office, "message")


def test_a_key_signs_from_the_moment_its_record_is_seen_until_it_is_gone(
    office: PostOffice, noon: datetime
) -> None:
    clock, world = Seconds(), World()
    signer = signing.keyring(office.settings, clock)
    assert signer() is None
    key = keys.make_for(office.settings, Kind.RSA)
    name = f"{key.selector}._domainkey.{DOMAIN}"

    def looked() -> bool:
        sighting.look(office.settings, world)
        clock.now += signing.LOOK
        return signer() is not None

    assert not looked(), "made, but not in the DNS"
    world.put(name, "TXT", "v=DKIM1; p=QUJD")
    assert not looked(), "another key's record"
    world.put(name, "TXT", key.record)
    assert looked()
    world.silent.add(name)
    assert looked(), "silence is no answer"
    world.silent.clear()
    world.records.clear()
    assert not looked()


def test_signing_may_be_left_to_the_relay(office: PostOffice, publish: Callable[..., World]) -> None:
    publish(Kind.RSA)
    assert [key.selector for key in signing.signing(office.settings)] == ["perijove"]
    office.set(dkim_sign="off")
    assert signing.signing(office.settings) == () and signing.keyring(office.settings)() is None


def test_senders_of_other_domains_are_not_signed(publish: Callable[..., World], office: PostOffice) -> None:
    publish(Kind.RSA)
    signer = signing.keyring(office.settings)()
    assert signer is not None
    spoken = {
        name: signer.speaks_for(name)
        for name in (
            DOMAIN,
            "NEWS.example.org",
            f"week.{DOMAIN}",
            "example.org",
            f"other{DOMAIN}",
            "localhost",
        )
    }
    assert [name for name, does in spoken.items() if does] == [
        DOMAIN,
        "NEWS.example.org",
        f"week.{DOMAIN}",
    ]


@pytest.fixture(scope="module")
def held() -> tuple[Signer, World]:
    """Keys that need no folder."""
    private = {"r": keys.generate(Kind.RSA), "e": keys.generate(Kind.ED25519)}
    world = World()
    for selector, key in private.items():
        world.put(f"{selector}._domainkey.{DOMAIN}", "TXT", keys.record_of(key.public_key()))
    return Signer(DOMAIN, private), world


@hypothesis_settings(max_examples=60, deadline=None)
@given(
    text=st.text(alphabet=" .\tFrom=x\né:;木", max_size=300),
    subject=st.text(alphabet="  aé:;=木\t,", max_size=200).filter(str.strip),
)
def test_whatever_the_words_the_signatures_are_good(held: Any, text: str, subject: str) -> None:
    signer, world = held
    leave = f"https://{DOMAIN}/unsubscribe/{slot('leave')}"
    headers = {"List-Id": f"Daily  digest <daily.{DOMAIN}>", "Reply-To": f"desk@{DOMAIN}"}
    form = Form(
        Words(subject, text + leave, text + leave + text), f"Юпитер, вестник <a@{DOMAIN}>", headers, leave
    )
    assert verified(form.fill(dict(OWN), signer)(), world) == [True, True]


def test_whoever_catches_up_waits_until_every_signature_is_made(held: Any) -> None:
    signer, _ = held
    goes_on, is_made = threading.Event(), threading.Event()

    def slow() -> bytes:
        goes_on.wait(10)
        is_made.set()
        return b"signed"

    made = signer.soon(slow)
    waiting = threading.Thread(target=signer.catch_up)
    waiting.start()
    assert not is_made.is_set() and waiting.is_alive()
    goes_on.set()
    waiting.join(10)
    assert is_made.is_set() and made() == b"signed"


def test_a_signature_that_fails_spoils_its_own_letter_alone(held: Any) -> None:
    signer, _ = held
    bad, good = signer.soon(lambda: bytes(1 // 0)), signer.soon(lambda: b"signed")
    signer.catch_up()
    assert good() == b"signed"
    with pytest.raises(ZeroDivisionError):
        bad()
