"""A story as the digest would carry it: for the frame on its preview, and sent to whoever writes it."""

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.web.guard import signed_in
from blog.web.limits import throttle
from blog.web.wiring import house
from newsletter.editions import rehearsing
from newsletter.web.desk import screens

blueprint = Blueprint("story_mail", __name__, url_prefix="/studio/posts/<int:post_id>/mail")


@blueprint.get("")
@signed_in(Right.WRITE)
def show(by: Person, post_id: int) -> Response:
    return screens.mail(rehearsing.preview_story(house().db, post_id, by, clock.now(), house().settings))


@blueprint.post("")
@signed_in(Right.WRITE)
def send(by: Person, post_id: int) -> ResponseReturnValue:
    throttle("mails oneself a story", 10, 60, about=by.email)
    rehearsing.send_story(house().db, post_id, by, clock.now(), house().settings)
    flash(f"The story is on its way to {by.email}.")
    return redirect(url_for("studio_previews.look", post_id=post_id))
