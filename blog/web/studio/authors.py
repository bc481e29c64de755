"""The Authors pages: who is named over stories, and what each author's page says."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blog import clock
from blog.accounts import staffing
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.authors import profiles
from blog.authors.profiles import AuthorEntry, AuthorText
from blog.images import library
from blog.refusals import Invalid
from blog.web.guard import signed_in
from blog.web.studio import uploads
from blog.web.studio.forms import told
from blog.web.studio.forms.authors import AuthorForm, links_of, text_of
from blog.web.wiring import house

blueprint = Blueprint("studio_authors", __name__, url_prefix="/studio/authors")


@blueprint.get("")
@signed_in(Right.EDIT_ANY)
def listing(_by: Person) -> str:
    return render_template("blog/web/studio/authors/listing.html", authors=profiles.list_all(house().db))


@blueprint.get("/new")
@signed_in(Right.EDIT_ANY)
def new(_by: Person) -> str:
    return _page(AuthorForm(), None)


@blueprint.post("")
@signed_in(Right.EDIT_ANY)
def create(by: Person) -> ResponseReturnValue:
    form = AuthorForm(request.form)
    if _is_sound(form, by):
        try:
            author_id = profiles.create(house().db, _text(form), clock.now())
            return _saved(form, author_id, "The author's page is made.")
        except Invalid as refusal:
            told(form, refusal)
    return _page(form, None), 422


@blueprint.get("/<int:author_id>")
@signed_in(Right.EDIT_ANY)
def author(_by: Person, author_id: int) -> str:
    entry = profiles.get(house().db, author_id)
    return _page(_form_of(entry.text), entry)


@blueprint.post("/<int:author_id>")
@signed_in(Right.EDIT_ANY)
def change(by: Person, author_id: int) -> ResponseReturnValue:
    entry, form = profiles.get(house().db, author_id), AuthorForm(request.form)
    if _is_sound(form, by):
        try:
            profiles.change(house().db, author_id, _text(form))
            return _saved(form, author_id, "Saved.")
        except Invalid as refusal:
            told(form, refusal)
    return _page(form, entry), 422


@blueprint.post("/<int:author_id>/removal")
@signed_in(Right.EDIT_ANY)
def remove(_by: Person, author_id: int) -> ResponseReturnValue:
    profiles.delete(house().db, author_id)
    flash("The author's page is gone.")
    return redirect(url_for(".listing"))


def _page(form: AuthorForm, entry: AuthorEntry | None) -> str:
    _offer(form)
    return render_template("blog/web/studio/authors/author.html", form=form, author=entry)


def _is_sound(form: AuthorForm, by: Person) -> bool:
    """Also takes in the picture that came with the form, first of all: another field's fault then costs no second upload."""
    refused: Invalid | None = None
    try:
        if picture := uploads.receive_one(by):
            form.image_id.data = str(picture.id)
    except Invalid as refusal:
        refused = refusal
    _offer(form)
    sound = form.validate()
    if refused:
        told(form, refused)
    return sound and not refused


def _offer(form: AuthorForm) -> None:
    form.offer_accounts([(str(member.id), member.name) for member in staffing.everybody(house().db)])
    form.offer_pictures(library.choice(house().db, _number(form.image_id.data)))


def _saved(form: AuthorForm, author_id: int, words: str) -> ResponseReturnValue:
    """Back to the author, or on to an uploaded picture that still lacks its words."""
    flash(words)
    shown = form.portrait
    if request.files.get("file") and shown and not (shown.credit and (shown.alt or shown.decorative)):
        flash("Say here what the new picture shows, and whose it is.")
        return redirect(url_for("studio_pictures.picture", image_id=shown.id))
    return redirect(url_for(".author", author_id=author_id))


def _form_of(text: AuthorText) -> AuthorForm:
    return AuthorForm(
        name=text.name, slug=text.slug, biography=text.biography, place=text.place, links=text_of(text.links),
        image_id=text.image_id or "", account_id=str(text.account_id or ""),
    )  # fmt: skip


def _text(form: AuthorForm) -> AuthorText:
    return AuthorText(
        form.name.data or "", form.slug.data or "", form.biography.data or "", form.place.data or "",
        links_of(form.links.data or ""), _number(form.image_id.data), _number(form.account_id.data),
    )  # fmt: skip


def _number(text: object) -> int | None:
    plain = str(text or "")
    return int(plain) if plain.isdecimal() and len(plain) < 19 else None
