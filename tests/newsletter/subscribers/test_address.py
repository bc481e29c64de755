import pytest

from blog.refusals import Invalid
from newsletter.subscribers.address import EMPTY, MALFORMED, read, suggestion


@pytest.mark.parametrize("typed", ["", "   ", "\u200b"])
def test_nothing_typed_is_asked_for(typed: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read(typed)
    assert refusal.value.fields == {"email": [EMPTY]}


@pytest.mark.parametrize(
    "typed",
    [
        "reader",
        "reader@",
        "@example.org",
        "reader@example",
        "two words@example.org",
        "Reader <reader@example.org>",
        "reader@example.org\r\nBcc: other@example.org",
        "reader@example.org,other@example.org",
        "reader@[127.0.0.1]",
        "a" * 65 + "@example.org",
        "reader@" + "a." * 130 + "org",
        "\x00@example.org",
    ],
)
def test_what_is_no_address_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read(typed)
    assert str(refusal.value) == MALFORMED


def test_a_domain_that_no_mail_can_reach_is_named() -> None:
    with pytest.raises(Invalid, match="We can't find a mail server for office.local. Check the ending."):
        read("reader@office.local")


def test_accents_before_the_at_are_refused_in_plain_words() -> None:
    with pytest.raises(Invalid, match="unaccented letters"):
        read("jürgen@example.org")


def test_spaces_around_it_are_forgiven_and_the_domain_is_normalised() -> None:
    assert read("  Reader@EXAMPLE.Org ").text == "Reader@example.org"
    assert read("leser@bücher.de").text == "leser@xn--bcher-kva.de"


def test_two_spellings_of_one_address_have_one_key() -> None:
    assert read("Reader@Example.org").key == read("reader@example.ORG").key


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("reader@gmial.com", "reader@gmail.com"),
        ("reader@gmail.con", "reader@gmail.com"),
        ("reader@gmai.com", "reader@gmail.com"),
        ("Reader@hotmial.com", "Reader@hotmail.com"),
        ("reader@outlok.com", "reader@outlook.com"),
        ("reader@yahooo.com", "reader@yahoo.com"),
        ("reader@protonmial.com", "reader@protonmail.com"),
        ("reader@example.con", "reader@example.com"),
        ("reader@observatory.ogr", "reader@observatory.org"),
    ],
)
def test_a_likely_typo_is_asked_about(typed: str, meant: str) -> None:
    assert suggestion(read(typed)) == meant
    assert read(typed).text.split("@")[1] == typed.split("@")[1], "it is never mended without asking"


@pytest.mark.parametrize(
    "typed",
    [
        "reader@gmail.com",
        "reader@googlemail.com",
        "reader@mail.com",
        "reader@email.com",
        "reader@ymail.com",
        "reader@example.org",
        "reader@observatory.co",
        "reader@we.com",
        "reader@university.edu",
    ],
)
def test_a_good_address_is_not_doubted(typed: str) -> None:
    assert suggestion(read(typed)) == ""
