"""The page of one reader: who, why they are on the list, what they chose and got; and what an editor may do about it."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.posts import reading as posts
from blog.refusals import NotFound, Refusal
from blog.web.guard import signed_in
from blog.web.wiring import house
from newsletter.editions import expecting
from newsletter.figures import clicks
from newsletter.returns import reading as returned
from newsletter.returns.judging import Kind
from newsletter.returns.reading import Back
from newsletter.subscribers import bulk, choices, erasing, inviting, reading, suppression, timeline
from newsletter.subscribers.bulk import Choice
from newsletter.subscribers.reading import Reader
from newsletter.subscribers.timeline import Event
from newsletter.web.wiring import secret

READER = "<int(max=9223372036854775807):reader_id>"
blueprint = Blueprint("desk_reader", __name__, url_prefix=f"/studio/readers/{READER}")

DEEDS = {
    "asked": "Asked for the digest; we wrote to the address",
    "confirmed": "Confirmed by the button behind our link",
    "left": "Left the list",
    "returned": "Took the leaving back",
    "chose": "Changed what they get",
    "paused": "Paused the digest",
    "moved": "Moved to another address",
    "imported": "Came by an import",
    "bounced": "The address takes no mail",
    "complained": "Called our mail spam",
    "stopped": "Stopped by an editor",
    "noted": "Note",
}
LETTERS = {
    "digest": "Digest",
    "story": "Story at once",
    "correction": "Correction",
    "confirmation": "Confirmation",
    "welcome": "Welcome mail",
    "notice": "Notice that they are on the list",
    "address": "Change of address",
}
CAME_BACK = {
    Kind.HARD: "a dead address",
    Kind.SOFT: "not for now",
    Kind.BLOCK: "which is about us",
    Kind.COMPLAINT: "called spam",
}


@blueprint.get("")
@signed_in(Right.SEND)
def one(_by: Person, reader_id: int) -> str:
    db, now = house().db, clock.now()
    return render_template(
        "newsletter/web/desk/reader.html",
        record=timeline.record(db, reader_id, secret(), [*_clicks(reader_id), *_returns(reader_id)]),
        choices=choices.preferences(db, reader_id, now, house().settings),
        expected=expecting.moments(db, reader_id, now, house().settings),
        topics={topic.id: topic.name for topic, _ in posts.topics(db)},
        authors={author.id: author.name for author in posts.authors(db)},
        deeds=DEEDS,
        letters=LETTERS,
        now=now,
    )


@blueprint.post("/fields")
@signed_in(Right.SEND)
def write(_by: Person, reader_id: int) -> ResponseReturnValue:
    pairs = list(zip(request.form.getlist("field"), request.form.getlist("text"), strict=False))
    name = request.form.get("name", "")
    return _done(reader_id, lambda: timeline.write_fields(house().db, reader_id, pairs, name), "Saved.")


@blueprint.post("/notes")
@signed_in(Right.SEND)
def note(by: Person, reader_id: int) -> ResponseReturnValue:
    words = request.form.get("words", "")
    return _done(
        reader_id,
        lambda: timeline.note(house().db, reader_id, words, by.name, clock.now()),
        "Noted.",
    )


@blueprint.post("/confirmation")
@signed_in(Right.SEND)
def remind(_by: Person, reader_id: int) -> ResponseReturnValue:
    try:
        if inviting.remind(house().db, reader_id, clock.now(), house().settings):
            flash("The confirmation is on its way once more.")
        else:
            flash(
                "An address gets one confirmation in 24 hours and one more on request. Try tomorrow.", "error"
            )
    except Refusal as refusal:
        flash(str(refusal), "error")
    return redirect(url_for(".one", reader_id=_get(reader_id).id))


@blueprint.post("/departure")
@signed_in(Right.SEND)
def stop(by: Person, reader_id: int) -> ResponseReturnValue:
    choice = Choice((_get(reader_id).id,))
    return _done(
        reader_id,
        lambda: bulk.stop(house().db, choice, 1, by.name, clock.now()),
        "Nothing is sent to this address any more.",
    )


@blueprint.post("/suppression")
@signed_in(Right.SEND)
def suppress(by: Person, reader_id: int) -> ResponseReturnValue:
    address, why = _get(reader_id).address, request.form.get("note", "")
    return _done(
        reader_id,
        lambda: suppression.enter(house().db, secret(), address, why, by.name, clock.now()),
        "The address is on the suppression list. Only an editor can lift that.",
    )


@blueprint.post("/removal")
@signed_in(Right.SEND)
def erase(_by: Person, reader_id: int) -> ResponseReturnValue:
    erasing.erase(house().db, reader_id, clock.now(), house().settings)
    flash("Deleted. What stays is a sealed mark, so that no import brings the address back.")
    return redirect(url_for("desk_readers.listing"))


def _clicks(reader_id: int) -> list[Event]:
    with house().db.reading() as s:
        made = clicks.of_reader(s, reader_id)[: timeline.LETTERS]
        named = posts.stories_with(s, {click.post_id for click in made}).values()
    stories: dict[int, posts.Credited] = {story.post_id: story for story in named}
    told = ((click.at, stories.get(click.post_id)) for click in made)
    return [Event(at, "click", "Clicked", story.path, story.title) for at, story in told if story]


def _returns(reader_id: int) -> list[Event]:
    with house().db.reading() as s:
        found = returned.of_reader(s, reader_id, timeline.LETTERS)
    return [
        Event(one.at, "return", f"Came back, {CAME_BACK[one.kind]}", _digest(one), _said(one))
        for one in found
    ]


def _digest(back: Back) -> str:
    return url_for("desk_editions.show", edition_id=back.edition_id) if back.edition_id else ""


def _said(back: Back) -> str:
    return (back.words if back.code in back.words else f"{back.code} {back.words}".strip()) or "no words"


def _done(reader_id: int, act: Callable[[], object], sentence: str) -> ResponseReturnValue:
    """Back to the page, with the refusal's words on top where something stood in the way."""
    _get(reader_id)
    try:
        act()
        flash(sentence)
    except Refusal as refusal:
        flash(str(refusal), "error")
    return redirect(url_for(".one", reader_id=reader_id))


def _get(reader_id: int) -> Reader:
    found = reading.find(house().db, reader_id)
    if found is None:
        raise NotFound("There is no such reader.")
    return found
