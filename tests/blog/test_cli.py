"""The commands about the staff."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from blog import clock
from blog.accounts import invitations, staffing
from blog.accounts.roles import RoleName
from blog.cli import create_admin, invite
from blog.db import Database
from blog.desk import Desk
from blog.house import House
from blog.images.storage import Disk
from blog.settings import Settings

EMAIL = ["--email", "ada@example.org", "--password-stdin"]


@pytest.fixture
def desk(db: Database, settings: Settings, tmp_path: Path) -> Desk:
    return Desk(lambda: settings, lambda: House(settings, db, Disk(tmp_path), lambda *_: None))


def run(desk: Desk, *words: str, given: str = "seven sisters rising\n") -> Result:
    return CliRunner().invoke(create_admin, list(words), obj=desk, input=given)


def test_an_administrator_is_made_with_a_password_that_never_stands_on_the_command_line(
    desk: Desk, db: Database
) -> None:
    done = run(desk, *EMAIL, "--name", "Ada Kovač")
    assert done.exit_code == 0
    assert "http://localhost:8000/studio" in done.output
    [member] = staffing.everybody(db)
    assert (member.name, member.role) == ("Ada Kovač", RoleName.ADMINISTRATOR)


def test_a_weak_password_or_a_taken_address_ends_with_a_plain_sentence(desk: Desk, db: Database) -> None:
    weak = run(desk, *EMAIL, given="short")
    assert (weak.exit_code, "Use at least 10 characters" in weak.output) == (1, True)
    assert run(desk, *EMAIL).exit_code == 0
    again = run(desk, *EMAIL)
    assert (again.exit_code, "has that address" in again.output) == (1, True)
    assert len(staffing.everybody(db)) == 1


def test_an_invitation_is_printed_as_a_link_that_works(desk: Desk, db: Database) -> None:
    done = CliRunner().invoke(invite, ["--role", "editor"], obj=desk)
    token = done.output.strip().rpartition("/studio/invitation/")[2]
    assert invitations.look(db, token, clock.now()).role is RoleName.EDITOR
