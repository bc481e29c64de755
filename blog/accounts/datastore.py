"""How Flask-Security finds and keeps staff accounts: through the same short transactions as everything else. ``web.signin`` makes one.

Accounts come out detached, so a request holds no session and reading one never takes SQLite's write lock.
"""

from typing import Any

from flask_security import UserMixin
from flask_security import datastore as theirs
from sqlalchemy import func, select, update

from blog.accounts.model import Account, Role
from blog.db import Database


class Colleague(Account, UserMixin):  # type: ignore[misc]
    """An account as Flask-Security wants it. The table itself knows nothing of that, so no clock and no worker loads it."""


class Datastore(theirs.Datastore, theirs.UserDatastore):
    def __init__(self, db: Database) -> None:
        theirs.Datastore.__init__(self, db)  # type: ignore[no-untyped-call]
        theirs.UserDatastore.__init__(self, Colleague, Role)  # type: ignore[arg-type]

    def find_user(self, case_insensitive: bool = False, **by: Any) -> Colleague | None:
        """The account whose one named column holds the value."""
        [(column, value)] = by.items()
        kept = getattr(Colleague, column)
        matches = func.lower(kept) == str(value).lower() if case_insensitive else kept == value
        with self.db.reading() as s:
            found: Colleague | None = s.scalar(select(Colleague).where(matches))
            return found

    def find_role(self, role: str) -> Any:
        with self.db.reading() as s:
            return s.scalar(select(Role).where(Role.name == role))

    def put(self, model: Colleague) -> Colleague:
        """Keeps what sign-in may change of an account, at once: its password and the mark that its sessions carry."""
        changes = {"password": model.password, "fs_uniquifier": model.fs_uniquifier}
        with self.db.transaction() as s:
            s.execute(update(Account).where(Account.id == model.id).values(**changes))
        return model
