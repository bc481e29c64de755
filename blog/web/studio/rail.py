"""The studio's rail: which of its rooms this person may enter. A room that another house did not build is left out."""

from dataclasses import dataclass

from flask import current_app, request

from blog.accounts.roles import Right
from blog.web.guard import person
from blog.web.wiring import house


@dataclass(frozen=True)
class Link:
    label: str
    path: str
    icon: str
    right: Right
    here: bool = False


ROOMS = (
    Link("Today", "/studio", "today", Right.WRITE),
    Link("Stories", "/studio/posts", "stories", Right.WRITE),
    Link("Pictures", "/studio/pictures", "pictures", Right.WRITE),
    Link("Digest", "/studio/digest", "digest", Right.SEND),
    Link("Readers", "/studio/readers", "readers", Right.SEND),
    Link("Figures", "/studio/figures", "figures", Right.SEND),
    Link("Authors", "/studio/authors", "authors", Right.EDIT_ANY),
    Link("Topics", "/studio/topics", "topics", Right.EDIT_ANY),
    Link("Pages", "/studio/pages", "pages", Right.EDIT_ANY),
    Link("Signs", "/studio/signs", "signs", Right.EDIT_ANY),
    Link("People", "/studio/people", "people", Right.MANAGE),
    Link("Mailbox", "/studio/mailbox", "mailbox", Right.MANAGE),
    Link("Sending", "/studio/sending", "sending", Right.MANAGE),
    Link("Settings", "/studio/settings", "settings", Right.MANAGE),
)


def links() -> tuple[Link, ...]:
    who = person()
    if who is None:
        return ()
    built = {rule.rule for rule in current_app.url_map.iter_rules()}
    open_rooms = [room for room in ROOMS if who.can(room.right) and room.path in built and _in_use(room)]
    return tuple(Link(room.label, room.path, room.icon, room.right, _is_here(room)) for room in open_rooms)


def _in_use(room: Link) -> bool:
    """The mailbox catches mail only while no SMTP server is set."""
    return room.path != "/studio/mailbox" or not house().settings.smtp_url


def _is_here(room: Link) -> bool:
    return request.path == room.path or (room.path != "/studio" and request.path.startswith(room.path + "/"))
