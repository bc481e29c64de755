"""The page cache in front of a tiny application: what it keeps, what it lets through, and when a page is stale."""

import gzip
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import brotli
import pytest
from sqlalchemy import update

from blog.db import Database
from blog.pagecache.generation import Generation
from blog.pagecache.purge import present, watch
from blog.pagecache.serving import PageCache
from blog.pagecache.store import Entry, Ready, Store
from blog.posts.model import Topic
from newsletter.delivery.model import Pause

PAGE = b"<p>" + b"The Moon is a world. " * 60


class Site:
    """Counts how often it is asked; answers with its count where ``numbered``."""

    def __init__(self, **headers: str) -> None:
        self.asked = 0
        self.headers = {"Cache-Control": "public, max-age=60", "Content-Type": "text/html", **headers}

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        self.asked += 1
        start("200 OK", list(self.headers.items()))
        return [PAGE, str(self.asked).encode()]


class Visit:
    def __init__(
        self, cache: PageCache, path: str = "/", method: str = "GET", query: str = "", **headers: str
    ) -> None:
        environ = {"PATH_INFO": path, "REQUEST_METHOD": method, "QUERY_STRING": query}
        environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        self.body = b"".join(cache(environ, self.start))

    def start(self, status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> None:
        self.status = status
        self.headers = dict(headers)


@pytest.fixture
def generation(db: Database, monkeypatch: pytest.MonkeyPatch) -> Generation:
    monkeypatch.setattr("blog.pagecache.generation.POLL", 1e-9)
    watch(db, (Topic,))
    return Generation(db)


def test_the_second_visit_is_answered_without_asking_the_site(generation: Generation) -> None:
    site = Site()
    cache = PageCache(site, generation)
    assert Visit(cache).body == Visit(cache).body == PAGE + b"1"
    assert site.asked == 1


def test_a_commit_that_changes_something_public_makes_the_page_stale(
    db: Database, generation: Generation
) -> None:
    cache = PageCache(Site(), generation)
    Visit(cache)
    with db.transaction() as s:
        s.add(Topic(slug="moon", name="Moon"))
    assert Visit(cache).body.endswith(b"2")
    with db.transaction() as s:
        s.execute(update(Topic).values(name="The Moon"))
    assert Visit(cache).body.endswith(b"3")


def test_a_transaction_that_failed_or_changed_nothing_public_leaves_the_page_ready(
    db: Database, generation: Generation, noon: Any
) -> None:
    cache = PageCache(Site(), generation)
    Visit(cache)
    with pytest.raises(RuntimeError), db.transaction() as s:
        s.add(Topic(slug="mars", name="Mars"))
        s.flush()
        raise RuntimeError
    with db.transaction() as s:
        s.add(Pause(since=noon))
    assert Visit(cache).body.endswith(b"1")


def test_each_encoding_is_the_same_page(generation: Generation) -> None:
    cache = PageCache(Site(), generation)
    plain = Visit(cache).body
    assert brotli.decompress(Visit(cache, accept_encoding="gzip, br").body) == plain
    assert gzip.decompress(Visit(cache, accept_encoding="gzip;q=0.5, br;q=0").body) == plain


def test_a_visitor_who_has_the_page_is_told_so(generation: Generation) -> None:
    cache = PageCache(Site(), generation)
    first = Visit(cache, accept_encoding="br")
    again = Visit(cache, accept_encoding="br", if_none_match=first.headers["ETag"])
    assert (again.status, again.body) == ("304 Not Modified", b"")
    assert Visit(cache, method="HEAD").body == b""


@pytest.mark.parametrize(
    "visit",
    [
        {"method": "POST"},
        {"cookie": "session=1"},
        {"path": "/studio/posts"},
        {"path": "/search", "query": "q=moon"},
    ],
)
def test_what_may_differ_for_each_visitor_is_never_kept(
    generation: Generation, visit: dict[str, str]
) -> None:
    site = Site()
    cache = PageCache(site, generation)
    Visit(cache, **visit)
    Visit(cache, **visit)
    assert site.asked == 2


@pytest.mark.parametrize("headers", [{"Set-Cookie": "a=b"}, {"Cache-Control": "no-store"}])
def test_an_answer_that_is_not_public_is_never_kept(generation: Generation, headers: dict[str, str]) -> None:
    site = Site(**headers)
    cache = PageCache(site, generation)
    Visit(cache)
    Visit(cache)
    assert site.asked == 2


def test_only_known_queries_choose_another_page(generation: Generation) -> None:
    site = Site()
    cache = PageCache(site, generation)
    Visit(cache, query="utm_source=mail")
    Visit(cache, query="fbclid=1")
    assert site.asked == 1
    Visit(cache, query="page=2")
    assert site.asked == 2


def test_the_store_holds_no_more_than_its_bound() -> None:
    store = Store(most_bytes=250)
    for name in "abc":
        store.put(name, Entry(1, 0.0, {"identity": Ready([], b"x" * 100, "")}))
    assert store.get("a") is None
    assert store.get("b") and store.get("c")


def test_a_page_asked_for_twice_over_is_kept_under_the_name_that_the_site_reads(
    generation: Generation,
) -> None:
    """Flask reads the first of two; were it kept as the second, one visitor could set the wrong page before all others."""
    site = Site()
    cache = PageCache(site, generation)
    Visit(cache, query="page=2&page=1")
    Visit(cache, query="page=1")
    assert site.asked == 2
    Visit(cache, query="page=2")
    Visit(cache, query="page=&page=2")
    assert site.asked == 3


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("br;q=0.0, gzip", "gzip"), ("br; Q=0", None), ("br;q=0.01", "br"), ("gzip;q=0.000", None)],
)
def test_an_encoding_that_is_refused_is_not_sent(
    generation: Generation, accepted: str, encoding: str | None
) -> None:
    visit = Visit(PageCache(Site(), generation), accept_encoding=accepted)
    assert visit.headers.get("Content-Encoding") == encoding


@pytest.mark.parametrize("url", ["sqlite:////nowhere/perijove.db", "postgresql+psycopg://127.0.0.1:1/gone"])
def test_without_its_database_the_site_itself_answers(url: str) -> None:
    site = Site()
    assert Visit(PageCache(site, Generation(Database(url)))).status == "200 OK"
    assert site.asked == 1


def test_asking_makes_no_database(tmp_path: Path) -> None:
    path = tmp_path / "perijove.db"
    Visit(PageCache(Site(), Generation(Database(f"sqlite:///{path}"))))
    assert not path.exists()


def test_two_first_changes_at_once_both_hold(db: Database) -> None:
    watch(db, (Topic,))
    both = threading.Barrier(2)

    def add(slug: str) -> None:
        if db.is_sqlite:
            both.wait()
        with db.transaction() as s:
            s.add(Topic(slug=slug, name=slug))
            s.flush()
            if not db.is_sqlite:
                both.wait()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(add, ("moon", "mars")))
    with db.reading() as s:
        assert present(s) == 2
