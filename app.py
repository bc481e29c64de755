"""The front door: builds the house from its settings and opens it. The only file that knows every room.

``create_app()`` makes the web application, ``main()`` is the command line (``perijove``), and ``app`` is the application
built on first use, for servers that are given ``app:app``.

What one kind of process alone needs is imported where it is opened: the web in ``create_app``, a command's door when it is
called, the writing room when something may go online. So a worker, of which there may be many, stays small.
"""

import os
import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click
from sqlalchemy.exc import OperationalError

import blog.models  # noqa: F401  (with these two every table is known)
import newsletter.models  # noqa: F401
from blog import clock, fetching, secret, tally, templating
from blog.authors.model import Author
from blog.db import Database
from blog.house import House
from blog.images import lettering, renditions, sweeping
from blog.images.model import Image
from blog.images.storage import Disk
from blog.logs import configure
from blog.pagecache import purge
from blog.posts import heralding, outside, vocabulary
from blog.posts.model import Post, Topic, TopicPick
from blog.publication.model import Publication
from blog.publication.reading import current, current_in
from blog.settings import Settings, SettingsError, load
from blog.signs.model import AnnouncementBar, Signpost
from newsletter.delivery import claiming, journal, outbox, pace, relays
from newsletter.delivery.domains import Domains
from newsletter.delivery.doors import Doors, limits_of
from newsletter.delivery.failpoints import Failpoints
from newsletter.delivery.parcels import Composer
from newsletter.delivery.recovering import recover
from newsletter.delivery.relays import Relay
from newsletter.delivery.sending import send_ready
from newsletter.delivery.transport import open_transport
from newsletter.doctor.signing import keyring
from newsletter.editions import compiling, counting, mailed
from newsletter.editions.composing import following
from newsletter.editions.model import Edition
from newsletter.figures import opens
from newsletter.lists.model import MailingList
from newsletter.moving import running as moving
from newsletter.moving import runs
from newsletter.returns import mailbox_imap, standstill
from newsletter.returns.matching import keys
from newsletter.returns.refused import count_refusals
from newsletter.returns.visiting import visit
from newsletter.running import PostDesk
from newsletter.schedule import LETTERS, Timetable
from newsletter.subscribers import readdressing
from newsletter.subscribers.tokens import Tokens

if TYPE_CHECKING:
    from flask import Flask

STATIC = Path(__file__).parent / "static"
LARGEST_UPLOAD = 110 * 1024 * 1024
"""Bytes of one request; staff may send larger pictures (``web/guard.py``)."""
PUBLIC = (Post, Topic, TopicPick, Author, Image, AnnouncementBar, Signpost, Publication, Edition, MailingList)
"""The tables whose rows visitors see; what hangs on them changes only together with them."""


def create_app(settings: Settings | None = None) -> "Flask":
    """The web application. Opens no connection: the database is first asked by the first request."""
    from flask import Flask
    from werkzeug.middleware.proxy_fix import ProxyFix

    import blog.web
    import newsletter.web
    from blog.pagecache.generation import Generation
    from blog.pagecache.serving import PageCache
    from blog.pagecache.shelf import Shelf, house_mark
    from blog.web import files

    house = open_house(settings or load())
    panels = newsletter.web.panels(house.db)
    made = Flask("perijove", template_folder=str(Path(__file__).parent / "templates"), static_folder=None)
    made.config.update(SECRET_KEY=secret.secret_key(house.settings), MAX_CONTENT_LENGTH=LARGEST_UPLOAD)
    blog.web.mount(made, replace(house, panels=panels))
    newsletter.web.mount(made, tokens(house.settings))
    static, theme = files.serve(made.wsgi_app, STATIC, house.settings)
    mark = house_mark(
        Path(__file__).parent, f"{house.settings!r} {secret.secret_key(house.settings)} {theme}"
    )
    shelf = Shelf(house.settings.data / "pages", mark)
    front = PageCache(static, Generation(house.db), shelf=shelf)
    # Believes the one proxy about the visitor's address and scheme; links never come from a request, so not about the host.
    behind = ProxyFix(front, x_for=1, x_proto=1, x_host=0) if house.settings.behind_proxy else front
    made.wsgi_app = behind  # type: ignore[method-assign, assignment]
    made.extensions["pagecache"] = front
    return made


def open_house(settings: Settings) -> House:
    """What every door is given, on one database and one storage. The panels come with the web."""
    db = Database(settings.database)
    purge.watch(db, PUBLIC)

    def post_mail(address: str, subject: str, text: str) -> None:
        at = clock.now()
        with db.transaction() as s:
            about = secrets.randbits(62)
            outbox.put(
                s, "message", about, 0, address, at, priority=0, payload={"subject": subject, "text": text}
            )

    return House(
        settings, db, Disk(settings.media), post_mail, is_mailed=mailed.is_mailed, has_rehearsed=lambda: mailed.has_rehearsed(db)
    )  # fmt: skip


def tokens(settings: Settings) -> Tokens:
    return Tokens(secret.secret_key(settings))


def timetable(house: House, stop: threading.Event) -> Timetable:
    """The verbs that the clock and the workers call, bound to this house."""
    db, settings, ways_out = house.db, house.settings, relays.parse(house.settings)
    write = following(lambda s: current_in(s, settings), tokens(settings), keyring)
    indexnow_key = heralding.indexnow_key(secret.secret_key(settings))

    def compile_editions(at: datetime) -> None:
        compiling.compile_due(db, at, current(db, settings))
        compiling.sent_due(db, at)

    def publish(at: datetime) -> None:
        from blog.posts import publishing, timing

        publishing.publish_due(db, at, zone=(zone := current(db, settings).zone))
        timing.keep_due(db, at, zone=zone)

    def render(at: datetime) -> None:
        while not stop.is_set() and renditions.render_due(db, house.storage, at, most=1):
            pass  # one picture at a time, so that an end is never far

    return Timetable(
        publish=publish,
        compile=compile_editions,
        send={relay.name: sender(house, relay, write, stop) for relay in ways_out},
        render=render,
        move=lambda at: moving.run_due(db, at, current(db, settings)),
        collect=lambda at: collect(house, at),
        count=lambda at: counting.count_due(db, at),
        sweep=lambda at: sweep(house, at),
        learn=lambda at: vocabulary.learn_missing(db),
        herald=lambda at: heralding.herald_due(db, at, settings, indexnow_key, fetching.post),
        look=lambda at: outside.look_due(db, at, house.fetch),
        due={
            **{LETTERS + relay.name: waiting(house, relay) for relay in ways_out},
            "render": lambda at: renditions.is_anything_due(db, at),
            "herald": lambda at: heralding.is_anything_due(db, at, settings),
            "move": lambda at: moving.is_anything_due(db, at),
            "count": lambda at: counting.is_anything_due(db, at),
        },
        take_up=lambda at: recover(db, journals(settings), at),
    )


def sender(
    house: House, relay: Relay, write: Mapping[str, Composer], stop: threading.Event
) -> Callable[[datetime], None]:
    """The verb that sends what is ready to leave by ``relay``."""
    settings = house.settings
    hello = urlsplit(settings.site).hostname or ""
    transport = open_transport(relay.url, hello, auth=relay.auth, pipelining=relay.pipelining)
    limits = limits_of(settings.domain_limits)
    domains, doors = Domains(relay.name, limits), Doors(limits) if limits else None
    armed, me = Failpoints(settings.failpoint), f"{os.uname().nodename[:30]}:{os.getpid()}"

    def send(at: datetime) -> None:
        # Never behind the present: leases written there would count as run out for every other sender.
        rehearsed = max(at - clock.now(), timedelta(0))
        send_ready(
            house.db, transport, write, lambda: clock.now() + rehearsed, f"{me}:{secrets.token_hex(4)}",
            relay=relay, domains=domains, doors=doors, stop=stop, failpoints=armed, journals=journals(settings),
        )  # fmt: skip

    return send


def waiting(house: House, relay: Relay) -> Callable[[datetime], bool]:
    """Letters that may leave, or some that a sender had in its hands when it died on this machine."""
    left = journals(house.settings)

    def is_due(at: datetime) -> bool:
        return pace.is_open(house.db, relay, at) and claiming.is_anything_due(house.db, at, relay.name)

    return lambda at: journal.has_dead(left) or is_due(at)


def journals(settings: Settings) -> Path:
    return settings.data / "sending"


def collect(house: House, at: datetime) -> None:
    """What came back by mail, what servers refused for good, and whether they refuse us."""
    key = secret.secret_key(house.settings)
    while count_refusals(house.db, at, key):
        pass
    standstill.tell(house.db, at, house.alarm)
    if house.settings.imap_url:
        visit(house.settings.imap_url, house.db, at, keys(house.settings, key), house.alarm)


def sweep(house: House, at: datetime) -> None:
    """Forgets what has had its day, and sends on what waits for a relay that had."""
    tally.prune(house.db, at)
    readdressing.forget_old(house.db, at)
    runs.sweep(house.db, at)
    relays.adopt(house.db, relays.parse(house.settings))
    # Files bear the real time: a rehearsed tomorrow must not take away what is being taken in today.
    opens.fold(house.db, house.settings, clock.now())
    sweeping.sweep(house.db, house.storage, clock.now())
    lettering.sweep(house.settings.data / "cards", clock.now())


DOORS = {
    "blog.running": ("web", "migrate", "demo", "up"),
    "blog.cli": ("create-admin", "invite", "theme"),
    "newsletter.running": ("clock", "worker"),
    "newsletter.cli": ("mailbox", "listener", "doctor", "digest"),
}
"""By module, the commands that it keeps."""


class Front(click.Group):
    """Opens the one door that was asked for, and tells in plain lines what stands in the way: the settings, or a database that is away."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted(name for names in DOORS.values() for name in names)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        kept = (import_module(door).commands for door, names in DOORS.items() if name in names)
        return next((command for commands in kept for command in commands if command.name == name), None)

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except SettingsError as error:
            raise click.ClickException(f"These settings cannot be used:\n{error}") from None
        except OperationalError as error:
            raise click.ClickException(f"The database does not answer:\n{error.orig}") from None


def read_settings() -> Settings:
    """The settings, for a command; sets up the log on the way. Raises SettingsError, also for what only the post office can judge."""
    found = load()
    try:
        for relay in relays.parse(found):
            open_transport(relay.url)
        limits_of(found.domain_limits)
        Failpoints(found.failpoint)
        if found.imap_url:
            mailbox_imap.place(found.imap_url)
        templating.judge_theme(found)
    except ValueError as error:
        raise SettingsError(str(error)) from None
    configure(found.log_level)
    return found


@click.group(cls=Front, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def commands(context: click.Context) -> None:
    """Perijove: an astronomy publication and its daily digest."""
    context.obj = PostDesk(read_settings, lambda: open_house(read_settings()), timetable)


def main(arguments: Sequence[str] | None = None) -> int:
    """The ``perijove`` command."""
    commands.main(arguments, prog_name="perijove")
    return 0


def __getattr__(name: str) -> "Flask":
    if name == "app":
        made = create_app(read_settings())
        globals()["app"] = made
        return made
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
