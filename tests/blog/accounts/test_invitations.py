"""Invitations: one link, one person, one account."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from blog.accounts import invitations, staffing
from blog.accounts.model import Invitation
from blog.accounts.roles import RoleName
from blog.db import Database
from blog.refusals import Gone, Invalid, NotFound

WORDS = "seven sisters rising"


def test_an_invitation_makes_one_account_with_its_role(db: Database, noon: datetime) -> None:
    token = invitations.issue(db, RoleName.EDITOR, "maren@example.org", noon)
    offered = invitations.look(db, token, noon)
    assert (offered.role, offered.email) == (RoleName.EDITOR, "maren@example.org")
    invitations.accept(db, token, "Maren Solbakk", "Maren@Example.org", WORDS, noon)
    [member] = staffing.everybody(db)
    assert (member.name, member.email, member.role, member.active) == (
        "Maren Solbakk",
        "Maren@example.org",
        RoleName.EDITOR,
        True,
    )


def test_an_invitation_works_once(db: Database, noon: datetime) -> None:
    token = invitations.issue(db, RoleName.AUTHOR, "", noon)
    invitations.accept(db, token, "Maren", "maren@example.org", WORDS, noon)
    with pytest.raises(Gone, match="used already"):
        invitations.accept(db, token, "Rafael", "rafael@example.org", WORDS, noon)
    assert len(staffing.everybody(db)) == 1
    assert invitations.open_ones(db, noon) == ()


def test_an_invitation_ends_after_seven_days(db: Database, noon: datetime) -> None:
    token = invitations.issue(db, RoleName.AUTHOR, "", noon)
    assert invitations.look(db, token, noon + timedelta(days=7) - timedelta(seconds=1))
    with pytest.raises(Gone, match="too old"):
        invitations.look(db, token, noon + timedelta(days=7))


def test_a_token_that_we_never_made_opens_nothing(db: Database, noon: datetime) -> None:
    with pytest.raises(NotFound):
        invitations.look(db, "made-up", noon)


def test_only_the_hash_of_a_token_is_kept(db: Database, noon: datetime) -> None:
    token = invitations.issue(db, RoleName.AUTHOR, "", noon)
    with db.reading() as s:
        kept = s.scalars(select(Invitation)).one()
    assert token not in {kept.token_hash, kept.email, kept.role}
    assert len(kept.token_hash) == 64


def test_bad_input_leaves_the_invitation_open_and_names_each_field(db: Database, noon: datetime) -> None:
    token = invitations.issue(db, RoleName.AUTHOR, "", noon)
    with pytest.raises(Invalid) as refused:
        invitations.accept(db, token, " ", "nobody", "short", noon)
    assert set(refused.value.fields) == {"name", "email", "password"}
    assert len(invitations.open_ones(db, noon)) == 1


def test_an_address_belongs_to_one_account_whatever_its_letters_case(db: Database, noon: datetime) -> None:
    staffing.make(db, "Maren", "maren@example.org", WORDS, RoleName.AUTHOR, noon)
    token = invitations.issue(db, RoleName.AUTHOR, "", noon)
    with pytest.raises(Invalid, match="has that address"):
        invitations.accept(db, token, "Maren again", "MAREN@example.org", WORDS, noon)
    assert len(invitations.open_ones(db, noon)) == 1


def test_a_nul_in_a_name_or_an_address_is_dropped(db: Database, noon: datetime) -> None:
    token = invitations.issue(db, RoleName.AUTHOR, "maren\0@example.org", noon)
    assert invitations.look(db, token, noon).email == "maren@example.org"
    invitations.accept(db, token, "Maren\0 Solbakk\n", "maren@example.org", WORDS, noon)
    assert [member.name for member in staffing.everybody(db)] == ["Maren Solbakk"]
