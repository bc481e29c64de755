import email
from email import policy
from email.message import EmailMessage

import dkim.canonicalization
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsletter.editions.envelope import Form, Words, domain_of, is_bare, slot

SENDER = "Perijove <digest@news.example.org>"
AT = "https://news.example.org/unsubscribe/"
LEAVE = AT + slot("leave")
TOKEN = "1234567890123456789.1234567890123456789." + "0a" * 16
URL = AT + TOKEN
MINE = {
    "to": b"reader@example.org",
    "date": b"Mon, 23 Nov 2026 07:00:00 +0000",
    "message-id": b"<1.2.digest@news.example.org>",
    "leave": TOKEN.encode(),
}


def form(text: str = "Hello.\n", html: str = "<p>Hello.</p>\n", subject: str = "Tides") -> Form:
    headers = {"List-Id": "Daily digest <daily.news.example.org>"}
    return Form(Words(subject, text, html), SENDER, headers, LEAVE)


def read(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage) and not message.defects
    return message


def parts(raw: bytes) -> list[str]:
    return [part.get_content().replace("\r\n", "\n") for part in read(raw).iter_parts()]  # type: ignore[attr-defined]


def test_it_has_the_headers_that_a_digest_needs_once_each() -> None:
    message = read(form().fill(MINE)())
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
    message = read(Form(Words("Tides", "Hello.\n", "<p>Hello.</p>\n"), SENDER, {}).fill(MINE)())
    assert "List-Unsubscribe" not in message and "List-Unsubscribe-Post" not in message


def test_each_reader_gets_only_their_own_link_wherever_it_stands() -> None:
    made = form(f"Leave: {LEAVE}\n", f'<a href="{LEAVE}">Leave</a> or copy {LEAVE}')
    for n in (1, 2):
        url = f"{AT}{n}.{n}{n}{n}"
        raw = made.fill(MINE | {"leave": f"{n}.{n}{n}{n}".encode()})()
        text, html = parts(raw)
        assert text == f"Leave: {url}\n"
        assert html.rstrip("\n") == f'<a href="{url}">Leave</a> or copy {url}'
        assert f"{3 - n}.{3 - n}" not in text + html and b"of-this-reader-xx" not in raw


def test_the_same_letter_is_the_same_bytes_each_time() -> None:
    assert form().fill(MINE)() == form().fill(MINE)()


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
    raw = form(text, text + LEAVE + text).fill(MINE)()
    plain, html = parts(raw)
    assert plain.rstrip("\n") == text.rstrip("\n")
    assert html.rstrip("\n") == (text + URL + text).rstrip("\n")
    assert_fit_for_the_wire(raw)


def test_long_lines_odd_beginnings_and_other_alphabets_are_fit_for_the_wire() -> None:
    odd = "From here.\n.\n..\n" + "x" * 5000 + "\n" + "Юпитер и Луна 木星 " * 300 + "\ntrailing space \n=3D\n"
    raw = form(odd, odd + LEAVE, "Юпитер, " * 30).fill(MINE)()
    assert parts(raw)[0] == odd
    assert_fit_for_the_wire(raw)
    assert not any(line.startswith((b"From ", b".")) for line in raw.split(b"\r\n"))


@pytest.mark.parametrize(
    "subject",
    ["Tides\r\nBcc: x@example.org", "Tides\n\nbody", "\rX-Odd: 1\r", "Юпитер\r\nBcc: x@example.org"],
)
def test_a_subject_cannot_begin_another_header(subject: str) -> None:
    message = read(form(subject=subject).fill(MINE)())
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
def test_what_could_begin_another_header_is_no_bare_address(address: str) -> None:
    assert not is_bare(address)


def test_a_senders_name_may_be_in_any_alphabet() -> None:
    made = Form(Words("T", "t", "h"), "Юпитер, вестник <digest@news.example.org>", {})
    assert read(made.fill(MINE)())["From"].addresses[0].display_name == "Юпитер, вестник"
    assert made.sender == "digest@news.example.org"
    assert domain_of(SENDER) == "news.example.org"


@settings(max_examples=150, deadline=None)
@example(" \t  x \t\n\n.\n..  \n" + "x" * 74 + "." * 80 + "  ")
@example(("." + "x" * 74) * 3 + "\n" + "x" * 75 + "From me")
@given(st.text(alphabet=" .\tFrom=x\né", max_size=400))
def test_no_body_is_changed_by_a_server_or_by_dkims_relaxed_form(text: str) -> None:
    body = form(text, text + LEAVE + text).fill(MINE)().partition(b"\r\n\r\n")[2]
    assert dkim.canonicalization.Relaxed.canonicalize_body(body) == body
    assert_fit_for_the_wire(body)
    assert not any(line.startswith((b"From ", b".")) for line in body.split(b"\r\n"))


def assert_fit_for_the_wire(raw: bytes) -> None:
    assert raw.isascii() and raw.endswith(b"\r\n")
    assert raw.count(b"\n") == raw.count(b"\r") == raw.count(b"\r\n")
    head, _, body = raw.partition(b"\r\n\r\n")
    assert max(map(len, head.split(b"\r\n"))) <= 998
    assert max(map(len, body.split(b"\r\n"))) <= 76
