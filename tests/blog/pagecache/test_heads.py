"""Which heads a ready page may answer, and which are left to the server's own parser."""

import pytest

from blog.pagecache.heads import Asked, read

HOST = "Host: news.example.org"


def head(first: str = "GET /moon HTTP/1.1", *lines: str) -> bytes:
    return "".join(f"{line}\r\n" for line in (first, *(lines or (HOST,)), "")).encode("latin-1")


def test_it_says_which_page_in_which_form() -> None:
    asked = read(
        head("GET /moon?page=2&via=x HTTP/1.1", HOST, "Accept-Encoding: gzip, br", 'If-None-Match: "1-g"')
    )
    assert asked == Asked("/moon?page=2", "gzip, br", '"1-g"', is_head=False)
    assert read(head("HEAD / HTTP/1.1")) == Asked("/", "", "", is_head=True)


def test_what_a_browser_says_of_itself_does_not_matter() -> None:
    said = (
        HOST,
        "User-Agent: Mozilla/5.0 (X11)",
        "Accept: text/html,*/*;q=0.8",
        "Connection: keep-alive",
        "DNT: 1",
    )
    asked = read(head("GET /moon HTTP/1.1", *said))
    assert asked and asked.key == "/moon"


@pytest.mark.parametrize(
    "first",
    [
        "POST /moon HTTP/1.1", "OPTIONS * HTTP/1.1", "GET /moon HTTP/1.0", "GET /moon HTTP/2.0", "GET http://a/moon HTTP/1.1",
        "GET //evil.example/moon HTTP/1.1", "GET /m%6Fon HTTP/1.1", "GET /moon#top HTTP/1.1", "get /moon HTTP/1.1", "GET  /moon HTTP/1.1",
        "GET /moon\tHTTP/1.1", "GET /studio HTTP/1.1", "GET /search?q=moon HTTP/1.1", "GET /media/a.jpg HTTP/1.1", "GET /m\xf6nd HTTP/1.1",
    ],
)  # fmt: skip
def test_other_targets_and_methods_are_left_alone(first: str) -> None:
    assert read(head(first)) is None


@pytest.mark.parametrize(
    "line",
    [
        "Cookie: session=1", "cookie: session=1", "COOKIE: session=1", "Authorization: Basic eA==", "Content-Length: 5", "Transfer-Encoding: chunked",
        "Transfer-Encoding : chunked", "Expect: 100-continue", "Upgrade: h2c", "Range: bytes=0-5", "If-Modified-Since: Mon, 23 Nov 2026 07:00:00 GMT",
        "Connection: close", "Connection: keep-alive, Upgrade", "Accept: application/json", " folded: line", "no colon", "X-A: \x00", "X-A: \xe9",
        "Host: other.example.org", "X-A: 1\nCookie: a=1", "X-A: 1\rCookie: a=1",
    ],
)  # fmt: skip
def test_whoever_sends_more_than_a_plain_wish_is_left_to_the_server(line: str) -> None:
    assert read(head("GET /moon HTTP/1.1", HOST, line)) is None


@pytest.mark.parametrize("name", ["Accept", "Accept-Encoding", "If-None-Match", "Connection"])
def test_nothing_that_chooses_the_answer_is_said_twice(name: str) -> None:
    assert read(head("GET /moon HTTP/1.1", HOST, f"{name}: keep-alive")) is not None
    assert read(head("GET /moon HTTP/1.1", HOST, f"{name}: keep-alive", f"{name}: keep-alive")) is None


@pytest.mark.parametrize("host", ["", "a b", "news.example.org/moon", "user@news.example.org"])
def test_a_host_is_a_host(host: str) -> None:
    assert read(head("GET /moon HTTP/1.1", f"Host: {host}")) is None
    assert read(head("GET /moon HTTP/1.1", "Accept: */*")) is None, "there must be one"


def test_half_a_head_two_of_them_and_very_long_ones_are_left_to_the_server() -> None:
    whole = head()
    assert read(whole[:-1]) is None and read(whole[:20]) is None and read(b"") is None
    assert read(whole + whole) is None
    assert read(whole + b"x") is None
    assert read(head("GET /moon HTTP/1.1", HOST, "X-A: " + "a" * 5000)) is None
