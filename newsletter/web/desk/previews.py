"""The coming mail itself, for the frame on the composer's page."""

from flask import Blueprint, Response

from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.web.guard import signed_in
from blog.web.wiring import house
from newsletter.editions import rehearsing
from newsletter.web.desk import screens, ways

blueprint = Blueprint("desk_previews", __name__, url_prefix="/studio/digest/preview")


@blueprint.get("")
@signed_in(Right.SEND)
def show(_by: Person) -> Response:
    return screens.mail(rehearsing.preview(house().db, clock.now(), house().settings, ways.asked()))
