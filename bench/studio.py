"""The studio: how soon a letter stands on the screen in a long story full of pictures, beside a bare editable page that shows the same; and
what the editor weighs. What taking in a large picture costs is measured by ``intake``.
"""

import io
import json
import os
import random
import subprocess
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pyvips
from playwright.sync_api import Browser, Page, sync_playwright

import app
from bench import intake as pictures_in
from bench.measure import Measure, within
from bench.pages import PERIJOVE
from bench.tools import free_port, wait_for
from blog import clock
from blog.accounts import staffing
from blog.accounts.people import Person
from blog.accounts.roles import RIGHTS, RoleName
from blog.house import House
from blog.images import intake
from blog.posts import writing
from blog.posts.document import Node
from blog.settings import build

ROWS = ("typing", "bundle", "intake")
WORDS, PICTURES, KEYS = 5_000, 60, 200
LEXICON = ("star", "dust", "moon", "orbit", "light", "of", "the", "a", "and", "far", "older", "bright")
PASSWORD = "a-long-walk-under-stars"
CHROMIUM = "/usr/bin/chromium"
DIST = Path(__file__).parents[1] / "static" / "dist"

# From the key's own time to the moment after the next picture of the screen was made.
WATCH = """() => {
  window.waits = [];
  addEventListener("keydown", (event) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => window.waits.push(performance.now() - event.timeStamp);
    port2.postMessage(0);
  }), true);
}"""
# The least that an editor could be: the same blocks and pictures, with nothing watching.
BARE = """() => {
  const bare = document.createElement("div");
  bare.className = "ed-prose";
  for (const block of document.querySelector("#body-text").children) {
    const image = block.querySelector("img");
    const copy = document.createElement(image ? "figure" : "p");
    if (image) copy.append(image.cloneNode());
    else copy.textContent = block.textContent;
    bare.append(copy);
  }
  document.body.replaceChildren(bare);
  bare.contentEditable = "true";
  bare.id = "bare";
}"""


def run(*, quick: bool, only: Collection[str] = ()) -> Iterator[Measure]:
    wanted = only or ROWS
    if "typing" in wanted:
        yield from _typing(KEYS // 10 if quick else KEYS, PICTURES // 10 if quick else PICTURES)
    if "bundle" in wanted:
        manifest = json.loads((DIST / "manifest.json").read_text())
        size = (DIST / f"{manifest['editor.js']}.br").stat().st_size / 1024
        yield within("bundle, the editor's script, brotli", size, "KB", 120)
    if "intake" in wanted:
        yield from pictures_in.run(quick=quick)


def _typing(keys: int, pictures: int) -> Iterator[Measure]:
    with tempfile.TemporaryDirectory(prefix="perijove-bench-") as name:
        with newsroom(Path(name), pictures) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            page = _open(browser, address)
            ours = _waits(page, "#body-text", keys)
            page.evaluate(BARE)
            bare = _waits(page, "#bare", keys)
            browser.close()
    for part in (50, 95):
        label = f"typing, {WORDS:,} words and {pictures} pictures, p{part}"
        yield within(label, _at(ours, part), "ms", 50, _at(bare, part))


@contextmanager
def newsroom(data: Path, pictures: int) -> Iterator[str]:
    """A served publication with one long story; answers the address of its editor."""
    port = free_port()
    env = {
        **os.environ,
        "PERIJOVE_DATA": str(data),
        "PERIJOVE_PORT": str(port),
        "PERIJOVE_LOG_LEVEL": "error",
    }
    subprocess.run([PERIJOVE, "up", "--prepare"], env=env, check=True, stdout=subprocess.DEVNULL)
    post = _write(app.open_house(build(data=data)), pictures)
    process = subprocess.Popen([PERIJOVE, "web"], env=env, stdout=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield f"http://localhost:{port}/studio/posts/{post}"
    finally:
        process.terminate()
        process.wait()


def _write(house: House, pictures: int) -> int:
    db, at = house.db, clock.now()
    account = staffing.make(db, "Ada Kovač", "ada@example.org", PASSWORD, RoleName.EDITOR, at)
    by = Person(account, "Ada Kovač", "ada@example.org", RIGHTS[RoleName.EDITOR])
    shown = [
        intake.take_in(db, house.storage, _drawn(n), f"{n}.jpg", by.id, at)[0].id for n in range(pictures)
    ]
    post = writing.start(db, by, at, "A long story")
    working = writing.get(db, post, by)
    writing.save(db, post, replace(working.draft, body=_body(shown)), working.version, by, at)
    db.close()
    return post


def _drawn(number: int) -> io.BytesIO:
    noise = pyvips.Image.gaussnoise(1200, 800, mean=number * 3 + 40, sigma=20, seed=number).cast("uchar")
    return io.BytesIO(noise.write_to_buffer(".jpg", Q=70))


def _body(shown: list[int]) -> Node:
    """Paragraphs of about eighty words, the pictures spread evenly among them."""
    draw = random.Random(7)
    text = [draw.choice(LEXICON) for _ in range(WORDS)]
    paragraphs = [" ".join(text[start : start + 80]) for start in range(0, WORDS, 80)]
    content: list[Node] = []
    for number, words in enumerate(paragraphs):
        content.append({"type": "paragraph", "content": [{"type": "text", "text": words}]})
        first, last = (len(shown) * place // len(paragraphs) for place in (number, number + 1))
        content += [{"type": "figure", "attrs": {"image": image}} for image in shown[first:last]]
    return {"type": "doc", "content": content}


def _open(browser: Browser, address: str) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(address)
    page.get_by_label("Email").fill("ada@example.org")
    page.get_by_label("Password").first.fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/login" not in url)
    page.goto(address)
    page.wait_for_selector("#body-text figure img")
    page.wait_for_load_state("networkidle")
    page.evaluate(WATCH)
    return page


def _waits(page: Page, editor: str, keys: int) -> list[float]:
    """Milliseconds for each key, typed at the end of the middle paragraph at some eight keys a second, as a fast writer does."""
    paragraphs = page.locator(f"{editor} > p")
    paragraphs.nth(paragraphs.count() // 2).click()
    page.keyboard.press("End")
    page.keyboard.type("warm up ", delay=60)
    page.evaluate("window.waits.length = 0")
    page.keyboard.type(("and so on, " * keys)[:keys], delay=60)
    page.wait_for_timeout(200)
    found: list[float] = page.evaluate("window.waits")
    return sorted(found)


def _at(waits: list[float], part: int) -> float:
    return waits[min(len(waits) - 1, len(waits) * part // 100)]
