"""The staff: roles, shutting out, and the last administrator who cannot leave."""

import threading
from datetime import datetime

import pytest
from sqlalchemy import select

from blog.accounts import passwords, staffing
from blog.accounts.model import Account, AccountId
from blog.accounts.people import Person
from blog.accounts.roles import Right, RoleName
from blog.db import Database
from blog.refusals import Conflict, NotFound

HASH = passwords.hashed("seven sisters rising")


def hire(db: Database, name: str, role: RoleName, at: datetime) -> Person:
    with db.transaction() as s:
        account_id = staffing.add(s, staffing.Newcomer(name, f"{name}@example.org", HASH), role, at)
    return load(db, account_id)


def load(db: Database, account_id: AccountId) -> Person:
    with db.reading() as s:
        return staffing.person(s.get_one(Account, account_id))


def mark(db: Database, who: Person) -> str:
    with db.reading() as s:
        return s.scalars(select(Account.fs_uniquifier).where(Account.id == who.id)).one()


def test_a_persons_rights_are_those_of_the_role(db: Database, noon: datetime) -> None:
    assert hire(db, "contributor", RoleName.CONTRIBUTOR, noon).rights == {Right.WRITE}
    assert hire(db, "administrator", RoleName.ADMINISTRATOR, noon).can(Right.MANAGE)
    assert not hire(db, "editor", RoleName.EDITOR, noon).can(Right.MANAGE)


def test_a_changed_role_ends_open_sessions(db: Database, noon: datetime) -> None:
    author = hire(db, "author", RoleName.AUTHOR, noon)
    before = mark(db, author)
    staffing.change_role(db, author.id, RoleName.EDITOR)
    assert load(db, author.id).can(Right.EDIT_ANY)
    assert mark(db, author) != before


def test_the_last_administrator_can_be_neither_demoted_nor_shut_out(db: Database, noon: datetime) -> None:
    last = hire(db, "last", RoleName.ADMINISTRATOR, noon)
    other = hire(db, "other", RoleName.EDITOR, noon)
    with pytest.raises(Conflict, match="last administrator"):
        staffing.change_role(db, last.id, RoleName.EDITOR)
    with pytest.raises(Conflict, match="last administrator"):
        staffing.disable(db, last.id, other)
    assert staffing.has_administrator(db)


def test_an_administrator_who_is_shut_out_does_not_count_as_one(db: Database, noon: datetime) -> None:
    first, second = (hire(db, name, RoleName.ADMINISTRATOR, noon) for name in ("first", "second"))
    staffing.disable(db, second.id, first)
    with pytest.raises(Conflict, match="last administrator"):
        staffing.change_role(db, first.id, RoleName.AUTHOR)


def test_two_administrators_who_demote_each_other_at_once_leave_one(db: Database, noon: datetime) -> None:
    pair = [hire(db, name, RoleName.ADMINISTRATOR, noon) for name in ("first", "second")]
    start, refused = threading.Barrier(2), []

    def demote(who: Person) -> None:
        start.wait()
        try:
            staffing.change_role(db, who.id, RoleName.EDITOR)
        except Conflict as refusal:
            refused.append(refusal)

    threads = [threading.Thread(target=demote, args=(who,)) for who in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert sum(load(db, who.id).can(Right.MANAGE) for who in pair) == 1


def test_nobody_shuts_themselves_out(db: Database, noon: datetime) -> None:
    boss, _second = (hire(db, name, RoleName.ADMINISTRATOR, noon) for name in ("boss", "second"))
    with pytest.raises(Conflict, match="shut yourself out"):
        staffing.disable(db, boss.id, boss)


def test_somebody_shut_out_can_be_let_in_again(db: Database, noon: datetime) -> None:
    boss, author = hire(db, "boss", RoleName.ADMINISTRATOR, noon), hire(db, "author", RoleName.AUTHOR, noon)
    before = mark(db, author)
    staffing.disable(db, author.id, boss)
    assert [member.active for member in staffing.everybody(db)] == [False, True]
    assert mark(db, author) != before
    staffing.enable(db, author.id)
    assert all(member.active for member in staffing.everybody(db))


def test_there_is_no_administrator_in_an_empty_publication(db: Database) -> None:
    assert not staffing.has_administrator(db)
    with pytest.raises(NotFound):
        staffing.enable(db, 99)
