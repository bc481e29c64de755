"""Whether an edition leaves by itself: approve it, stop it, hold it back, let it go."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.web.guard import signed_in
from blog.web.wiring import house
from newsletter.editions import approving, rehearsing
from newsletter.editions.coming import which_of
from newsletter.web.desk.forms import SureForm
from newsletter.web.desk.ways import EDITION, done

blueprint = Blueprint("desk_approvals", __name__, url_prefix="/studio/digest")


@blueprint.post(f"/{EDITION}/approval")
@signed_in(Right.SEND)
def approve(by: Person, edition_id: int) -> ResponseReturnValue:
    return done(edition_id, lambda: _approve(edition_id, by.name, SureForm(request.form).sure.data))


@blueprint.post(f"/{EDITION}/approval/removal")
@signed_in(Right.SEND)
def stop(by: Person, edition_id: int) -> ResponseReturnValue:
    act = lambda: approving.stop(house().db, edition_id, by.name, clock.now())  # noqa: E731
    return done(edition_id, act, "Stopped: it does not leave.")


@blueprint.post(f"/{EDITION}/hold")
@signed_in(Right.SEND)
def hold(by: Person, edition_id: int) -> ResponseReturnValue:
    act = lambda: approving.hold(house().db, edition_id, by.name, clock.now())  # noqa: E731
    return done(edition_id, act, "Held back: it does not leave.")


@blueprint.post(f"/{EDITION}/hold/removal")
@signed_in(Right.SEND)
def release(_by: Person, edition_id: int) -> ResponseReturnValue:
    return done(edition_id, lambda: approving.release(house().db, edition_id), "Released.")


def _approve(edition_id: int, name: str, is_sure: bool) -> None:
    db, at, settings = house().db, clock.now(), house().settings
    rehearsing.check_size(db, at, settings, which_of(db, edition_id), is_sure=is_sure)
    approving.approve(db, edition_id, name, at)
