"""From an address in the settings to a provider, or to a sentence that tells what is wrong and never a key."""

import pytest

from newsletter.delivery.providers.http import Place
from newsletter.delivery.providers.postmark import Postmark
from tests.newsletter.delivery.providers.post import by_provider

EXAMPLES = [
    ("ses://AKID:se%2Fcret@eu-west-1", Place("email.eu-west-1.amazonaws.com", 443)),
    ("ses://AKID:se%2Fcret@us-gov-west-1", Place("email.us-gov-west-1.amazonaws.com", 443)),
    ("mailgun://key@api.eu.mailgun.net/example.org", Place("api.eu.mailgun.net", 443)),
    ("mailgun://key@api.mailgun.net/example.org", Place("api.mailgun.net", 443)),
    ("mailgun://key@mail.example.org:8443/example.org", Place("mail.example.org", 8443)),
    ("postmark://TOKEN", Place("api.postmarkapp.com", 443)),
    ("postmark://TOKEN?endpoint=http://127.0.0.1:8125", Place("127.0.0.1", 8125, is_encrypted=False)),
    ("postmark://TOKEN?endpoint=http://localhost", Place("localhost", 80, is_encrypted=False)),
    ("postmark://TOKEN?endpoint=http://[::1]:8125", Place("::1", 8125, is_encrypted=False)),
    ("postmark://TOKEN?endpoint=https://post.example.org/api/", Place("post.example.org", 443, path="/api")),
]


@pytest.mark.parametrize(("url", "place"), EXAMPLES)
def test_where_a_provider_stands(url: str, place: Place) -> None:
    assert by_provider(url).place == place


@pytest.mark.parametrize(
    ("url", "secret"), [("ses://AKID:se%2Fcret@eu-west-1", "se/cret"), ("postmark://ToKeN", "ToKeN")]
)
def test_a_secret_is_read_as_it_was_meant(url: str, secret: str) -> None:
    assert by_provider(url).interface.secret == secret


def test_a_batch_is_fifty_letters_or_as_many_as_is_said() -> None:
    assert by_provider("postmark://TOKEN").interface.most == 50
    assert by_provider("postmark://TOKEN?batch=500").interface.most == 500
    assert isinstance(by_provider("postmark://TOKEN").interface, Postmark)


@pytest.mark.parametrize(
    "url",
    [
        "ses://AKID:hu/sh@eu-west-1", "ses://AKID:hush@", "ses://hush@eu-west-1", "ses://AKID:hush@example.org",
        "ses://AKID:hush@eu-west-1/x", "ses://AKID:hush@eu-west-1?stream=x",
        "mailgun://hush@api.mailgun.net", "mailgun://api.mailgun.net/example.org", "mailgun://a:hush@api.mailgun.net/x.org",
        "mailgun://hush@api.mailgun.net:port/x.org", "mailgun://hush@api.mailgun.net/x.org/y",
        "postmark://", "postmark://hush/x", "postmark://hush?batch=501", "postmark://hush?batch=0",
        "postmark://hush?batch=many", "postmark://hu#sh", "postmark://hush%0A", "ses://AKID%C3%A9:hush@eu-west-1", "ses://\u2100:hush@eu-west-1",
        "smtp://a:hush\u2100@example.org", "postmark://hush?starttls=never",
        "postmark://hush?endpoint=http://post.example.org", "postmark://hush?endpoint=ftp://127.0.0.1",
        "postmark://hush?endpoint=http://u:hush@127.0.0.1", "postmark://hush?endpoint=http://127.0.0.1:99999",
        "postmark://hush?endpoint=https://",
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_said_without_the_key(url: str) -> None:
    with pytest.raises(ValueError) as stopped:
        by_provider(url)
    assert str(stopped.value).endswith(".")
    assert "hu" not in str(stopped.value)


@pytest.mark.parametrize("url", [url for url, _ in EXAMPLES])
def test_a_provider_shows_no_secret_of_its_own(url: str) -> None:
    opened = by_provider(url)
    assert opened.interface.secret not in f"{opened!r} {opened.place!r} {opened.interface!r}"
