"""The mailing lists on the desk: what each is about, when its editions leave and what they look like; adding and retiring."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.posts.reading import topics
from blog.refusals import Conflict, Invalid
from blog.web.guard import signed_in
from blog.web.wiring import house
from newsletter.delivery import relays
from newsletter.delivery.relays import standing_in
from newsletter.editions.coming import Which, readers_of
from newsletter.lists import keeping
from newsletter.lists.keeping import Kept, ListWords
from newsletter.lists.model import EVERY_DAY
from newsletter.web import moments
from newsletter.web.desk import ways
from newsletter.web.desk.forms import DAYS, ListForm, options, tell

blueprint = Blueprint("desk_lists", __name__, url_prefix="/studio/digest/lists")
LIST = "<int(max=9223372036854775807):list_id>"
NEW = ListWords("")


@blueprint.get("")
@signed_in(Right.SEND)
def listing(_by: Person) -> str:
    db, at, settings = house().db, clock.now(), house().settings
    kept = keeping.listing(db, at, settings)
    return render_template(
        "newsletter/web/desk/lists.html", lists=[(one, rhythm_words(one), next_words(one)) for one in kept], readers=readers_of(db),
        relays=relays.names(settings),
    )  # fmt: skip


@blueprint.get("/new")
@signed_in(Right.SEND)
def draw(_by: Person) -> str:
    return _page(_form(NEW), None)


@blueprint.post("")
@signed_in(Right.SEND)
def add(_by: Person) -> ResponseReturnValue:
    form = _form()
    if form.validate():
        try:
            list_id = keeping.add(house().db, form.words, clock.now())
            flash("The list is made. Nobody gets it until they choose it.")
            return redirect(url_for(".one", list_id=list_id))
        except Invalid as refusal:
            tell(form, refusal)
    return _page(form, None), 422


@blueprint.get(f"/{LIST}")
@signed_in(Right.SEND)
def one(_by: Person, list_id: int) -> str:
    kept = _kept(list_id)
    return _page(_form(kept.words), kept)


@blueprint.post(f"/{LIST}")
@signed_in(Right.SEND)
def change(_by: Person, list_id: int) -> ResponseReturnValue:
    kept = _kept(list_id)
    form = _form(kept=kept.words.relay)
    if form.validate():
        try:
            keeping.change(house().db, list_id, form.words, clock.now())
            flash("Saved.")
            return redirect(url_for(".one", list_id=list_id))
        except Invalid as refusal:
            tell(form, refusal)
    return _page(form, kept), 422


@blueprint.post(f"/{LIST}/retirement")
@signed_in(Right.SEND)
def retire(_by: Person, list_id: int) -> ResponseReturnValue:
    try:
        keeping.retire(house().db, list_id, clock.now())
        flash("The list is retired. What went out with it stays on the site.")
    except Conflict as refusal:
        flash(str(refusal), "error")
    return redirect(url_for(".listing"))


def rhythm_words(kept: Kept) -> str:
    """``Mon, Thu at 07:00`` or ``Each story at once``."""
    bits = kept.words.weekdays
    if not bits:
        return "Each story at once"
    days = ", ".join(day[:3] for place, day in enumerate(DAYS) if bits >> place & 1)
    hour = house().settings.send_hour if kept.words.hour is None else kept.words.hour
    return f"{'Every day' if bits == EVERY_DAY else days} at {hour:02}:00"


def next_words(kept: Kept) -> str:
    return moments.when(kept.next.due_at, kept.zone) if kept.next else ""


def _kept(list_id: int) -> Kept:
    return keeping.get(house().db, list_id, clock.now(), house().settings)


def _form(words: ListWords | None = None, kept: str = "") -> ListForm:
    """Filled from ``words``, or without them from what was sent; ``kept`` is the list's relay then."""
    form = ListForm(request.form) if words is None else ListForm(data=_values(words))
    form.relay.choices = options(_ways_out(words.relay if words else kept))
    form.topics.choices = options((topic.id, topic.name) for topic, _ in topics(house().db))
    return form


def _ways_out(kept: str) -> list[tuple[str, str]]:
    """What there is to choose; a relay that is no longer set stays chosen until somebody chooses another."""
    names = relays.names(house().settings)
    gone = [(kept, f"{kept} (no longer set)")] if kept and kept not in names else []
    return [("", "The publication’s own mail server"), *((name, name) for name in names), *gone]


def _values(words: ListWords) -> dict[str, object]:
    days = [1 << place for place in range(7) if words.weekdays >> place & 1]
    hour = "" if words.hour is None else str(words.hour)
    return vars(words) | {"days": days, "hour": hour, "topics": list(words.topic_ids)}


def _page(form: ListForm, kept: Kept | None) -> str:
    told = {"leaves": "", "rhythm": "", "composer": "", "readers": 0}
    if kept:
        told = {
            "leaves": next_words(kept),
            "rhythm": rhythm_words(kept),
            "composer": ways.composer(Which(kept.slug)),
            "readers": readers_of(house().db).get(kept.id, 0),
        }
    is_gone = (
        kept is not None and bool(kept.words.relay) and not standing_in(kept.words.relay, house().settings)
    )
    return render_template(
        "newsletter/web/desk/list.html", form=form, kept=kept, relay_is_gone=is_gone, **told
    )
