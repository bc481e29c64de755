"""Return paths: each letter's own, signed, read back whatever servers do to the case of an address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.delivery.paths import read_return_path, return_path

OURS, SECRET = "Bounces@Example.org", "a-key-for-tests-only"


@given(st.integers(1, 10**18 - 1))
def test_a_return_path_says_which_letter_it_was(letter_id: int) -> None:
    path = return_path(OURS, SECRET, letter_id)
    assert path.count("@") == 1 and len(path.partition("@")[0]) <= 64
    assert read_return_path(path, OURS, SECRET) == letter_id
    assert read_return_path(f"<{path.upper()}>", OURS, SECRET) == letter_id


@pytest.mark.parametrize(
    "address",
    ["", "@", "bounces@example.org", "bounces+@example.org", "bounces+7@example.org", "bounces+7.@example.org",
     "bounces+7.aaaaaaaaaaaa@example.org", "bounces+-7.aaaaaaaaaaaa@example.org", "bounces+²7.x@example.org",
     "bounces+7.é@example.org", "bounces+" + "9" * 400 + ".x@example.org"],
)  # fmt: skip
def test_any_other_address_says_nothing(address: str) -> None:
    assert read_return_path(address, OURS, SECRET) is None


def test_another_letter_s_signature_another_key_and_another_domain_fit_not() -> None:
    path = return_path(OURS, SECRET, 7)
    assert read_return_path(path.replace("+7.", "+8."), OURS, SECRET) is None
    assert read_return_path(path, OURS, "another key") is None
    assert read_return_path(path.replace(".org", ".net"), OURS, SECRET) is None
    assert read_return_path(path, "", SECRET) is None
