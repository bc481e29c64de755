"""The commands of the post office: the clock, workers, the demo mailbox, and the coming digest."""

import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import click

from blog import clock
from blog.desk import Desk
from blog.refusals import Refusal
from blog.secret import secret_key
from blog.work import open_work
from newsletter.delivery import mailbox
from newsletter.doctor import bulk, examining, keeping, letterhead, signing, telling
from newsletter.doctor.dial import Telephone
from newsletter.doctor.findings import Health
from newsletter.doctor.resolver import Dns
from newsletter.editions import compiling, rehearsing
from newsletter.editions.composing import composers
from newsletter.returns import listener
from newsletter.returns.matching import keys
from newsletter.schedule import Timetable, errands, run_clock, run_worker
from newsletter.subscribers.tokens import Tokens

MakeTimetable = Callable[..., Timetable]


class Moment(click.ParamType[datetime]):
    name = "ISO-TIME"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            read = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        except ValueError:
            self.fail("give a time like 2026-11-23T07:00:00+00:00", param, ctx)
        return read if read.tzinfo else read.replace(tzinfo=UTC)


def commands(make: MakeTimetable) -> tuple[click.Command, ...]:
    """``make(house, stop)`` is how ``app.py`` binds the timetable's verbs to an opened house."""

    @click.command("clock")
    @click.option("--once", is_flag=True, help="One tick, then end: for rehearsal and catching up.")
    @click.option(
        "--at", type=Moment(), help="With --once: as if it were this time (UTC where no zone is given)."
    )
    @click.pass_obj
    def run_the_clock(desk: Desk, once: bool, at: datetime | None) -> None:
        """Puts scheduled posts online and closes editions when their hour comes. Asks workers for the rest, or with SQLite does it too."""
        stop, house = threading.Event(), desk.open_house()
        timetable = make(house, stop)
        if once:
            for_signals(stop)
            timetable.once(at or clock.now())
        else:
            run_clock(timetable, open_work(house.db), clock.now, stop)

    @click.command("worker")
    @click.option("--letters", is_flag=True, help="Only letters: where the data folder is not at hand.")
    @click.pass_obj
    def run_a_worker(desk: Desk, letters: bool) -> None:
        """Sends letters, renders pictures and does the chores; decides nothing. Any number may run, on any number of machines."""
        stop, house = threading.Event(), desk.open_house()
        for_signals(stop)
        doing = errands(make(house, stop), only_letters=letters)
        run_worker(doing, open_work(house.db), clock.now, stop)

    return (run_the_clock, run_a_worker, catch_mail, listen, run_the_doctor, digest)


@click.command("mailbox")
@click.pass_obj
def catch_mail(desk: Desk) -> None:
    """Catches every mail on this machine and delivers none, for trying things out. The studio shows what it caught."""
    settings = desk.settings()
    stop = threading.Event()
    for_signals(stop)
    mailbox.serve(settings.mailbox, "127.0.0.1", settings.mailbox_port, stop)


@click.command("listener")
@click.pass_obj
def listen(desk: Desk) -> None:
    """Takes mail that comes back, for our return paths only, on PERIJOVE_LISTENER_PORT."""
    house = desk.open_house()
    settings, secret = house.settings, secret_key(house.settings)
    if not (settings.listener_port and settings.bounce_address):
        raise click.ClickException("Set PERIJOVE_LISTENER_PORT and PERIJOVE_BOUNCE_ADDRESS first.")
    stop = threading.Event()
    for_signals(stop)
    ours = keys(settings, secret)
    listener.serve(house.db, settings.host, settings.listener_port, ours, clock.now, house.alarm, stop)


@click.command("doctor")
@click.pass_obj
def run_the_doctor(desk: Desk) -> None:
    """Looks at how mail from here appears to the world, and prints what to mend. Ends with 1 where something fails."""
    house, at = desk.open_house(), clock.now()
    digests = composers(house.settings, Tokens(secret_key(house.settings)))["digest"]
    headers, traffic = letterhead.sample(house.db, digests), bulk.traffic(house.db, at)
    found = _told(
        lambda: examining.examine(house.settings, Dns(), Telephone(), at, headers=headers, traffic=traffic)
    )
    keeping.keep(house.db, found)
    signing.look(house.settings, Dns())
    click.echo("\n".join(telling.lines(found)))
    raise SystemExit(1 if found.count(Health.FAIL) else 0)


def for_signals(stop: threading.Event) -> None:
    """Sets ``stop`` on SIGINT and SIGTERM."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stop.set())


@click.group()
def digest() -> None:
    """The coming edition: look at it, or let it go now."""


@digest.command("preview")
@click.option("--html", type=click.File("w"), help="Write the HTML part to this file.")
@click.pass_obj
def preview(desk: Desk, html: Any) -> None:
    """Prints the subject and text of the coming edition as it would leave now."""
    house = desk.open_house()
    words = _told(lambda: rehearsing.preview(house.db, clock.now(), house.settings))
    if html:
        html.write(words.html)
    click.echo(f"Subject: {words.subject}\n\n{words.text}")


@digest.command("send")
@click.option("--test", "address", metavar="ADDRESS", help="Only one test mail, to this address.")
@click.pass_obj
def send(desk: Desk, address: str | None) -> None:
    """Closes the coming edition now; the running clock or a worker mails it."""
    house = desk.open_house()
    if address:
        _told(lambda: rehearsing.send_test(house.db, address, clock.now(), house.settings))
        click.echo("The test mail is in the letter box.")
        return
    _told(lambda: compiling.send_now(house.db, clock.now(), house.settings))
    click.echo("The edition is closed; its letters are in the letter box.")


def _told(deed: Callable[[], Any]) -> Any:
    try:
        return deed()
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from None
