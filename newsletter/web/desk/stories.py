"""What an editor does to the stories of an edition that has not left: each deed is a plain form of the composer."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.db import Database
from blog.web.guard import signed_in
from blog.web.wiring import house
from newsletter.editions import adding, arranging
from newsletter.web.desk.forms import AddForm, PictureForm, TitleForm
from newsletter.web.desk.ways import EDITION, STORY, done

blueprint = Blueprint("desk_stories", __name__, url_prefix="/studio/digest")

Deed = Callable[[Database, int, int, datetime], None]
DEEDS: dict[str, Deed] = {
    "pin": arranging.pin,
    "unpin": arranging.unpin,
    "up": lambda db, edition_id, post_id, at: arranging.move(db, edition_id, post_id, at, up=True),
    "down": lambda db, edition_id, post_id, at: arranging.move(db, edition_id, post_id, at, up=False),
    "removal": arranging.drop,
    "return": arranging.put_back,
}


@blueprint.post(f"{STORY}/<any({', '.join(DEEDS)}):deed>")
@signed_in(Right.SEND)
def arrange(_by: Person, edition_id: int, post_id: int, deed: str) -> ResponseReturnValue:
    act = lambda: DEEDS[deed](house().db, edition_id, post_id, clock.now())  # noqa: E731
    return done(edition_id, act, anchor=f"#story-{post_id}")


@blueprint.post(f"{STORY}/title")
@signed_in(Right.SEND)
def retitle(_by: Person, edition_id: int, post_id: int) -> ResponseReturnValue:
    title = TitleForm(request.form).title.data or ""
    return done(
        edition_id,
        lambda: arranging.retitle(house().db, edition_id, post_id, title, clock.now()),
        anchor=f"#story-{post_id}",
    )


@blueprint.post(f"{STORY}/picture")
@signed_in(Right.SEND)
def illustrate(_by: Person, edition_id: int, post_id: int) -> ResponseReturnValue:
    image_id = PictureForm(request.form).image_id
    return done(
        edition_id,
        lambda: arranging.illustrate(house().db, edition_id, post_id, image_id, clock.now()),
        anchor=f"#story-{post_id}",
    )


@blueprint.post(f"/{EDITION}/stories")
@signed_in(Right.SEND)
def add(_by: Person, edition_id: int) -> ResponseReturnValue:
    post_id = AddForm(request.form).post_id
    return done(
        edition_id,
        lambda: adding.add(house().db, edition_id, post_id, clock.now()),
        "The story is in.",
        f"#story-{post_id}",
    )
