"""The studio's first page: the next digest, what is being written, what needs somebody, and the first steps of a new publication."""

from dataclasses import dataclass

from flask import Blueprint, render_template

from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.authors import profiles
from blog.images import library
from blog.posts import topics, writing
from blog.web.guard import signed_in
from blog.web.studio import pictures
from blog.web.wiring import house

blueprint = Blueprint("studio_today", __name__, url_prefix="/studio")


@dataclass(frozen=True)
class Step:
    words: str
    path: str
    done: bool


@blueprint.get("")
@signed_in(Right.WRITE)
def today(by: Person) -> str:
    lists = {
        state: writing.listing(house().db, by, state)
        for state in ("review", "draft", "scheduled", "changed", "published")
    }
    steps = _first_steps(lists["published"].total) if by.can(Right.EDIT_ANY) else ()
    return render_template(
        "blog/web/studio/today.html",
        greeting=_greeting(clock.now().astimezone(house().settings.zone).hour),
        lists=lists,
        lacking=pictures.counts(),
        steps=() if all(step.done for step in steps) else steps,
    )


def _greeting(hour: int) -> str:
    if 5 <= hour < 12:
        return "Good morning"
    return "Good afternoon" if 12 <= hour < 18 else "Good evening"


def _first_steps(published: int) -> tuple[Step, ...]:
    """What a new publication does once; gone when all is done."""
    db = house().db
    shelf, lacking = library.search(db, "", 1).total, library.search(db, "", 1, "credit").total
    described = any(author.text.biography for author in profiles.list_all(db))
    return (
        Step("Make the topics that you will write about", "/studio/topics", bool(topics.list_all(db))),
        Step("Say a few words about an author", "/studio/authors", described),
        Step("Bring the first picture, with its credit", "/studio/pictures", shelf > lacking),
        Step("Publish the first story", "/studio/posts", published > 0),
    )
