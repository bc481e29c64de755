"""Two people on one story see each other."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from blog.accounts.people import Person
from blog.db import Database
from blog.posts import company
from blog.refusals import Forbidden, Invalid
from tests.blog.posts.building import MORNING, edit, write


def names(found: company.Company) -> list[str]:
    return [other.name for other in found.others]


def test_who_opens_a_story_sees_who_is_there_and_is_seen(db: Database, edda: Person, arno: Person) -> None:
    post_id = write(db, arno, "Shared")
    assert names(company.present(db, post_id, "his", arno, MORNING)) == []
    assert names(company.present(db, post_id, "hers", edda, MORNING)) == ["Arno"]
    assert names(company.present(db, post_id, "his", arno, MORNING)) == ["Edda"]
    assert names(company.look(db, post_id, edda, MORNING)) == ["Arno"]


def test_a_page_that_is_closed_or_falls_silent_is_gone(db: Database, edda: Person, arno: Person) -> None:
    post_id = write(db, arno, "Shared")
    company.present(db, post_id, "his", arno, MORNING)
    company.present(db, post_id, "hers", edda, MORNING)
    company.leave(db, post_id, "hers", edda)
    assert names(company.present(db, post_id, "his", arno, MORNING)) == []
    later = MORNING + timedelta(minutes=1)
    assert names(company.present(db, post_id, "hers", edda, later)) == []


def test_nobody_closes_another_ones_page(db: Database, edda: Person, arno: Person) -> None:
    post_id = write(db, arno, "Shared")
    company.present(db, post_id, "his", arno, MORNING)
    company.leave(db, post_id, "his", edda)
    assert names(company.present(db, post_id, "hers", edda, MORNING)) == ["Arno"]


def test_company_tells_of_a_newer_version_and_of_ones_own_other_page(db: Database, edda: Person) -> None:
    post_id = write(db, edda, "Hers")
    company.present(db, post_id, "one", edda, MORNING)
    edit(db, post_id, edda, MORNING, title="Newer")
    found = company.present(db, post_id, "two", edda, MORNING)
    assert [(other.name, other.is_me) for other in found.others] == [("Edda", True)]
    assert (found.version, found.saved_by) == (3, "Edda")


def test_company_is_for_those_who_may_see_the_story(db: Database, edda: Person, arno: Person) -> None:
    post_id = write(db, edda, "Hers")
    with pytest.raises(Forbidden):
        company.present(db, post_id, "his", arno, MORNING)
    with pytest.raises(Invalid):
        company.present(db, post_id, "", edda, MORNING)


def test_two_first_rounds_of_one_page_at_once_are_one(db: Database, edda: Person) -> None:
    post_id = write(db, edda, "Hers")
    own: list[str] = []

    def first(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith("INSERT INTO presence") and not own:
            own.append(statement)
            company.present(db, post_id, "hers", edda, MORNING)

    # SQLite has one writer at a time, so there the other round comes before.
    if db.engine.dialect.name == "sqlite":
        company.present(db, post_id, "hers", edda, MORNING)
    event.listen(db.engine, "before_cursor_execute", first)
    found = company.present(db, post_id, "hers", edda, MORNING)
    event.remove(db.engine, "before_cursor_execute", first)
    assert found.others == () and names(company.present(db, post_id, "other", edda, MORNING)) == ["Edda"]
