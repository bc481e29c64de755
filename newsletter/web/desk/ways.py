"""Which open edition a page of the desk speaks of, and the way back to its composer. Called by the composer's doors."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from blog.refusals import Refusal
from blog.web.wiring import house
from newsletter.editions.coming import Which, which_of
from newsletter.lists.reading import DAILY

EDITION = "<int(max=9223372036854775807):edition_id>"
STORY = f"/{EDITION}/stories/<int(max=9223372036854775807):post_id>"


def asked() -> Which:
    """From ``?edition=`` (a special one) or ``?list=``; the daily list's next one where the address names neither."""
    edition = request.args.get("edition", "")
    is_number = edition.isascii() and edition.isdecimal() and len(edition) < 19
    slug = request.args.get("list", "")[:60].replace("\x00", "")
    return Which(slug or DAILY, int(edition) if is_number else 0)


def query(which: Which) -> dict[str, Any]:
    """What the address of a page names to mean that edition."""
    if which.edition_id:
        return {"edition": str(which.edition_id)}
    return {} if which.slug == DAILY else {"list": which.slug}


def composer(which: Which) -> str:
    return url_for("desk_coming.show", **query(which))


def done(
    edition_id: int, act: Callable[[], object], sentence: str = "", anchor: str = ""
) -> ResponseReturnValue:
    """Does it and goes back to the composer, with the refusal's words on top where something stood in the way."""
    which = which_of(house().db, edition_id)
    try:
        act()
        if sentence:
            flash(sentence)
    except Refusal as refusal:
        flash(str(refusal), "error")
        anchor = ""
    return redirect(composer(which) + anchor)
