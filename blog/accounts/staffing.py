"""The people who work here: who they are, what role each has, and who may no longer come in. For the People page and the command line."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from blog.accounts import passwords
from blog.accounts.model import Account, AccountId, Role
from blog.accounts.people import Person
from blog.accounts.roles import RIGHTS, Right, RoleName, rights_of
from blog.db import Database
from blog.refusals import Conflict, Invalid, NotFound

LAST_ADMINISTRATOR = (
    "Somebody must be able to run the place: this is the last administrator. Make another one first."
)


@dataclass(frozen=True)
class Member:
    id: AccountId
    name: str
    email: str
    role: RoleName
    active: bool
    created_at: datetime


@dataclass(frozen=True)
class Newcomer:
    """Somebody whose name, address and password were checked, with the password hashed."""

    name: str
    email: str
    password_hash: str


def make(db: Database, name: str, email: str, password: str, role: RoleName, at: datetime) -> AccountId:
    """A new account without an invitation, for the command line. Raises Invalid or Conflict."""
    checked = newcomer(name, email, password)
    with db.transaction() as s:
        return add(s, checked, role, at)


def newcomer(name: str, email: str, password: str) -> Newcomer:
    """Checks the three and hashes the password, outside any transaction. Raises Invalid with the fields."""
    faults: dict[str, Sequence[str]] = {}
    name = " ".join(name.replace("\0", "").split())
    if not name:
        faults["name"] = ["Enter your name as readers should see it."]
    if bad := passwords.faults(password, name, email):
        faults["password"] = bad
    address = _address(email)
    if not address:
        faults["email"] = [
            "That doesn't look like an email address. It needs a name, an @ and a domain, like reader@example.org."
        ]
    if faults:
        raise Invalid("Some of this needs another look.", faults)
    return Newcomer(name[:120], address, passwords.hashed(password))


def add(s: Session, who: Newcomer, role: RoleName, at: datetime) -> AccountId:
    if s.scalar(select(Account.id).where(func.lower(Account.email) == who.email.lower())):
        raise Invalid(
            "Somebody here has that address.", {"email": ["Somebody here has that address. Sign in instead."]}
        )
    account = Account(
        name=who.name, email=who.email, password=who.password_hash, active=True,
        fs_uniquifier=uuid.uuid4().hex, confirmed_at=at, created_at=at, roles=[_role(s, role)],
    )  # fmt: skip
    s.add(account)
    s.flush()
    return AccountId(account.id)


def everybody(db: Database) -> tuple[Member, ...]:
    with db.reading() as s:
        return tuple(
            _member(account)
            for account in s.scalars(select(Account).order_by(func.lower(Account.name), Account.id))
        )


def administrators(db: Database) -> tuple[str, ...]:
    """Addresses of those who may sign in."""
    members = everybody(db)
    return tuple(m.email for m in members if m.active and m.role is RoleName.ADMINISTRATOR)


def who_may(db: Database, right: Right) -> tuple[str, ...]:
    """Addresses of those whose role has the right and who may sign in."""
    return tuple(m.email for m in everybody(db) if m.active and right in RIGHTS[m.role])


def has_administrator(db: Database) -> bool:
    """Whether anybody can run the place yet."""
    with db.reading() as s:
        return s.scalar(_administrators().limit(1)) is not None


def change_role(db: Database, account_id: int, role: RoleName) -> None:
    """Gives the account that one role and ends its open sessions."""
    with db.transaction() as s:
        administrators = _locked_administrators(s)
        account = _account(s, account_id)
        if role is not RoleName.ADMINISTRATOR:
            _keep_an_administrator(administrators, account)
        account.roles = [_role(s, role)]
        account.fs_uniquifier = uuid.uuid4().hex


def disable(db: Database, account_id: int, by: Person) -> None:
    """Shuts the account out at once; what the person wrote stays."""
    if account_id == by.id:
        raise Conflict("You cannot shut yourself out. Ask another administrator.")
    with db.transaction() as s:
        administrators = _locked_administrators(s)
        account = _account(s, account_id)
        _keep_an_administrator(administrators, account)
        account.active = False
        account.fs_uniquifier = uuid.uuid4().hex


def enable(db: Database, account_id: int) -> None:
    with db.transaction() as s:
        _account(s, account_id).active = True


def person(account: Account) -> Person:
    """The signed-in account as the rooms know it."""
    rights = rights_of([role.name for role in account.roles])
    return Person(AccountId(account.id), account.name, account.email, rights)


def _member(account: Account) -> Member:
    names = {role.name for role in account.roles}
    role = next((known for known in RoleName if known in names), RoleName.CONTRIBUTOR)
    return Member(
        AccountId(account.id), account.name, account.email, role, account.active, account.created_at
    )


def _account(s: Session, account_id: int) -> Account:
    found = s.get(Account, account_id, with_for_update={"of": Account})
    if found is None:
        raise NotFound("We can't find that person.")
    return found


def _locked_administrators(s: Session) -> set[int]:
    """Every administrator's row, locked in one order and before any other: of two that remove each other only one succeeds."""
    s.scalars(_administrators().order_by(Account.id).with_for_update(of=Account)).all()
    # Asked anew once the locks are ours: the first answer may have been read before another one's change was kept.
    return set(s.scalars(_administrators()))


def _keep_an_administrator(ids: set[int], leaving: Account) -> None:
    if ids == {leaving.id}:
        raise Conflict(LAST_ADMINISTRATOR)


def _administrators() -> Select[int]:
    return select(Account.id).join(Account.roles).where(Role.name == RoleName.ADMINISTRATOR, Account.active)


def _role(s: Session, name: RoleName) -> Role:
    if found := s.scalar(select(Role).where(Role.name == name)):
        return found
    try:
        with s.begin_nested():
            made = Role(name=name)
            s.add(made)
    except IntegrityError:
        return s.scalars(select(Role).where(Role.name == name)).one()
    return made


def _address(email: str) -> str:
    try:
        return validate_email(email.strip(), check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        return ""
