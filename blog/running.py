"""The commands that run the house: web server, migrations, demonstration, and all of it on one machine. ``app.py`` adds them to ``perijove``."""

import os

import click

from blog import clock, opening
from blog.demo import loading, removing
from blog.desk import Desk
from blog.house import House
from blog.refusals import Refusal
from blog.upgrading import upgrade


@click.command("web")
@click.pass_obj
def web(desk: Desk) -> None:
    """Serves the site and the studio."""
    words = opening.server(desk.settings())
    os.execv(words[0], words)


@click.command("migrate")
@click.pass_obj
def migrate(desk: Desk) -> None:
    """Brings the database to the present shape. Running it again does nothing."""
    house = desk.open_house()
    house.settings.data.mkdir(parents=True, exist_ok=True)
    upgrade(house.db)
    click.echo("The database has the present shape.")


@click.group("demo")
def demo() -> None:
    """A furnished publication, to look around in."""


@demo.command("load")
@click.pass_obj
def load_demo(desk: Desk) -> None:
    """Brings the demonstration stories, pictures and authors; what is here already is left alone."""
    house = _ready(desk)
    try:
        brought = loading.load(house.db, house.storage, clock.now(), zone=house.settings.zone)
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(f"{brought} demonstration stories were brought in.")


@demo.command("remove")
@click.pass_obj
def remove_demo(desk: Desk) -> None:
    """Takes the demonstration away; what people made or changed stays."""
    house = _ready(desk)
    click.echo(f"{removing.remove(house.db, house.storage)} demonstration stories were taken away.")


@click.command("up")
@click.option("--demo", "with_demo", is_flag=True, help="Bring the demonstration publication first.")
@click.option("--data", type=click.Path(), help="Folder of the publication's data (PERIJOVE_DATA).")
@click.option("--port", type=int, help="Port of the site (PERIJOVE_PORT).")
@click.option("--prepare", "only_prepare", is_flag=True, help="Set everything up and stop.")
@click.pass_context
def up(
    context: click.Context, with_demo: bool, data: str | None, port: int | None, only_prepare: bool
) -> None:
    """Sets up what is missing and runs site, clock and mailbox until Ctrl+C. What ./run calls."""
    # The processes started from here read the same settings.
    os.environ.update(
        {k: str(v) for k, v in {"PERIJOVE_DATA": data, "PERIJOVE_PORT": port}.items() if v is not None}
    )
    desk: Desk = context.obj
    house = desk.open_house()
    invitation = opening.prepare(house, with_demo, opening.echo)
    if not only_prepare:
        house.db.close()
        context.exit(opening.run(house.settings, invitation, opening.echo))
    opening.echo("Everything is set up.")


commands: tuple[click.Command, ...] = (web, migrate, demo, up)


def _ready(desk: Desk) -> House:
    house = desk.open_house()
    house.settings.data.mkdir(parents=True, exist_ok=True)
    upgrade(house.db)
    return house
