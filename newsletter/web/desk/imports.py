"""Bringing readers from elsewhere: hand in a file, read what would become of it, then let it happen, stop it or take it back."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, Form, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Length

from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.refusals import Invalid
from blog.web.guard import signed_in
from blog.web.wiring import house
from newsletter.moving import runs
from newsletter.moving.judging import Options
from newsletter.moving.model import RunId
from newsletter.subscribers.stopping import plain
from newsletter.web.desk import import_words

blueprint = Blueprint("desk_imports", __name__, url_prefix="/studio/readers/imports")

NUMBER = "<int(max=9223372036854775807):run_id>"
KEEP, ASK = "keep", "ask"


class StartForm(Form):
    status = RadioField(
        "Have they agreed to your mail?",
        choices=[
            SelectChoice(KEEP, "Yes. Whoever the file calls confirmed gets the next edition."),
            SelectChoice(ASK, "Ask each of them first: everybody gets one confirmation mail, and nothing else before they agree."),
        ],
        default=KEEP,
    )  # fmt: skip
    slug = SelectField("List", description="For everybody whose line names no list of ours.")
    tag = StringField(
        "Tag",
        [Length(max=60)],
        description="Kept with each of them, to find them by. Leave it empty for none.",
    )
    extras = BooleanField("Keep the other columns as fields of each reader")

    @property
    def options(self) -> Options:
        tag = plain((self.tag.data or "").replace(",", " "), 60)
        return Options(self.slug.data, self.status.data == ASK, tag, bool(self.extras.data))


@blueprint.after_request
def keep_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("")
@signed_in(Right.SEND)
def listing(_by: Person) -> str:
    return _list("")


@blueprint.post("")
@signed_in(Right.SEND)
def hand_in(by: Person) -> ResponseReturnValue:
    file = request.files.get("file")
    if file is None or not file.filename:
        return _list("Choose a file first."), 422
    try:
        run_id = runs.receive(house().db, file.filename, file.stream, by.name, clock.now())
    except Invalid as refusal:
        return _list(str(refusal)), 422
    return redirect(url_for(".one", run_id=run_id))


@blueprint.get(f"/{NUMBER}")
@signed_in(Right.SEND)
def one(_by: Person, run_id: int) -> str:
    return _page(run_id, _form())


@blueprint.post(f"/{NUMBER}/start")
@signed_in(Right.SEND)
def start(_by: Person, run_id: int) -> ResponseReturnValue:
    form = _form(filled=True)
    if not form.validate():
        return _page(run_id, form), 422
    runs.start(house().db, run_id, form.options, clock.now())
    return redirect(url_for(".one", run_id=run_id))


@blueprint.post(f"/{NUMBER}/stop")
@signed_in(Right.SEND)
def stop(_by: Person, run_id: int) -> ResponseReturnValue:
    runs.stop(house().db, run_id, clock.now())
    return redirect(url_for(".one", run_id=run_id))


@blueprint.post(f"/{NUMBER}/continuation")
@signed_in(Right.SEND)
def go_on(_by: Person, run_id: int) -> ResponseReturnValue:
    runs.go_on(house().db, run_id, clock.now())
    return redirect(url_for(".one", run_id=run_id))


@blueprint.post(f"/{NUMBER}/removal")
@signed_in(Right.SEND)
def take_back(_by: Person, run_id: int) -> ResponseReturnValue:
    if runs.take_back(house().db, run_id, clock.now()):
        return redirect(url_for(".one", run_id=run_id))
    flash("The file is gone. Nothing was taken in.")
    return redirect(url_for(".listing"))


def _form(*, filled: bool = False) -> StartForm:
    form = StartForm(request.form if filled else None)
    form.slug.choices = [SelectChoice(*one) for one in runs.destinations(house().db)]
    return form


def _list(error: str) -> str:
    return render_template(
        "newsletter/web/desk/imports.html",
        runs=runs.listing(house().db), error=error, states=import_words.STATES,
    )  # fmt: skip


def _page(run_id: int, form: StartForm) -> str:
    run = runs.get(house().db, RunId(run_id))
    return render_template(
        "newsletter/web/desk/import.html",
        run=run, form=form, states=import_words.STATES, told=import_words.told(run), bar=import_words.bar(run),
        is_stalled=run.is_stalled(clock.now()),
    )  # fmt: skip
