"""Pieces of the post office on the house's own pages: the sign-up band, the next digest on Today, a sentence for the publish dialog."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from flask import render_template
from markupsafe import Markup

from blog import clock
from blog.accounts.roles import Right
from blog.db import Database
from blog.settings import Settings
from blog.web import guard
from blog.web.wiring import house
from newsletter.editions import arranging, correcting, rehearsing
from newsletter.web import asking, moments, stamps
from newsletter.web.desk import ahead, figures, screens

Panel = Callable[[str], Markup]


def panels(db: Database) -> Mapping[str, Panel]:
    """What templates ask for by ``panel(name, path)``; ``path`` is that of the page on which it stands."""
    return {
        "signup": _signup,
        "next-digest": lambda path: ahead.next_digest(db, house().settings, path),
        "growth": lambda _path: _growth(db),
        "story-mail": lambda path: _story_mail(db, path),
        "carried": lambda path: _carried(db, path),
        "readers": lambda _path: _readers(db, house().settings),
    }


def _signup(path: str) -> Markup:
    """The page is kept for everybody, so the band says nothing about anybody and its stamp is that of the hour."""
    at = clock.now()
    scene = replace(asking.idle(at, path), stamp=stamps.hourly(at))
    return Markup(render_template("newsletter/web/signup/band.html", scene=scene))


def _growth(db: Database) -> Markup:
    who = guard.person()
    return figures.panel(db, clock.now()) if who and who.can(Right.SEND) else Markup()


def _story_mail(db: Database, path: str) -> Markup:
    """On a story's preview: how it will stand in the mail, and the way to have it sent to oneself."""
    who, found = guard.person(), re.fullmatch(r"/studio/posts/(\d{1,18})/looks", path)
    if found is None or who is None:
        return Markup()
    post_id, settings = int(found[1]), house().settings
    size = rehearsing.weigh(rehearsing.preview_story(db, post_id, who, clock.now(), settings).html)
    return Markup(
        render_template(
            "newsletter/web/desk/story_mail.html", post_id=post_id, email=who.email, size=size,
            view=screens.view("mail"), views=screens.VIEWS,
        )
    )  # fmt: skip


def _carried(db: Database, path: str) -> Markup:
    """On a story's page of corrections: the editions that carried it, and the way to those readers."""
    who, found = guard.person(), re.fullmatch(r"/studio/posts/(\d{1,18})/notes(?:/\d+)?", path)
    if found is None or who is None or not who.can(Right.SEND):
        return Markup()
    post_id = int(found[1])
    editions = correcting.carriers(db, post_id)
    return Markup(render_template("newsletter/web/desk/carried.html", editions=editions, post_id=post_id))


def _readers(db: Database, settings: Settings) -> Markup:
    coming = arranging.coming(db, clock.now(), settings)
    when = moments.when(coming.due_at, coming.timezone)
    return Markup(render_template("newsletter/web/desk/sentence.html", readers=coming.readers, when=when))
