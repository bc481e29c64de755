"""What a staff password must be."""

import pytest

from blog.accounts import passwords


@pytest.mark.parametrize("password", ["short", "password123", "aaaaaaaaaaaa", "Qwerty12345", "   a b c   "])
def test_a_password_that_is_short_or_common_is_refused_with_a_sentence(password: str) -> None:
    [sentence] = passwords.faults(password)
    assert sentence.endswith(".")


def test_a_password_that_is_the_persons_own_name_or_address_is_refused() -> None:
    for password in ("Maren Solbakk", "marensolbakk", "maren.solbakk@example.org", "MAREN.SOLBAKK"):
        assert passwords.faults(password, "Maren Solbakk", "maren.solbakk@example.org")


def test_a_few_words_in_a_row_are_fine() -> None:
    assert passwords.faults("seven sisters rising", "Maren Solbakk", "maren@example.org") == []


def test_a_password_of_any_length_beyond_reason_is_refused_before_it_is_hashed() -> None:
    assert passwords.faults("x1y2" * 100)


def test_the_hash_is_argon2id_with_the_cost_we_chose() -> None:
    assert passwords.hashed("seven sisters rising").startswith("$argon2id$v=19$m=19456,t=2,p=1$")
