"""Figures for editors: growth, sources, editions, stories, each as a plot with its numbers beside it, and all of it as sheets."""

from dataclasses import replace
from datetime import datetime

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.db import Database
from blog.web.guard import signed_in
from blog.web.wiring import house
from newsletter.figures import departures, drawing, growth, machines, sheets, sources, spans, stories
from newsletter.figures.departures import Pace
from newsletter.figures.sources import Sources
from newsletter.figures.stories import Clicked, Story
from newsletter.returns import reading as returned
from newsletter.web.desk import plots
from newsletter.web.desk.plots import Plot
from newsletter.web.desk.returns import KINDS

blueprint = Blueprint("desk_figures", __name__, url_prefix="/studio")

FORMS = {
    "band": "The band under pages",
    "page": "The sign-up page",
    "embed": "Forms on other sites",
    "api": "The interface for programs",
    "import": "Imports",
    "desk": "Entered here",
}


@blueprint.get("/figures")
@signed_in(Right.SEND)
def show(_by: Person) -> ResponseReturnValue:
    return render_template("newsletter/web/desk/figures.html", **_overview(house().db, clock.now()))


@blueprint.get("/figures/editions/<int:edition_id>")
@signed_in(Right.SEND)
def edition(_by: Person, edition_id: int) -> ResponseReturnValue:
    gone, pace = departures.edition(house().db, edition_id)
    clicked = stories.of_edition(house().db, edition_id)
    return render_template(
        "newsletter/web/desk/figures_edition.html", edition=gone, clicked=clicked, click_plots=_clicks(clicked),
        pace_plots=_pace(pace), reasons=machines.WORDS, estimate=plots.ESTIMATE, percent=plots.percent,
        with_opens=house().settings.count_opens, came_back=returned.of_edition(house().db, edition_id), kinds=KINDS,
    )  # fmt: skip


@blueprint.get("/figures.csv")
@signed_in(Right.SEND)
def sheet(_by: Person) -> ResponseReturnValue:
    what = request.args.get("what", "growth")
    made = sheets.sheet(house().db, what, clock.now(), house().settings.zone)
    response = Response(sheets.written(made), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{what}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


def panel(db: Database, at: datetime) -> Markup:
    """The card on Today: how many readers there are, and the last 30 days as a line."""
    told = growth.recent(db, at)
    totals = [one.total for one in told.stretches]
    line = drawing.line(totals, *drawing.around(totals))
    return Markup(render_template("newsletter/web/desk/figures_panel.html", growth=told, line=line))


def _overview(db: Database, at: datetime) -> dict[str, object]:
    """What the page of all figures shows, in the template's own terms."""
    zone, with_opens = house().settings.zone, house().settings.count_opens
    since = spans.months(at, zone)[0]
    told, gone, found = (
        growth.by_month(db, at, zone),
        departures.last_editions(db),
        sources.sources(db, since),
    )
    return {
        "growth": told,
        "growth_plots": plots.growth_plots(told),
        "editions": gone,
        "editions_plots": plots.editions_plots(gone, with_opens=with_opens) if gone else (),
        "story_plots": _stories(stories.best(db, since), found),
        "origin_plots": _origins(found),
        "percent": plots.percent,
        "with_opens": with_opens,
        "sheets": tuple(sheets.SHEETS),
    }


def _stories(best: tuple[Story, ...], found: Sources) -> list[Plot]:
    made = [plots.stories_plot("best", "Most clicked in mails", best)] if best else []
    shown = (
        ("brought", "Sign-ups by story", "Story", found.stories),
        ("authors", "Sign-ups by author", "Author", found.authors),
    )
    return made + [plots.origins_plot(name, title, word, some) for name, title, word, some in shown if some]


def _origins(found: Sources) -> list[Plot]:
    forms = [replace(one, name=FORMS.get(one.name, one.name or "Not noted")) for one in found.forms]
    pages = [replace(one, name="First page" if one.name == "/" else one.name) for one in found.pages]
    shown = (
        ("forms", "By form", "Form", forms), ("pages", "By page", "Page", pages),
        ("campaigns", "By link", "Tag", found.campaigns),
    )  # fmt: skip
    return [plots.origins_plot(name, title, word, some) for name, title, word, some in shown if some]


def _clicks(clicked: Clicked) -> list[Plot]:
    if not clicked.stories:
        return []
    return [plots.stories_plot("stories", "By story", clicked.stories), plots.slots_plot(clicked.slots)]


def _pace(pace: Pace) -> list[Plot]:
    return [plots.pace_plot(pace, house().settings.zone)] if pace.numbers else []
