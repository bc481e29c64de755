"""Guest authors, made while a story is written: a name, a few words and a link, and no account. A page that needs no scripts, and the
door of the editor's dialog. Contributors ask an editor: what stands on an author's page is public at once.
"""

from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.authors import profiles
from blog.posts import writing
from blog.refusals import Conflict, Invalid
from blog.web.guard import signed_in
from blog.web.studio.forms import told
from blog.web.studio.forms.authors import GuestForm
from blog.web.wiring import house

blueprint = Blueprint("studio_guests", __name__, url_prefix="/studio")

NAMES = {"links": "link", "biography": "words"}
"""What the room calls its fields, and the form."""
MISSED = "The guest has a page now. Somebody saved a newer version of the story meanwhile, so choose the name there."


@blueprint.get("/posts/<int:post_id>/guests")
@signed_in(Right.PUBLISH_OWN)
def new(by: Person, post_id: int) -> str:
    return _page(by, post_id, GuestForm(version=writing.get(house().db, post_id, by).version))


@blueprint.post("/posts/<int:post_id>/guests")
@signed_in(Right.PUBLISH_OWN)
def add(by: Person, post_id: int) -> ResponseReturnValue:
    """Makes the page and puts the name behind the others of the story."""
    writing.get(house().db, post_id, by)
    form = GuestForm(request.form)
    if not form.validate():
        return _page(by, post_id, form), 422
    try:
        author_id = _welcome(form.name.data or "", form.words.data or "", form.link.data or "")
    except Invalid as refusal:
        told(form, refusal, NAMES)
        return _page(by, post_id, form), 422
    flash(*_named(by, post_id, author_id, form.version.number))
    return redirect(url_for("studio_manuscripts.edit", post_id=post_id))


@blueprint.post("/guests.json")
@signed_in(Right.PUBLISH_OWN)
def add_json(_by: Person) -> ResponseReturnValue:
    given: Any = request.get_json()
    said = given if isinstance(given, dict) else {}
    words = [said.get(name, "") for name in ("name", "words", "link")]
    if not all(isinstance(word, str) for word in words):
        raise Invalid("The guest's name should be text.", {"name": ["This should be text."]})
    return jsonify(id=_welcome(*words), name=" ".join(words[0].split()))


def _welcome(name: str, words: str, link: str) -> int:
    return profiles.welcome(house().db, name, words, link, clock.now())


def _named(by: Person, post_id: int, author_id: int, version: int) -> tuple[str, str]:
    """A sentence, and whether it went well."""
    draft = writing.get(house().db, post_id, by).draft
    named = replace(draft, author_ids=(*draft.author_ids, author_id))
    try:
        writing.save(house().db, post_id, named, version, by, clock.now())
    except Conflict:
        return MISSED, "error"
    return "The guest stands in the byline.", "message"


def _page(by: Person, post_id: int, form: GuestForm) -> str:
    post = writing.get(house().db, post_id, by).post
    return render_template("blog/web/studio/authors/guest.html", form=form, post=post)
