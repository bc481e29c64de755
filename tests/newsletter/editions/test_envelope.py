import email
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsletter.editions.envelope import LEAVE, Form, Personal, Words, domain_of, is_bare

SEVEN = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
SENDER = "Perijove <digest@news.example.org>"
URL = "https://news.example.org/unsubscribe/" + "Ab9_-." * 12
MINE = Personal("reader@example.org", "<1.2.digest@news.example.org>", SEVEN, URL)


def form(text: str = "Hello.\n", html: str = "<p>Hello.</p>\n", subject: str = "Tides") -> Form:
    return Form(Words(subject, text, html), SENDER, {"List-Id": "Daily digest <daily.news.example.org>"})


def read(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage) and not message.defects
    return message


def parts(raw: bytes) -> list[str]:
    return [part.get_content().replace("\r\n", "\n") for part in read(raw).iter_parts()]  # type: ignore[attr-defined]


def test_it_has_the_headers_that_a_digest_needs_once_each() -> None:
    message = read(form().fill(MINE))
    expected = {
        "From": SENDER,
        "To": "reader@example.org",
        "Subject": "Tides",
        "Date": "Mon, 23 Nov 2026 07:00:00 +0000",
        "Message-ID": "<1.2.digest@news.example.org>",
        "List-Id": "Daily digest <daily.news.example.org>",
        "List-Unsubscribe": f"<{URL}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "MIME-Version": "1.0",
    }
    assert {name: message.get_all(name) for name in expected} == {
        name: [value] for name, value in expected.items()
    }
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_a_mail_that_nobody_can_leave_says_nothing_of_leaving() -> None:
    message = read(form().fill(Personal("reader@example.org", "<1@x>", SEVEN)))
    assert "List-Unsubscribe" not in message and "List-Unsubscribe-Post" not in message


def test_each_reader_gets_only_their_own_link_wherever_it_stands() -> None:
    made = form(f"Leave: {LEAVE}\n", f'<a href="{LEAVE}">Leave</a> or copy {LEAVE}')
    for n in (1, 2):
        url = f"{URL}{n}"
        raw = made.fill(Personal(f"reader{n}@example.org", f"<{n}@x>", SEVEN, url))
        text, html = parts(raw)
        assert text == f"Leave: {url}\n"
        assert html.rstrip("\n") == f'<a href="{url}">Leave</a> or copy {url}'
        assert f"{URL}{3 - n}" not in text + html and LEAVE.encode() not in raw


def test_the_same_letter_is_the_same_bytes_each_time() -> None:
    assert form().fill(MINE) == form().fill(MINE)


@settings(max_examples=150, deadline=None)
@example("000000\x1f\x1f\x1f\x1f\x08\x80\x80\x80\x80\x80\x80\x80\U00010000" + "0")
@example("From " + "é" * 24 + "x")
@given(
    st.text(
        alphabet=st.characters(
            codec="utf-8", exclude_characters="\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\x00"
        ),
        max_size=400,
    )
)
def test_any_text_arrives_as_it_was_written(text: str) -> None:
    raw = form(text, text + LEAVE + text).fill(MINE)
    plain, html = parts(raw)
    assert plain.rstrip("\n") == text.rstrip("\n")
    assert html.rstrip("\n") == (text + URL + text).rstrip("\n")
    assert_fit_for_the_wire(raw)


def test_long_lines_odd_beginnings_and_other_alphabets_are_fit_for_the_wire() -> None:
    odd = "From here.\n.\n..\n" + "x" * 5000 + "\n" + "Юпитер и Луна 木星 " * 300 + "\ntrailing space \n=3D\n"
    raw = form(odd, odd + LEAVE, "Юпитер, " * 30).fill(MINE)
    assert parts(raw)[0] == odd
    assert_fit_for_the_wire(raw)
    assert not any(line.startswith((b"From ", b".")) for line in raw.split(b"\r\n"))


@pytest.mark.parametrize(
    "subject",
    ["Tides\r\nBcc: x@example.org", "Tides\n\nbody", "\rX-Odd: 1\r", "Юпитер\r\nBcc: x@example.org"],
)
def test_a_subject_cannot_begin_another_header(subject: str) -> None:
    message = read(form(subject=subject).fill(MINE))
    assert message["Subject"] == " ".join(subject.split())
    assert "Bcc" not in message and "X-Odd" not in message


@pytest.mark.parametrize(
    "address",
    [
        "",
        "reader",
        "a@b@c",
        "a b@example.org",
        "a@example.org\r\nBcc: b@example.org",
        "<a@example.org>",
        "é@example.org",
        "a@" + "b" * 260,
    ],
)
def test_what_is_no_bare_address_is_never_written(address: str) -> None:
    assert not is_bare(address)
    with pytest.raises(ValueError, match="not a bare address"):
        form().fill(Personal(address, "<1@x>", SEVEN, URL))


def test_a_senders_name_may_be_in_any_alphabet() -> None:
    made = Form(Words("T", "t", "h"), "Юпитер, вестник <digest@news.example.org>", {})
    assert read(made.fill(MINE))["From"].addresses[0].display_name == "Юпитер, вестник"
    assert made.sender == "digest@news.example.org"
    assert domain_of(SENDER) == "news.example.org"


def assert_fit_for_the_wire(raw: bytes) -> None:
    assert raw.isascii() and raw.endswith(b"\r\n")
    assert raw.count(b"\n") == raw.count(b"\r") == raw.count(b"\r\n")
    head, _, body = raw.partition(b"\r\n\r\n")
    assert max(map(len, head.split(b"\r\n"))) <= 998
    assert max(map(len, body.split(b"\r\n"))) <= 76
