"""The commands about the staff: the first administrator, and invitations. ``app.py`` adds them to ``perijove``."""

import sys

import click

from blog import clock, links, templating
from blog.accounts import invitations, staffing
from blog.accounts.roles import RoleName
from blog.desk import Desk
from blog.refusals import Invalid, Refusal
from blog.themes import checking, folder


@click.command("create-admin")
@click.option("--email", required=True, help="Address to sign in with.")
@click.option(
    "--name", default="", help="Name that readers see; the first part of the address where left out."
)
@click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input, not from the terminal."
)
@click.pass_obj
def create_admin(desk: Desk, email: str, name: str, password_stdin: bool) -> None:
    """Makes an administrator's account. The password never stands on the command line."""
    password = (
        sys.stdin.read().rstrip("\r\n")
        if password_stdin
        else click.prompt("Password", hide_input=True, confirmation_prompt=True)
    )
    try:
        staffing.make(
            desk.open_house().db,
            name or email.partition("@")[0],
            email,
            password,
            RoleName.ADMINISTRATOR,
            clock.now(),
        )
    except Invalid as refusal:
        raise click.ClickException("\n".join(_sentences(refusal))) from None
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo("The account is made. Sign in at " + links.absolute(desk.settings().site, links.STUDIO))


@click.command("invite")
@click.option(
    "--role",
    type=click.Choice([role.value for role in RoleName]),
    default=RoleName.ADMINISTRATOR.value,
    show_default=True,
)
@click.option("--email", default="", help="To remember whom it is for; nothing is sent.")
@click.pass_obj
def invite(desk: Desk, role: str, email: str) -> None:
    """Prints a link with which one person makes an account; it works once, for 7 days."""
    token = invitations.issue(desk.open_house().db, RoleName(role), email, clock.now())
    click.echo(links.absolute(desk.settings().site, f"{links.STUDIO}/invitation/{token}"))


@click.group("theme")
def theme() -> None:
    """How the site looks."""


@theme.command("check")
@click.argument("name", default="")
@click.pass_obj
def check_theme(desk: Desk, name: str) -> None:
    """Reads a theme, the one that is worn where none is named, and tells what is wrong with its files, templates and colours."""
    settings = desk.settings()
    if name:
        settings = settings.model_copy(update={"theme": name})
    found = folder.find(settings)
    faults = [*checking.broken(found, templating.plain(settings)), *checking.unclear(found)]
    for told in (*faults, *checking.idle(found)):
        click.echo(told)
    if faults:
        raise click.ClickException(f"The theme {settings.theme or folder.DEFAULT} has {len(faults)} faults.")
    click.echo(f"The theme {settings.theme or folder.DEFAULT} holds.")


commands: tuple[click.Command, ...] = (create_admin, invite, theme)


def _sentences(refusal: Invalid) -> list[str]:
    return [sentence for told in refusal.fields.values() for sentence in told] or [str(refusal)]
