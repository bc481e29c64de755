"""DKIM records that can and cannot be used, and the keys made here."""

import base64
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from blog.refusals import Conflict
from blog.settings import build
from newsletter.doctor import dkim, keys
from newsletter.doctor.case import Case
from newsletter.doctor.findings import Health, Record
from newsletter.doctor.keys import Key, Kind
from tests.newsletter.doctor.conftest import World, by_relay

NAME = "perijove._domainkey.sky.example"
SHORT = "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALZ775H+QeGAxsMVs3GnXuKNvZO9dPvD0orKSTNSH0CCdL2jPyJ8tgrBakWhsnVj143Ft0EoJzBBRfiY79KnsckCAwEAAQ=="
"""A key of 512 bits, which nobody accepts any more."""


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Key:
    return keys.make(tmp_path_factory.mktemp("keys"), "perijove", Kind.RSA)


def with_key(case: Case, *held: Key) -> Case:
    return replace(case, keys=held)


def test_our_own_key_in_the_dns_is_in_order(world: World, case: Case, key: Key) -> None:
    world.put(NAME, "TXT", key.record)
    (found,) = dkim.examine(with_key(case, key), world)
    assert found.health is Health.OK and "2048 bits and is the one made here" in found.sentence
    assert dkim.is_published(case, world)


def test_our_key_that_is_not_in_the_dns_comes_with_its_record(world: World, case: Case, key: Key) -> None:
    (found,) = dkim.examine(with_key(case, key), world)
    assert found.health is Health.FAIL and found.paste == (Record(NAME, "TXT", key.record),)


def test_another_key_than_ours_in_the_dns_is_to_be_mended(
    world: World, case: Case, key: Key, tmp_path: Path
) -> None:
    world.put(NAME, "TXT", keys.make(tmp_path, "other", Kind.RSA).record)
    (found,) = dkim.examine(with_key(case, key), world)
    assert found.health is Health.FAIL and "another key than perijove.pem" in found.sentence


def test_without_a_key_a_relay_may_sign_under_a_name_we_do_not_know(world: World, case: Case) -> None:
    assert dkim.examine(case, world)[0].health is Health.FAIL
    (found,) = dkim.examine(by_relay(case), world)
    assert found.health is Health.UNKNOWN and "ask for its selector" in found.sentence


def test_silence_is_not_taken_for_a_missing_key(world: World, case: Case) -> None:
    world.silent.add(NAME)
    assert dkim.examine(case, world)[0].health is Health.UNKNOWN


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("v=DKIM1; k=rsa; p=", "it was revoked"),
        ("v=DKIM1; k=rsa", "holds no key"),
        ("k=rsa; v=DKIM1; p=AAAA", "must begin with"),
        ("v=DKIM2; p=AAAA", "must begin with"),
        ("v=DKIM1; p=AAAA; p=BBBB", "twice"),
        ("v=DKIM1; k=moon; p=AAAA", "no kind of key"),
        ("v=DKIM1; h=sha1; p=AAAA", "SHA-256"),
        ("v=DKIM1; s=other; p=AAAA", "SHA-256"),
        ("v=DKIM1; p=AAA", "not whole"),
        ('"v=DKIM1; p=AAAA"', "not written as tag=value"),
        ("v=DKIM1; p=AAAA", "cannot be read"),
        (f"v=DKIM1; p={SHORT}", "has 512 bits"),
        ("v=DKIM1; k=ed25519; p=AAAA", "cannot be read"),
    ],
)
def test_a_record_that_cannot_be_used_is_to_be_mended(
    world: World, case: Case, text: str, words: str
) -> None:
    world.put(NAME, "TXT", text)
    (found,) = dkim.examine(case, world)
    assert found.health is Health.FAIL and words in found.sentence


def test_two_records_under_one_selector_are_to_be_mended(world: World, case: Case, key: Key) -> None:
    world.put(NAME, "TXT", key.record, key.record)
    assert "has 2 records" in dkim.examine(case, world)[0].sentence


def test_a_short_key_and_a_trial_work_and_are_to_be_looked_at(world: World, case: Case, key: Key) -> None:
    world.put(NAME, "TXT", key.record.replace("v=DKIM1;", "v=DKIM1; t=y:s;"))
    assert dkim.examine(case, world)[0].health is Health.WARN
    der = generate_private_key(65537, 1024).public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1)
    world.put(NAME, "TXT", f"p={base64.b64encode(der).decode()}")
    (found,) = dkim.examine(case, world)
    assert found.health is Health.WARN and "1024 bits" in found.sentence


def test_an_ed25519_key_beside_is_looked_at_too_and_alone_is_too_little(
    world: World, case: Case, key: Key, tmp_path: Path
) -> None:
    second = keys.make(tmp_path, "perijove-ed25519", Kind.ED25519)
    world.put(NAME, "TXT", key.record)
    world.put("perijove-ed25519._domainkey.sky.example", "TXT", second.record)
    found = dkim.examine(with_key(case, key, second), world)
    assert [one.health for one in found] == [Health.OK, Health.OK]
    world.put(NAME, "TXT", second.record)
    assert "many receivers cannot read" in dkim.examine(case, world)[0].sentence


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300) | st.from_regex(r"v=DKIM1; ([kphst]=[\w:+/=]{0,30};? ?){0,6}"))
def test_no_record_however_odd_raises(text: str) -> None:
    read = dkim.read(text)
    assert read.fault or read.key


def test_a_key_is_for_its_owner_alone_and_never_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "dkim"
    made = keys.make(folder, "moon", Kind.RSA)
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600 and stat.S_IMODE(folder.stat().st_mode) == 0o700
    before = made.path.read_bytes()
    with pytest.raises(Conflict, match="never overwritten"):
        keys.make(folder, "moon", Kind.ED25519)
    assert made.path.read_bytes() == before and [path.name for path in folder.iterdir()] == ["moon.pem"]
    assert b"PRIVATE" in before and "PRIVATE" not in repr(made)


def test_keys_are_found_again_with_the_same_record(tmp_path: Path) -> None:
    mine = build(data=tmp_path, dkim_selector="moon")
    made = [keys.make_for(mine, kind) for kind in Kind]
    assert list(keys.find(mine)) == made
    assert [key.selector for key in made] == ["moon", "moon-ed25519"]
    made[0].path.write_text("no key at all")
    assert [bool(key.record) for key in keys.find(mine)] == [False, True]


def test_a_long_record_is_also_given_in_strings_of_255(key: Key) -> None:
    record = Record(NAME, "TXT", key.record)
    strings = record.quoted[1:-1].split('" "')
    assert record.is_long and "".join(strings) == key.record and max(map(len, strings)) == 255
