"""Which forms from elsewhere are let in, and which network a visitor is of."""

import pytest
from flask import Flask

from blog.db import Database
from blog.house import House
from blog.images.storage import Disk
from blog.refusals import Forbidden
from blog.settings import build
from blog.web import wiring
from blog.web.guard import same_origin
from blog.web.limits import network


@pytest.fixture
def app(db: Database, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    made, folder = Flask("guarded"), tmp_path_factory.mktemp("data")
    settings = build(data=folder, site_url="https://news.example.org")
    wiring.install(made, House(settings, db, Disk(folder), lambda *_: None))
    return made


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://news.example.org"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://news.example.org"},
        {"Origin": "http://localhost"},
    ],
)
def test_a_form_of_our_own_and_one_without_any_origin_are_let_in(app: Flask, headers: dict[str, str]) -> None:
    with app.test_request_context("/subscribe", method="POST", headers=headers):
        assert same_origin() is None  # type: ignore[func-returns-value]


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "same-site", "Origin": "https://shop.example.org"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_a_form_on_another_site_is_refused(app: Flask, headers: dict[str, str]) -> None:
    with app.test_request_context("/subscribe", method="POST", headers=headers), pytest.raises(Forbidden):
        same_origin()


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002"),
        ("2001:db8:1:2::1", "2001:0db8:0001:0002"),
        ("", "unknown"),
    ],
)
def test_a_household_counts_as_one_network(app: Flask, address: str, found: str) -> None:
    with app.test_request_context("/", environ_base={"REMOTE_ADDR": address}):
        assert network() == found
