"""Opens the publication on one machine: prepares it, starts its processes, says where everything is. ``perijove up``."""

import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable

import click

from blog import clock
from blog.accounts import invitations, staffing
from blog.accounts.roles import RoleName
from blog.demo import loading
from blog.house import House
from blog.settings import Settings
from blog.supervising import Supervisor
from blog.upgrading import upgrade

PATIENCE = 30
"""Seconds that the first page may take before we say that something is wrong."""


def prepare(house: House, demo: bool, say: Callable[[str], None]) -> str:
    """Folder, tables, demonstration if asked for; returns the path of an invitation while there is no administrator yet."""
    house.settings.data.mkdir(parents=True, exist_ok=True)
    upgrade(house.db)
    if demo:
        brought = loading.load(house.db, house.storage, clock.now(), zone=house.settings.zone)
        say(
            f"{brought} demonstration stories were brought in."
            if brought
            else "The demonstration is here already."
        )
    if staffing.has_administrator(house.db):
        return ""
    token = invitations.issue(house.db, RoleName.ADMINISTRATOR, "", clock.now())
    return f"/studio/invitation/{token}"


def run(settings: Settings, invitation: str, say: Callable[[str], None]) -> int:
    """Starts the processes; blocks until Ctrl+C. Returns the exit status."""
    if _is_taken(settings):
        say(f"Port {settings.port} is taken by another program. Name another one: --port {settings.port + 1}")
        return 1
    supervisor = Supervisor(processes(settings), last=("mailbox",))
    threading.Thread(
        target=_announce, args=(settings, invitation, say, supervisor.stopping), daemon=True
    ).start()
    return supervisor.run()


def processes(settings: Settings) -> dict[str, list[str]]:
    """Web and clock; a worker with PostgreSQL; the mailbox where no mail server is set; the listener where the settings name its port."""
    me = [sys.executable, sys.argv[0]]
    commands = {"web": server(settings), "clock": [*me, "clock"]}
    if not settings.database.startswith("sqlite"):
        commands["worker"] = [*me, "worker"]
    if not settings.smtp_url:
        commands["mailbox"] = [*me, "mailbox"]
    if settings.listener_port and settings.bounce_address:
        commands["listener"] = [*me, "listener"]
    return commands


def server(settings: Settings) -> list[str]:
    """The command line of the web server for these settings."""
    options = {"host": settings.host, "port": settings.port, "workers": settings.web_workers}
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    return [sys.executable, "-m", "blog.web.server", *words]


def _is_taken(settings: Settings) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        # As the server itself does: a port that was just given back is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError:
            return True
    return False


def _announce(
    settings: Settings, invitation: str, say: Callable[[str], None], stopping: threading.Event
) -> None:
    deadline = time.monotonic() + PATIENCE
    while not _answers(settings):
        if time.monotonic() > deadline or stopping.wait(0.1):
            say("The site does not answer. The lines above tell why.")
            return
    say("")
    say(f"  {settings.site_name} is open.  Ctrl+C closes it.")
    say("")
    say(f"  Site     {settings.site}/")
    say(f"  Studio   {settings.site}/studio")
    if not settings.smtp_url:
        say(f"  Mail     {settings.site}/studio/mailbox  (caught here, sent to nobody)")
    if invitation:
        say("")
        say("  Make your account with this link. It works once, for 7 days:")
        say(f"  {settings.site}{invitation}")
    say("")


def _answers(settings: Settings) -> bool:
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host
    try:
        with urllib.request.urlopen(f"http://{host}:{settings.port}/robots.txt", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def echo(line: str) -> None:
    """A line for the person who started us; at once, though the output may be a file."""
    click.echo(line)
    sys.stdout.flush()
