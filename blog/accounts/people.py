"""Who is doing something: the part of a staff account that the rooms ask about. The doors make it from the signed-in account."""

from dataclasses import dataclass

from blog.accounts.model import AccountId
from blog.accounts.roles import Right


@dataclass(frozen=True)
class Person:
    id: AccountId
    name: str
    email: str
    rights: frozenset[Right]

    def can(self, right: Right) -> bool:
        return right in self.rights
