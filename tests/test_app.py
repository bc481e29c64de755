"""The front door: what its commands refuse, and the one verb that it binds with care."""

import os
import subprocess
import sys
import threading
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import select

from app import DOORS, open_house, timetable
from blog import clock
from blog.settings import Settings, build
from newsletter.delivery import claiming, outbox
from newsletter.delivery.journal import Journal
from newsletter.delivery.model import Sender
from newsletter.schedule import LETTERS
from tests.mailserver import Received, recording_server


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("PERIJOVE_SMTP_URL", "mail.example.org", "begins with smtp://host"),
        ("PERIJOVE_SMTP_URL", "smtp://ada:moon#landing@mail.example.org", "port is no number"),
        (
            "PERIJOVE_RELAYS",
            "alerts=smtp://ada:moon@mail.example.org?per_minute=5",
            "there are connections, per_second",
        ),
        ("PERIJOVE_RELAYS", "alerts=gopher://ada:moon@mail.example.org", "begins with smtp://host"),
        ("PERIJOVE_DOMAIN_LIMITS", "gmail.com=fast", "write gmail.com=20/s,10"),
        ("PERIJOVE_FAILPOINT", "lunch", "is no fail point"),
        ("PERIJOVE_DATABASE_URL", "perijove.db", "postgresql://"),
        ("PERIJOVE_SENDER", "Perijove", "name@domain"),
    ],
)
def test_a_setting_that_cannot_be_used_is_told_in_plain_lines_before_anything_starts(
    tmp_path: Path, name: str, value: str, told: str
) -> None:
    own = {"PERIJOVE_DATA": str(tmp_path), name: value}
    done = subprocess.run(
        [Path(sys.executable).parent / "perijove", "up", "--prepare"],
        env={**os.environ, **own}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert told in done.stderr and "Traceback" not in done.stderr and "moon" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_catching_up_with_a_past_hour_holds_its_letters_against_the_clocks_of_today(
    settings: Settings, tmp_path: Path
) -> None:
    """A lease written in the past has run out when it begins: another sender would take the letter for abandoned."""
    held: list[bool] = []
    with recording_server(tmp_path) as server:
        house = open_house(build(**{**settings.model_dump(), "smtp_url": server.url}))

        def look(_mail: Received) -> None:
            with house.db.reading() as s:
                until = s.scalars(select(Sender.lease_until)).one()
            held.append(until is not None and until > clock.now())

        server.on_received = look
        past = clock.now() - timedelta(hours=5)
        with house.db.transaction() as s:
            outbox.put(
                s,
                "message",
                1,
                0,
                "reader@example.org",
                past,
                payload={"subject": "Moon", "text": "It is full."},
            )
        timetable(house, threading.Event()).send[""](past)
        house.db.close()
    assert held == [True]


def test_what_a_killed_sender_had_in_its_hands_is_due_at_the_next_beat(
    settings: Settings, tmp_path: Path
) -> None:
    """Not only when its lease is over: its journal lies here, and nobody holds it any more."""
    with recording_server(tmp_path) as server:
        house = open_house(build(**{**settings.model_dump(), "smtp_url": server.url}))
        verbs, now = timetable(house, threading.Event()), clock.now()
        is_due = verbs.due[LETTERS]
        words = {"subject": "Moon", "text": "It is full."}
        with house.db.transaction() as s:
            outbox.put(s, "message", 1, 0, "reader@example.org", now, payload=words)
        claiming.sign_on(house.db, "killed", "", now)
        with house.db.transaction() as s:
            (claimed,) = claiming.claim(s, "killed", now, 50)
        journal = Journal(house.settings.data / "sending", "killed")
        journal.begins(claimed.letter.id)
        assert not is_due(now), "the sender lives"
        journal.close(is_done=False)
        assert is_due(now)
        verbs.send[""](now)
        assert not is_due(now)
        house.db.close()
        assert [mail.recipient for mail in server.received] == ["reader@example.org"]


def test_a_fault_in_a_web_process_is_logged_without_what_was_in_its_hands(tmp_path: Path) -> None:
    """Tracebacks name places, never values: those hold cookies, addresses and tokens."""
    probe = """
import app, os, structlog
app.app
def work(token):
    raise ValueError
try:
    work(os.environ["TOKEN"])
except ValueError:
    structlog.get_logger().exception("broken")
"""
    environment = {**os.environ, "PERIJOVE_DATA": str(tmp_path), "TOKEN": "in-its-hands"}
    done = subprocess.run([sys.executable, "-c", probe], env=environment, capture_output=True, text=True)
    assert "event=broken" in done.stderr and "ValueError" in done.stderr
    assert "in-its-hands" not in done.stderr + done.stdout


def test_every_command_of_a_door_is_offered() -> None:
    kept = {door: {command.name for command in import_module(door).commands} for door in DOORS}
    assert kept == {door: set(names) for door, names in DOORS.items()}


def test_a_worker_loads_nothing_of_the_web_the_studio_or_the_doctors_examination(tmp_path: Path) -> None:
    """There may be many, and what each holds in memory is its own."""
    probe = """
import sys, threading
from app import commands, open_house, timetable
from blog.settings import load
commands.get_command(None, "worker")
timetable(open_house(load()), threading.Event())
print(*sys.modules)
"""
    own = {"PERIJOVE_DATA": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", probe], env={**os.environ, **own}, capture_output=True, text=True
    )
    loaded = set(done.stdout.split())
    assert {"app", "newsletter.running", "newsletter.delivery.sending"} <= loaded, done.stderr
    strangers = {
        "flask",
        "flask_security",
        "wtforms",
        "alembic",
        "bleach",
        "nh3",
        "dns",
        "blog.web",
        "blog.demo.loading",
        "newsletter.web",
    }
    assert not strangers & loaded
