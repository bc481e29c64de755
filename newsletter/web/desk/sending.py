"""The deliverability doctor's page: the last diagnosis with the records to paste, an examination on demand, and DKIM keys."""

from dataclasses import dataclass
from threading import Lock
from typing import cast

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.refusals import Refusal
from blog.web.guard import signed_in
from blog.web.wiring import house
from newsletter.doctor import bulk, case, examining, keeping, keys, letterhead, sighting, signing
from newsletter.doctor.dial import Dial, Telephone
from newsletter.doctor.dkim import name_of
from newsletter.doctor.findings import Diagnosis, Health, Record
from newsletter.doctor.keys import Kind
from newsletter.doctor.resolver import Dns, Resolver
from newsletter.editions.composing import composers
from newsletter.web import wiring

blueprint = Blueprint("desk_sending", __name__, url_prefix="/studio/sending")
BUSY = Lock()
"""One examination at a time in a web process, so that a second press takes no second thread."""


@dataclass(frozen=True)
class Instruments:
    """What the doctor asks the world with; tests hang others into ``app.extensions``."""

    resolver: Resolver
    dial: Dial


@blueprint.record
def _lay_out(state: BlueprintSetupState) -> None:
    state.app.extensions.setdefault("perijove.instruments", Instruments(Dns(), Telephone()))


@blueprint.get("")
@signed_in(Right.MANAGE)
def show(_by: Person) -> str:
    settings = house().settings
    mine = case.case_of(settings)
    return render_template(
        "newsletter/web/desk/sending.html",
        last=keeping.last(house().db),
        now=clock.now(),
        case=mine,
        steps=case.first_steps(settings),
        records={
            key.kind: Record(name_of(key.selector, mine.domain), "TXT", key.record) for key in mine.keys
        },
        Health=Health,
        signing=signing.standing(settings),
    )


@blueprint.post("/examination")
@signed_in(Right.MANAGE)
def examine(_by: Person) -> ResponseReturnValue:
    if not BUSY.acquire(blocking=False):
        flash("An examination is under way. Look again in a moment.")
        return redirect(url_for(".show"))
    try:
        keeping.keep(house().db, _examine())
        sighting.look(house().settings, _instruments().resolver)
        flash("Examined.")
    except Refusal as refusal:
        flash(str(refusal), "error")
    finally:
        BUSY.release()
    return redirect(url_for(".show"))


@blueprint.post(f"/keys/<any({', '.join(Kind)}):kind>")
@signed_in(Right.MANAGE)
def make_key(_by: Person, kind: str) -> ResponseReturnValue:
    try:
        keys.make_for(house().settings, Kind(kind))
        flash(
            "The key is made. Paste its record into your DNS and examine again: mail is signed from then on."
        )
    except Refusal as refusal:
        flash(str(refusal), "error")
    return redirect(url_for(".show") + "#keys")


def _examine() -> Diagnosis:
    db, settings, at = house().db, house().settings, clock.now()
    tools = _instruments()
    write = composers(settings, wiring.tokens())["digest"]
    return examining.examine(
        settings, tools.resolver, tools.dial, at,
        headers=letterhead.sample(db, write), traffic=bulk.traffic(db, at),
    )  # fmt: skip


def _instruments() -> Instruments:
    return cast(Instruments, current_app.extensions["perijove.instruments"])
