"""What browsers and machines read of the publication, judged by tools that are not ours: pages, JSON-LD, sitemaps and feeds."""

import re
import urllib.request
from collections.abc import Iterable
from pathlib import Path

import feedparser
import pytest
from playwright.sync_api import Browser

from tests import validators
from tests.conftest import shared
from tests.walks.conftest import Publication
from tests.walks.test_pages_look import LINKED, LISTS, go, opened

pytestmark = pytest.mark.browser

XML_FEEDS = ("/feed.xml", "/atom.xml", "/digest/feed.xml", "/digest/atom.xml")
JSON_FEEDS = ("/feed.json", "/digest/feed.json")
CHANGES = re.compile(r"[^a-z0-9]+")


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return validators.installed(shared(tmp_path_factory) / "validators")


@pytest.fixture(scope="session")
def addresses(chromium: Browser, site_server: Publication) -> list[str]:
    """One of every kind of public page."""
    with opened(chromium) as page:
        found = []
        for name in (*LISTS, *LINKED):
            go(page, site_server, name)
            found.append(page.url)
    return found


def fetched(url: str) -> bytes:
    with urllib.request.urlopen(url) as answer:
        body: bytes = answer.read()
        return body


def put(folder: Path, kind: str, urls: Iterable[str], ending: str) -> None:
    (folder / kind).mkdir()
    for url in urls:
        name = CHANGES.sub("-", url.split("//", 1)[1].split("/", 1)[1]).strip("-") or "home"
        (folder / kind / f"{name}.{ending}").write_bytes(fetched(url))


def test_independent_judges_find_no_fault(
    site_server: Publication, addresses: list[str], shop: Path, tmp_path: Path
) -> None:
    sitemaps = re.findall(r"<loc>([^<]+)</loc>", fetched(f"{site_server.url}/sitemap.xml").decode())
    put(tmp_path, "pages", addresses, "html")
    put(tmp_path, "sitemaps", [f"{site_server.url}/sitemap.xml", *sitemaps], "xml")
    put(tmp_path, "feeds", [site_server.url + path for path in JSON_FEEDS], "json")
    told = validators.judge(shop, tmp_path)
    assert told["found"] == {}
    assert told["judged"]["html"] == len(LISTS) + len(LINKED) and told["judged"]["linked"] >= 6
    assert told["judged"]["sitemaps"] == 1 + len(sitemaps) >= 3 and told["judged"]["feeds"] == len(JSON_FEEDS)


@pytest.mark.parametrize("path", XML_FEEDS)
def test_feeds_are_well_formed_for_a_feed_reader(site_server: Publication, path: str) -> None:
    read = feedparser.parse(fetched(site_server.url + path))
    assert not read.bozo and read.feed.title
