"""The server dies again and again while an editor writes: every save that it answered is there, and the page goes on by itself."""

import json
import os
import random
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.walks.conftest import Publication, add_administrator, free_port, sign_in
from tests.walks.editing import body, manuscript

pytestmark = pytest.mark.browser


class Server:
    """The publication's web server, and a way to end it without a word."""

    def __init__(self, publication: Publication) -> None:
        self.publication = publication
        self.process: subprocess.Popen[bytes]
        self.start()

    def start(self) -> None:
        self.process = self.publication.start("web")
        self.publication.wait_for(self.process)

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Publication(tmp_path, free_port())
    made.command("up", "--prepare")
    add_administrator(made)
    running = Server(made)
    yield running
    running.kill()


@pytest.fixture
def page(server: Server, chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(reduced_motion="reduce")
    page = context.new_page()
    sign_in(page, server.publication)
    page.goto(f"{server.publication.url}/studio/posts")
    page.get_by_role("button", name="New story").first.click()
    expect(body(page)).to_be_visible()
    yield page
    context.close()


@pytest.mark.parametrize("kills", [2, pytest.param(50, marks=pytest.mark.slow)])
def test_every_save_that_was_answered_is_there_however_often_the_server_is_killed(
    server: Server, page: Page, kills: int
) -> None:
    answered: list[int] = []
    page.on("response", lambda answer: note(answered, answer.url, answer.status, answer.request.post_data))
    dice = random.Random(kills)
    for count in range(kills):
        body(page).click()
        page.keyboard.press("Control+End")
        for word in range(6):
            page.keyboard.type(f"w{count * 6 + word} ")
            page.keyboard.press("Control+s")
            page.wait_for_timeout(dice.randrange(60))  # the kill is to fall anywhere in a save
        server.kill()
        last = max(answered, default=-1)
        server.start()
        assert f"w{last} " in standing(page) or last == -1
        page.evaluate("window.dispatchEvent(new Event('online'))")
        goes_on(page)
    text = standing(page)
    assert [word for word in range(kills * 6) if f"w{word} " not in text] == []


def goes_on(page: Page) -> None:
    """The page tries again by itself, after a minute at the latest."""
    expect(page.locator("#save-mark")).to_have_attribute("data-state", "saved", timeout=80_000)


def note(answered: list[int], url: str, status: int, sent: str | None) -> None:
    """The last word that a save which was answered had in it."""
    if url.endswith("/manuscript") and status == 200 and sent:
        words = [int(word[1:]) for word in json.dumps(json.loads(sent)["body"]).replace('"', " ").split() if word[:1] == "w" and word[1:].isdigit()]  # fmt: skip
        answered.append(max(words, default=-1))


def standing(page: Page) -> str:
    """The story's text as the server has it."""
    return json.dumps(manuscript(page)["body"]).replace('"', " ")
