"""The picture library: look, upload, describe, delete; as pages, and as JSON for the editor."""

from collections.abc import Collection
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.images import library, tagging
from blog.images.describing import Description, stand_of
from blog.posts import labelling, publishing, replacing, usage
from blog.publication import logo
from blog.refusals import Invalid
from blog.web.guard import signed_in, wants_json
from blog.web.studio import uploads
from blog.web.studio.forms import told
from blog.web.studio.forms.pictures import LabelForm, PictureForm, of, said
from blog.web.studio.showing import labelled, picture_json
from blog.web.wiring import house, opened

blueprint = Blueprint("studio_pictures", __name__, url_prefix="/studio")

ONLY = {"unused": usage.unused}


@blueprint.get("/pictures")
@signed_in(Right.WRITE)
def shelf(_by: Person) -> str:
    return _shelf(LabelForm())


@blueprint.post("/pictures/labels")
@signed_in(Right.WRITE)
def label(by: Person) -> ResponseReturnValue:
    form = LabelForm(request.form)
    chosen = request.form.getlist("shown" if "all" in request.form else "picture", int)
    try:
        if not form.validate():
            raise Invalid("Some of this is too long. See the marked fields.")
        done = labelling.label(house().db, chosen, form.label(), by, clock.now(), zone=house().settings.zone)
    except Invalid as refusal:
        flash(str(refusal), "error")
        return _shelf(form, chosen), 422
    for sentence, kind in labelled(done):
        flash(sentence, kind)
    filters: dict[str, Any] = request.args.to_dict()
    return redirect(url_for(".shelf", **filters))


def _shelf(form: LabelForm, chosen: Collection[int] = ()) -> str:
    words, missing = request.args.get("q", "")[:200], request.args.get("missing", "")
    tag = request.args.get("tag", "")[: tagging.LONGEST]
    page = library.search(house().db, words, _number(), missing, ONLY.get(missing), tag)
    return render_template(
        "blog/web/studio/pictures/shelf.html",
        page=page, words=words, missing=missing, tag=tag, tags=tagging.all_tags(house().db), form=form, chosen=chosen,
        counts=counts() | _unused(missing), taken=uploads.TAKEN, accept=uploads.ACCEPT,
    )  # fmt: skip


@blueprint.get("/pictures.json")
@signed_in(Right.WRITE)
def shelf_json(_by: Person) -> ResponseReturnValue:
    page = library.search(house().db, request.args.get("q", "")[:200], _number())
    return jsonify(pictures=[picture_json(one) for one in page.items], page=page.number, pages=page.pages)


@blueprint.get("/pictures/files/<key>.json")
@signed_in(Right.WRITE)
def same_file(_by: Person, key: str) -> ResponseReturnValue:
    """Asked before a file is sent: is it here already? ``key`` is the hash of its bytes."""
    found = library.with_key(house().db, house().storage, key)
    return jsonify(picture=picture_json(found) if found else None)


@blueprint.post("/pictures")
@signed_in(Right.WRITE)
def upload(by: Person) -> ResponseReturnValue:
    arrived = uploads.receive(by)
    if wants_json():
        return uploads.as_json(arrived)
    for one in arrived:
        flash(one.sentence, "error" if one.refused else "ok")
    taken = [one.picture for one in arrived if one.picture]
    alone = len(arrived) == len(taken) == 1
    return redirect(url_for(".picture", image_id=taken[0].id) if alone else url_for(".shelf"))


@blueprint.get("/pictures/<int:image_id>")
@signed_in(Right.WRITE)
def picture(by: Person, image_id: int) -> str:
    return _page(by, image_id, None)


@blueprint.post("/pictures/<int:image_id>")
@signed_in(Right.WRITE)
def describe(by: Person, image_id: int) -> ResponseReturnValue:
    form = PictureForm(request.form)
    if not form.validate():
        return _page(by, image_id, form), 422
    try:
        _redescribe(image_id, form.description(request.form.getlist("confirmed")), by)
    except Invalid as refusal:
        told(form, refusal)
        form.stand.data = stand_of(usage.picture(house().db, image_id))
        return _page(by, image_id, form), 422
    flash("Saved. Stories that show the picture have the new words.")
    return redirect(url_for(".picture", image_id=image_id))


@blueprint.post("/pictures/<int:image_id>.json")
@signed_in(Right.WRITE)
def describe_json(by: Person, image_id: int) -> ResponseReturnValue:
    given: Any = request.get_json()
    if not isinstance(given, dict):
        raise Invalid("Send the words as an object.")
    known = usage.picture(house().db, image_id)
    _redescribe(image_id, said(given, known), by)
    return jsonify(picture_json(usage.picture(house().db, image_id)))


@blueprint.post("/pictures/<int:image_id>/file")
@signed_in(Right.WRITE)
def replace_file(by: Person, image_id: int) -> ResponseReturnValue:
    file = uploads.the_file()
    at, zone = clock.now(), house().settings.zone
    stored, name = uploads.opened(file), file.filename or "picture"
    replacing.replace_file(house().db, house().storage, image_id, stored, name, by, at, zone=zone)
    flash("The new file is in its place. See whether the description still fits.")
    return redirect(url_for(".picture", image_id=image_id))


@blueprint.post("/pictures/<int:image_id>/removal")
@signed_in(Right.EDIT_ANY)
def remove(_by: Person, image_id: int) -> ResponseReturnValue:
    given = opened().settings
    library.delete(
        house().db, house().storage, image_id, lambda s, one: usage.count(s, one) + logo.uses(s, given, one)
    )
    flash("The picture is gone.")
    return redirect(url_for(".shelf"))


def counts() -> dict[str, int]:
    """How many pictures still lack something that publishing asks for."""
    return library.lacking(house().db)


def _unused(missing: str) -> dict[str, int]:
    """Only where it is asked for: it looks through every draft."""
    return {"unused": library.count(house().db, usage.unused)} if missing == "unused" else {}


def _redescribe(image_id: int, description: Description, by: Person) -> None:
    publishing.redescribe(house().db, image_id, description, by, clock.now(), zone=house().settings.zone)


def _page(by: Person, image_id: int, form: PictureForm | None) -> str:
    shown = usage.picture(house().db, image_id)
    used = usage.stories(house().db, image_id, by)
    return render_template(
        "blog/web/studio/pictures/picture.html",
        picture=shown, form=form or of(shown, tagging.tags_of(house().db, image_id)), used=used,
        faces=usage.faces(house().db, image_id), alike=library.alike(house().db, image_id), accept=uploads.ACCEPT,
    )  # fmt: skip


def _number() -> int:
    return max(1, request.args.get("page", 1, type=int))
