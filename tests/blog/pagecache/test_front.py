"""The front on a real socket: what it answers itself, what it leaves to the application, and that neither disturbs the other."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
import uvicorn
from flask import Flask, request

from blog.db import Database
from blog.pagecache.front import Front
from blog.pagecache.generation import Generation
from blog.pagecache.purge import watch
from blog.pagecache.serving import PageCache
from blog.posts.model import Topic
from blog.web import bodies
from blog.web.server import THREADS, Site

PAGE = "<p>" + "The Moon is a world. " * 400
GET = b"GET /moon HTTP/1.1\r\nHost: news.example.org\r\n\r\n"


class House:
    """A small application that counts what it is asked, behind the front, on a port."""

    def __init__(self, db: Database) -> None:
        self.asked: list[str] = []
        self.application = Flask("house")
        self.application.add_url_rule("/<name>", view_func=self.page, methods=["GET", "POST"])
        self.application.add_url_rule(
            "/remote", view_func=lambda: f"{request.remote_addr} {request.headers.get('X-A')}"
        )
        cache = PageCache(self.application.wsgi_app, Generation(db))
        self.application.wsgi_app = cache  # type: ignore[method-assign, assignment]
        self.application.extensions["pagecache"] = cache
        self.port = 0
        self.lines: list[Line] = []

    def page(self, name: str) -> Any:
        body = request.get_data()
        self.asked.append(f"{request.method} {name} {len(body)}")
        if name == "broken":
            raise ValueError("reader@example.org")
        return PAGE + str(len(self.asked)), {"Cache-Control": "public"}

    @contextmanager
    def open(self, idle: float = 5) -> Iterator["House"]:
        config = Served(self.application, http=Front, lifespan="off", ws="none", log_config=None, server_header=False, loop="uvloop",
                        timeout_keep_alive=idle, limit_concurrency=50)  # type: ignore[arg-type]  # fmt: skip
        server, listening = uvicorn.Server(config), socket.create_server(("127.0.0.1", 0))
        self.port = listening.getsockname()[1]
        thread = threading.Thread(target=asyncio.run, args=(server.serve([listening]),))
        thread.start()
        yield self
        for line in self.lines:
            line.close()
        server.should_exit = True
        thread.join(10)
        listening.close()

    def line(self) -> "Line":
        self.lines.append(Line(self.port))
        return self.lines[-1]


class Served(uvicorn.Config):
    def load(self) -> None:
        super().load()
        self.loaded_app = Site(self.app)  # type: ignore[arg-type]


class Line:
    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), 10)
        self.file = self.socket.makefile("rb")

    def ask(self, words: bytes, *, is_head: bool = False) -> tuple[int, dict[str, str], bytes]:
        self.socket.sendall(words)
        return self.answer(is_head)

    def answer(self, is_head: bool = False) -> tuple[int, dict[str, str], bytes]:
        first = self.file.readline()
        assert first, "the connection was closed"
        headers = dict[str, str]()
        while line := self.file.readline().strip():
            name, _, value = line.decode().partition(": ")
            headers[name.lower()] = value
        status = int(first.split()[1])
        has_none = is_head or status == 304
        return status, headers, b"" if has_none else self.file.read(int(headers["content-length"]))

    def is_closed(self) -> bool:
        return self.file.read(1) == b""

    def close(self) -> None:
        self.file.close()
        self.socket.close()


@pytest.fixture
def house(db: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setattr("blog.pagecache.generation.POLL", 1e9)
    watch(db, (Topic,))
    with House(db).open() as made:
        yield made


def test_a_ready_page_leaves_without_the_application_and_the_same_to_the_byte(house: House) -> None:
    line = house.line()
    first, second = line.ask(GET), line.ask(GET)
    assert house.asked == ["GET moon 0"]
    assert first[0] == second[0] == 200 and first[2] == second[2]
    assert {**first[1], "date": ""} == {**second[1], "date": ""} and second[1]["date"].endswith("GMT")


def test_every_form_that_the_cache_knows_comes_from_the_front_too(house: House) -> None:
    line = house.line()
    line.ask(GET)
    packed = line.ask(GET.replace(b"\r\n\r\n", b"\r\nAccept-Encoding: br\r\n\r\n"))
    assert packed[1]["content-encoding"] == "br" and packed[1]["vary"] == "Accept-Encoding"
    status, headers, _ = line.ask(GET.replace(b"GET", b"HEAD"), is_head=True)
    assert status == 200 and int(headers["content-length"]) > 8000
    tag = headers["etag"].encode()
    status, headers, _ = line.ask(GET.replace(b"\r\n\r\n", b"\r\nIf-None-Match: " + tag + b"\r\n\r\n"))
    assert status == 304 and headers["etag"].encode() == tag and "content-length" not in headers
    assert len(house.asked) == 1


def test_other_requests_and_ready_pages_take_turns_on_one_connection(house: House) -> None:
    line = house.line()
    pages = [line.ask(GET)[2] for _ in range(2)]
    status, _, body = line.ask(b"POST /moon HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello")
    assert status == 200 and house.asked[-1] == "POST moon 5" and body not in pages
    assert line.ask(GET)[2] == pages[0]
    assert line.ask(GET.replace(b"\r\n\r\n", b"\r\nCookie: a=1\r\n\r\n"))[0] == 200
    assert house.asked[-1] == "GET moon 0" and len(house.asked) == 3


def test_a_request_inside_another_ones_body_is_its_body(house: House) -> None:
    line = house.line()
    line.ask(GET)
    line.socket.sendall(b"POST /moon HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % (2 * len(GET)))
    line.socket.sendall(GET)
    line.socket.sendall(GET)
    assert line.answer()[0] == 200 and house.asked[-1] == f"POST moon {2 * len(GET)}"
    assert len(house.asked) == 2


def test_requests_that_come_together_or_in_pieces_are_answered_in_order(house: House) -> None:
    line = house.line()
    line.ask(GET)
    other = GET.replace(b"/moon", b"/mars")
    line.socket.sendall(GET + other + GET)
    moon, mars, again = line.answer(), line.answer(), line.answer()
    assert moon[2] == again[2] != mars[2]
    line.socket.sendall(GET[:30])
    line.socket.sendall(GET[30:])
    assert line.answer()[2] == moon[2]


def test_a_page_is_stale_from_the_commit_on(house: House, db: Database) -> None:
    line = house.line()
    old = line.ask(GET)[2]
    assert line.ask(GET)[2] == old
    with db.transaction() as s:
        s.add(Topic(slug="moon", name="Moon"))
    if db.is_sqlite:
        assert line.ask(GET)[2] != old


def test_what_nobody_caught_is_an_answer_and_its_words_stay_out_of_the_log(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.application.config["PROPAGATE_EXCEPTIONS"] = True
    status, _, body = house.line().ask(GET.replace(b"/moon", b"/broken"))
    assert status == 500 and b"reader" not in body
    assert "ValueError" in caplog.text and "reader@example.org" not in caplog.text


def test_the_visitor_is_known_and_no_header_looks_like_another(house: House) -> None:
    line = house.line()
    asked = b"GET /remote HTTP/1.1\r\nHost: a\r\nX_A: forged\r\n\r\n"
    assert line.ask(asked)[2] == b"127.0.0.1 None"


@pytest.mark.parametrize("words", [b"", GET[:25], b"POST /moon HTTP/1.1\r\nHost: a\r\n"])
def test_who_says_nothing_or_half_a_head_is_not_waited_for_for_ever(db: Database, words: bytes) -> None:
    watch(db, (Topic,))
    with House(db).open(idle=0.2) as house:
        line = house.line()
        line.socket.sendall(words)
        assert line.is_closed()


def test_a_head_that_comes_drop_by_drop_wins_no_time(db: Database) -> None:
    watch(db, (Topic,))
    with House(db).open(idle=0.3) as house:
        line = house.line()
        line.socket.settimeout(0.05)
        with pytest.raises(OSError, match=r"reset|pipe|closed"):
            for _ in range(200):
                line.socket.sendall(b"G" if _ == 0 else b"E")
                with suppress(TimeoutError):
                    if not line.socket.recv(1):
                        raise ConnectionResetError("reset")


def test_bodies_that_never_come_hold_nobody_up(house: House) -> None:
    for _ in range(THREADS + 2):
        house.line().socket.sendall(b"POST /moon HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nhello")
    assert house.line().ask(GET)[0] == 200
    assert house.asked == ["GET moon 0"]


def test_a_body_that_comes_too_slowly_is_given_up(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "GRACE", 0.1)
    status, headers, words = house.line().ask(
        b"POST /moon HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nhello"
    )
    assert (status, headers["connection"]) == (408, "close") and b"took too long" in words and not house.asked


def test_a_large_body_of_somebody_who_signed_in_arrives_whole_and_others_are_refused(house: House) -> None:
    size = bodies.FROM_ANYBODY + 5
    head = b"POST /moon HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n" % size
    line = house.line()
    line.socket.sendall(head + b"Cookie: session=1\r\n\r\n")
    line.socket.sendall(b"x" * size)
    assert line.answer()[0] == 200 and house.asked[-1] == f"POST moon {size}"
    other = house.line()
    other.socket.sendall(head + b"\r\n")
    assert other.answer()[0] in (400, 413) and len(house.asked) == 1
    many = house.line()
    many.socket.sendall(b"POST /moon HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
    with suppress(OSError):
        for _ in range(80):
            many.socket.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")
    assert len(house.asked) == 1


def test_who_asks_for_ready_pages_is_kept_and_then_let_go(db: Database) -> None:
    watch(db, (Topic,))
    with House(db).open(idle=0.3) as house:
        line = house.line()
        for _ in range(200):
            assert line.ask(GET)[0] == 200
        assert line.is_closed()


@pytest.mark.parametrize(
    "words",
    [
        b"GET /moon HTTP/1.1\r\n\r\n", b"nonsense\r\n\r\n", b"GET /moon HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
        b"POST /moon HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
)  # fmt: skip
def test_what_is_no_request_gets_an_answer_that_is_no_page_of_ours(house: House, words: bytes) -> None:
    house.line().ask(GET)
    line = house.line()
    line.socket.sendall(words)
    line.socket.shutdown(socket.SHUT_WR)
    said = line.file.read()
    assert not said.startswith(b"HTTP/1.1 5") and said.count(b"HTTP/1.1") <= 1
