"""The commands of the post office that run no timetable: the demo mailbox, the listener, the doctor, and the coming digest."""

import threading
from collections.abc import Callable
from typing import Any

import click

from blog import clock
from blog.desk import Desk
from blog.house import House
from blog.publication.reading import current
from blog.refusals import Refusal
from blog.secret import secret_key
from blog.settings import Settings
from newsletter.delivery import mailbox
from newsletter.doctor import bulk, examining, keeping, letterhead, sighting, telling
from newsletter.doctor.dial import Telephone
from newsletter.doctor.findings import Health
from newsletter.doctor.resolver import Dns
from newsletter.editions import compiling, rehearsing
from newsletter.editions.composing import composers
from newsletter.returns import listener
from newsletter.returns.matching import keys
from newsletter.running import for_signals
from newsletter.subscribers.tokens import Tokens


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
    (house, settings), at = _opened(desk), clock.now()
    digests = composers(settings, Tokens(secret_key(settings)))["digest"]
    headers, traffic = letterhead.sample(house.db, digests), bulk.traffic(house.db, at)
    found = _told(
        lambda: examining.examine(settings, Dns(), Telephone(), at, headers=headers, traffic=traffic)
    )
    keeping.keep(house.db, found)
    sighting.look(settings, Dns())
    click.echo("\n".join(telling.lines(found)))
    raise SystemExit(1 if found.count(Health.FAIL) else 0)


@click.group()
def digest() -> None:
    """The coming edition: look at it, or let it go now."""


@digest.command("preview")
@click.option("--html", type=click.File("w"), help="Write the HTML part to this file.")
@click.pass_obj
def preview(desk: Desk, html: Any) -> None:
    """Prints the subject and text of the coming edition as it would leave now."""
    house, settings = _opened(desk)
    words = _told(lambda: rehearsing.preview(house.db, clock.now(), settings))
    if html:
        html.write(words.html)
    click.echo(f"Subject: {words.subject}\n\n{words.text}")


@digest.command("send")
@click.option("--test", "address", metavar="ADDRESS", help="Only one test mail, to this address.")
@click.pass_obj
def send(desk: Desk, address: str | None) -> None:
    """Closes the coming edition now; the running clock or a worker mails it."""
    house, settings = _opened(desk)
    if address:
        _told(lambda: rehearsing.send_test(house.db, address, clock.now(), settings))
        click.echo("The test mail is in the letter box.")
        return
    _told(lambda: compiling.send_now(house.db, clock.now(), settings))
    click.echo("The edition is closed; its letters are in the letter box.")


commands: tuple[click.Command, ...] = (catch_mail, listen, run_the_doctor, digest)


def _opened(desk: Desk) -> tuple[House, Settings]:
    """With the settings as the studio has them."""
    house = desk.open_house()
    return house, current(house.db, house.settings)


def _told(deed: Callable[[], Any]) -> Any:
    try:
        return deed()
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from None
