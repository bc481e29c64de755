"""Pages on disk: they serve other workers and those that start later, one is made at a time, and nothing old or broken comes back."""

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from blog.db import Database
from blog.pagecache import shelf as shelves
from blog.pagecache.generation import Generation
from blog.pagecache.purge import watch
from blog.pagecache.serving import LIFE, PageCache
from blog.pagecache.shelf import Shelf, house_mark
from blog.pagecache.store import Entry, variants
from blog.posts.model import Topic

PAGE = b"<p>" + b"The Moon is a world. " * 60
ONE_DAY = 86_400


class Site:
    def __init__(self, hold: threading.Event | None = None) -> None:
        self.asked, self.hold, self.begun = 0, hold, threading.Event()

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        self.asked += 1
        self.begun.set()
        if self.hold:
            assert self.hold.wait(10)
        start("200 OK", [("Cache-Control", "public"), ("Content-Type", "text/html")])
        return [PAGE, str(self.asked).encode()]


def visit(cache: PageCache, path: str = "/moon", **headers: str) -> bytes:
    environ = {"PATH_INFO": path, "REQUEST_METHOD": "GET", "QUERY_STRING": "", **headers}
    return b"".join(cache(environ, lambda *_: None))


Worker = Callable[..., tuple[Site, PageCache]]


@pytest.fixture
def worker(db: Database, tmp_path: Path) -> Worker:
    """Another process of the same house, or of another one."""
    watch(db, (Topic,))

    def made(mark: str = "house", hold: threading.Event | None = None) -> tuple[Site, PageCache]:
        site = Site(hold)
        return site, PageCache(site, Generation(db), shelf=Shelf(tmp_path / "pages", mark))

    return made


def test_what_one_worker_made_serves_the_others_and_who_starts_later(worker: Worker) -> None:
    site, cache = worker()
    page = visit(cache)
    for _ in range(2):
        other, its_cache = worker()
        assert visit(its_cache) == page and visit(its_cache, HTTP_ACCEPT_ENCODING="br") != page
        assert other.asked == 0
    assert site.asked == 1


def test_another_house_begins_anew_and_clears_the_shelf(worker: Worker, tmp_path: Path) -> None:
    visit(worker("before")[1])
    site, cache = worker("after")
    visit(cache)
    assert site.asked == 1
    assert [path.name for path in (tmp_path / "pages").iterdir()] == ["after"]


def test_a_page_of_before_a_commit_stays_where_it_is(worker: Worker, db: Database) -> None:
    visit(worker()[1])
    with db.transaction() as s:
        s.add(Topic(slug="moon", name="Moon"))
        s.execute(update(Topic).values(name="The Moon"))
    site, cache = worker()
    visit(cache)
    assert site.asked == 1


def test_who_comes_while_a_page_is_made_waits_for_it_in_this_worker_and_in_others(worker: Worker) -> None:
    hold = threading.Event()
    site, cache = worker(hold=hold)
    other, its_cache = worker()
    with ThreadPoolExecutor(8) as visitors:
        first = visitors.submit(visit, cache)
        assert site.begun.wait(10)
        more = [visitors.submit(visit, one) for one in (cache, its_cache) * 3]
        hold.set()
        assert {one.result(10) for one in [first, *more]} == {PAGE + b"1"}
    assert (site.asked, other.asked) == (1, 0)


def test_a_page_that_is_never_ready_holds_nobody_for_long(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelves, "LONGEST", 0.05)
    hold = threading.Event()
    site, cache = worker(hold=hold)
    other, its_cache = worker()
    with ThreadPoolExecutor(1) as visitors:
        slow = visitors.submit(visit, cache)
        assert site.begun.wait(10)
        assert visit(its_cache) == PAGE + b"1" and other.asked == 1
        hold.set()
        slow.result(10)


def entry(generation: int = 1, age: float = 0.0, body: bytes = PAGE) -> Entry:
    return Entry(generation, time.time() - age, variants([("Content-Type", "text/html")], body))


def test_a_page_comes_back_as_it_was_put(tmp_path: Path) -> None:
    shelf, put = Shelf(tmp_path, "house"), entry()
    shelf.put("/moon", put)
    assert shelf.get("/moon", 1) == put
    assert shelf.get("/moon", 2) is None and shelf.get("/mars", 1) is None


@pytest.mark.parametrize("damage", [b"", b"{}\n", b"[]", b"\xff\n", None])
def test_a_damaged_file_is_no_page(tmp_path: Path, damage: bytes | None) -> None:
    shelf = Shelf(tmp_path, "house")
    shelf.put("/moon", entry())
    (path,) = tmp_path.rglob("*.page")
    path.write_bytes(path.read_bytes()[:-1] if damage is None else damage)
    assert shelf.get("/moon", 1) is None


def test_a_shelf_that_cannot_be_written_keeps_nobody_from_the_page(worker: Worker, tmp_path: Path) -> None:
    (tmp_path / "pages").write_text("in the way")
    site, cache = worker()
    assert visit(cache) == visit(cache) and site.asked == 1


def test_the_shelf_stays_within_its_bounds_and_lets_the_oldest_go(tmp_path: Path) -> None:
    size = sum(len(ready.body) for ready in entry().variants.values())
    shelf = Shelf(tmp_path, "house", most_bytes=size * 100)
    for number in range(shelves.OFTEN):
        shelf.put(f"/{number}", entry())
    assert sum(path.stat().st_size for path in tmp_path.rglob("*.page")) <= size * 100
    assert shelf.get(f"/{shelves.OFTEN - 1}", 1) and not shelf.get("/0", 1)


@pytest.mark.parametrize("age", [LIFE, ONE_DAY, -ONE_DAY])
def test_a_page_that_is_old_or_of_the_future_is_made_anew(worker: Worker, tmp_path: Path, age: float) -> None:
    site, cache = worker()
    visit(cache)
    found = Shelf(tmp_path / "pages", "house")
    (path,) = tmp_path.rglob("*.page")
    generation = next(number for number in range(1000) if found.get("/moon", number))
    found.put("/moon", entry(generation, age))
    other, its_cache = worker()
    visit(its_cache)
    assert other.asked == 1


def test_a_house_is_known_by_its_files_and_its_settings(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    template = tmp_path / "templates" / "a.html"
    template.write_text("one")
    mark = house_mark(tmp_path, "settings")
    assert house_mark(tmp_path, "settings") == mark != house_mark(tmp_path, "others")
    template.write_text("another")
    assert house_mark(tmp_path, "settings") != mark
