"""Open editors tell of themselves here and hear who else is there; a page that is closed says so with its last breath."""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.posts import commenting, company
from blog.web.guard import signed_in
from blog.web.studio.forms.manuscripts import sitting_of
from blog.web.wiring import house

blueprint = Blueprint("studio_company", __name__, url_prefix="/studio/posts/<int:post_id>")


@blueprint.post("/presence.json")
@signed_in(Right.WRITE)
def tell(by: Person, post_id: int) -> ResponseReturnValue:
    given = request.get_json()
    sitting = sitting_of(given)
    if isinstance(given, dict) and given.get("leaving"):
        company.leave(house().db, post_id, sitting, by)
        return jsonify(others=[])
    found = company.present(house().db, post_id, sitting, by, clock.now())
    others = [{"name": one.name, "is_me": one.is_me, "since": one.since.isoformat()} for one in found.others]
    saved_at = found.saved_at.isoformat()
    return jsonify(
        others=others, version=found.version, saved_at=saved_at, saved_by=found.saved_by,
        comments=commenting.mark(house().db, post_id),
    )  # fmt: skip
