"""Readers as the desk sees them: how many, who, since when, and the proof that each one asked. It shows and changes nothing."""

from flask import Blueprint, render_template, request

from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.web.guard import signed_in
from blog.web.wiring import house
from newsletter.subscribers import reading
from newsletter.subscribers.model import SubscriberState
from newsletter.web.archive import page_number

blueprint = Blueprint("desk_readers", __name__, url_prefix="/studio/readers")

STATES = {
    SubscriberState.CONFIRMED: "Confirmed",
    SubscriberState.PENDING: "Unconfirmed",
    SubscriberState.LEFT: "Left",
}
DEEDS = {
    "asked": "Asked for the digest; we wrote to the address",
    "confirmed": "Confirmed by the button behind our link",
    "left": "Left the list",
    "returned": "Took the leaving back",
}


@blueprint.get("")
@signed_in(Right.SEND)
def listing(_by: Person) -> str:
    words = request.args.get("q", "").replace("\x00", "").strip()[:200]
    state = request.args.get("state", "")
    state = state if state in set(SubscriberState) else ""
    return render_template(
        "newsletter/web/desk/readers.html",
        counts=reading.count(house().db),
        page=reading.listing(house().db, words, state, page_number()),
        words=words,
        state=state,
        states=STATES,
    )


@blueprint.get("/<int(max=9223372036854775807):reader_id>")
@signed_in(Right.SEND)
def one(_by: Person, reader_id: int) -> str:
    history = reading.history(house().db, reader_id)
    return render_template("newsletter/web/desk/reader.html", history=history, states=STATES, deeds=DEEDS)
