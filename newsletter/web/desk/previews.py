"""The mail itself, for the frames on the composer's page and on a story's preview."""

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.web.guard import signed_in
from blog.web.limits import throttle
from blog.web.wiring import house
from newsletter.editions import rehearsing
from newsletter.editions.envelope import Words
from newsletter.web.desk import screens, ways

blueprint = Blueprint("desk_previews", __name__, url_prefix="/studio")

OF_A_STORY = "/posts/<int:post_id>/mail"


@blueprint.get("/digest/preview")
@signed_in(Right.SEND)
def show(_by: Person) -> Response:
    mail = rehearsing.preview(house().db, clock.now(), house().settings, ways.asked())
    return _shown(mail)


@blueprint.get(OF_A_STORY)
@signed_in(Right.WRITE)
def show_story(by: Person, post_id: int) -> Response:
    return _shown(rehearsing.preview_story(house().db, post_id, by, clock.now(), house().settings))


@blueprint.post(OF_A_STORY)
@signed_in(Right.WRITE)
def send_story(by: Person, post_id: int) -> ResponseReturnValue:
    throttle("mails oneself a story", 10, 60, about=by.email)
    rehearsing.send_story(house().db, post_id, by, clock.now(), house().settings)
    flash(f"The story is on its way to {by.email}.")
    return redirect(url_for("studio_previews.look", post_id=post_id))


def _shown(mail: Words) -> Response:
    kind = screens.view()
    return screens.plain(mail.text) if kind == "text" else screens.screen(mail.html, kind)
