"""How soon a visitor has what an editor has just published, through the real web server and its two workers, and what a page costs that
is made anew."""

import time
from collections.abc import Iterator
from pathlib import Path

from app import open_house
from bench.databases import postgresql
from bench.measure import Measure, within
from bench.pages import article_path, fetch, perijove
from bench.tools import cpu_seconds
from blog import clock
from blog.house import House
from blog.settings import build
from blog.signs import announcing

SOONEST = 100
"""Milliseconds from the commit to the first byte that has the new words."""
MISS = 2.5
"""Milliseconds of the server's processor time for an article that is not ready."""
PATIENCE = 5.0


def run(folder: Path, *, quick: bool) -> Iterator[Measure]:
    times = 20 if quick else 100
    yield from _on("SQLite", folder / "fresh", "", times)
    with postgresql(folder) as places:
        yield from _on("PostgreSQL", folder / "fresh-pg", places("fresh").url, times)


def _on(label: str, data: Path, url: str, times: int) -> Iterator[Measure]:
    with perijove(data, url) as (port, process):
        house = open_house(build(data=data, database_url=url))
        path = article_path(port)
        waits = sorted(_change(house, port, path, f"News number {number}") for number in range(times))
        yield within(
            f"from publishing to a fresh page, {label}, median", waits[times // 2] * 1000, "ms", SOONEST
        )
        yield within(f"from publishing to a fresh page, {label}, longest", waits[-1] * 1000, "ms", SOONEST)
        before = cpu_seconds(process.pid)
        for number in range(times):
            # Each change makes every page stale, so each is made once more.
            announcing.announce(house.db, f"More news, number {number}", "", None, clock.now())
            _until(port, path, f"More news, number {number}")
        spent = (cpu_seconds(process.pid) - before) / times
        yield within(f"an article that is not ready, processor time, {label}", spent * 1000, "ms", MISS)
        house.db.close()


def _change(house: House, port: int, path: str, words: str) -> float:
    """Seconds from the end of the commit until the page has ``words``."""
    fetch(port, path)
    announcing.announce(house.db, words, "", None, clock.now())
    began = time.perf_counter()
    _until(port, path, words)
    return time.perf_counter() - began


def _until(port: int, path: str, words: str) -> None:
    ends = time.monotonic() + PATIENCE
    while words.encode() not in fetch(port, path):
        if time.monotonic() > ends:
            raise SystemExit(f"{path} does not show “{words}”")
