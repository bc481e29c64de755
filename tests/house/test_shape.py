"""The house's own rules: small files, short functions, thin views, telling names. A rule that fails names the place."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = [ROOT / "app.py", ROOT / "blog", ROOT / "newsletter"]
NAMELESS = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "manager",
    "managers",
    "services",
    "service",
    "base",
    "misc",
}
ROOMS = [
    *("blog/posts", "blog/authors", "blog/images", "blog/sky", "blog/pagecache", "blog/signs", "blog/demo"),
    *("newsletter/lists", "newsletter/subscribers", "newsletter/editions", "newsletter/delivery"),
    *("newsletter/figures", "newsletter/returns", "newsletter/doctor", "newsletter/moving"),
]


def sources() -> Iterator[Path]:
    for place in PACKAGES:
        yield from [place] if place.is_file() else sorted(place.rglob("*.py"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body without its docstring."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1 if body else 0


def is_view(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    calls = [d.func for d in node.decorator_list if isinstance(d, ast.Call)]
    return any(
        isinstance(c, ast.Attribute) and c.attr in {"get", "post", "route", "delete", "put"} for c in calls
    )


def test_there_is_something_to_check() -> None:
    assert len(list(sources())) > 60
    assert sum(is_view(f) for path in sources() for f in functions(path)) > 60


def test_files_stay_under_300_lines() -> None:
    long = {
        str(p.relative_to(ROOT)): n for p in _all_python() if (n := len(p.read_text().splitlines())) >= 300
    }
    assert not long


def test_functions_stay_under_40_lines() -> None:
    long = [
        f"{p.relative_to(ROOT)}:{f.lineno} {f.name} {length(f)}"
        for p in sources()
        for f in functions(p)
        if length(f) >= 40
    ]
    assert not long


def test_views_stay_under_15_lines() -> None:
    long = [
        f"{p.relative_to(ROOT)}:{f.lineno} {f.name} {length(f)}"
        for p in sources()
        if "/web/" in p.as_posix()
        for f in functions(p)
        if is_view(f) and length(f) >= 15
    ]
    assert not long


def test_templates_stay_under_150_lines() -> None:
    long = {
        str(p.relative_to(ROOT)): n
        for p in (ROOT / "templates").rglob("*.*")
        if (n := len(p.read_text().splitlines())) >= 150
    }
    assert not long


def test_every_file_and_folder_has_a_telling_name() -> None:
    nameless = [
        str(p.relative_to(ROOT))
        for p in sources()
        if NAMELESS & {part.removesuffix(".py") for part in p.parts}
    ]
    assert not nameless


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(p.relative_to(ROOT))
        for p in sources()
        if p.read_text().strip() and not ast.get_docstring(ast.parse(p.read_text()))
    ]
    assert not silent


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_knows_nothing_of_its_doors(room: str) -> None:
    """Rooms import no flask, click, apscheduler or procrastinate, nor anything of a web folder."""
    doors = ("flask", "click", "apscheduler", "procrastinate", "blog.web", "newsletter.web", "app")
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in (ROOT / room).rglob("*.py")
        for name in _imports(path)
        if any(
            name == door or name.startswith(door + ".") or (door == "flask" and name.startswith("flask_"))
            for door in doors
        )
    ]
    assert not found


@pytest.mark.parametrize(
    ("engine", "place"), [("procrastinate", "blog/work.py"), ("apscheduler", "newsletter/schedule.py")]
)
def test_an_engine_is_known_to_one_file(engine: str, place: str) -> None:
    knowing = {
        str(path.relative_to(ROOT))
        for path in sources()
        for name in _imports(path)
        if name.split(".")[0] == engine
    }
    assert knowing == {place}


def test_nobody_imports_the_front_door() -> None:
    assert not [str(path) for path in sources() if "app" in _imports(path) and path.name != "app.py"]


def test_importing_the_house_does_nothing() -> None:
    """No connection, thread, folder or reading of the environment at import: a fresh interpreter tells."""
    probe = (
        "import os, sys, threading, pathlib;"
        "sys.addaudithook(lambda e, a: os._exit(9) if e in {'socket.connect', 'os.mkdir', 'sqlite3.connect'} else None);"
        "import app, blog.models, newsletter.models, blog.web, newsletter.web;"
        "sys.exit(threading.active_count() - 1)"
    )
    done = subprocess.run([sys.executable, "-B", "-c", probe], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def _all_python() -> Iterator[Path]:
    yield from sources()
    yield from (p for folder in ("tests", "bench") for p in (ROOT / folder).rglob("*.py"))
