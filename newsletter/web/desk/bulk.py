"""One act for many readers: ticked rows, or all that match. A page names their number first; only its button acts."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from blog import clock, links
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.refusals import Conflict, Invalid, Refusal
from blog.templating import plural
from blog.web.guard import signed_in
from blog.web.wiring import house
from newsletter.subscribers import bulk, filtering
from newsletter.subscribers.bulk import Choice, Done
from newsletter.web.desk import filters
from newsletter.web.desk.filters import Asked

blueprint = Blueprint("desk_bulk", __name__, url_prefix="/studio/readers/bulk")

ACTS = {
    "tag": ("Tag", "Tagged"),
    "subscribe": ("Put on a list", "Put on the list"),
    "unsubscribe": ("Take off a list", "Taken off the list"),
    "stop": ("Unsubscribe", "Unsubscribed"),
    "delete": ("Delete", "Deleted"),
}
"""What the button says, and what the note says when it is done."""
MOST_TICKED = 1000


@dataclass(frozen=True)
class Order:
    """What a form asks for: which act, for whom."""

    act: str
    ids: tuple[int, ...]
    everybody: bool
    """All that match the filter, instead of the ticked ones."""
    asked: Asked

    @property
    def choice(self) -> Choice:
        zone = house().settings.zone
        return Choice(wanted=self.asked.filter, zone=zone) if self.everybody else Choice(self.ids)


@blueprint.get("")
@signed_in(Right.SEND)
def ask(_by: Person) -> ResponseReturnValue:
    order = _order(request.args)
    if order.act not in ACTS or not (order.everybody or order.ids):
        flash("Tick the readers first, then choose what to do.", "error")
        return redirect(_back(order))
    return _page(order)


@blueprint.post("")
@signed_in(Right.SEND)
def act(by: Person) -> ResponseReturnValue:
    order = _order(request.form)
    try:
        done = _act(order, filtering.number(request.form.get("shown", "")), by)
    except Refusal as refusal:
        flash(str(refusal), "error")
        return _page(order), 409 if isinstance(refusal, Conflict) else 422
    flash(_told(order.act, done))
    return redirect(_back(order))


def _order(said: MultiDict[str, str]) -> Order:
    ids = {filtering.number(text) for text in said.getlist("id")[:MOST_TICKED]} - {0}
    is_all = said.get("all", "") == "yes"
    return Order(said.get("act", ""), tuple(sorted(ids)), is_all, filters.asked(said))


def _act(order: Order, shown: int, by: Person) -> Done:
    db, choice, now, settings = house().db, order.choice, clock.now(), house().settings
    list_id = filtering.number(request.form.get("list_id", ""))
    match order.act:
        case "tag":
            return bulk.tag(db, choice, shown, request.form.get("tag", ""), now)
        case "subscribe":
            return bulk.subscribe(db, choice, shown, list_id, by.name, now, settings)
        case "unsubscribe":
            return bulk.unsubscribe(db, choice, shown, list_id, by.name, now)
        case "stop":
            return bulk.stop(db, choice, shown, by.name, now)
        case "delete":
            return bulk.erase(db, choice, shown, now, settings)
    raise Invalid("Choose what to do.")


def _page(order: Order) -> str:
    return render_template(
        "newsletter/web/desk/bulk.html",
        order=order,
        acts=ACTS,
        number=bulk.count(house().db, order.choice, clock.now()),
        lists=filters.every_list(),
        most_erased=bulk.MOST_ERASED,
    )


def _back(order: Order) -> str:
    """To the list as it was filtered."""
    return links.paged("/studio/readers", 1, **order.asked.pairs)


def _told(act: str, done: Done) -> str:
    skipped = f" {plural(done.skipped, 'reader')} skipped: it did not apply." if done.skipped else ""
    return f"{ACTS[act][1]}: {plural(done.done, 'reader')}.{skipped}"
