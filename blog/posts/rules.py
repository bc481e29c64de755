"""Who may write, publish and take back which post. ``writing`` and ``publishing`` ask before they do anything."""

from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.posts.model import Post, PostState
from blog.refusals import Forbidden


def may_edit(by: Person, post: Post) -> bool:
    """Editors any post, authors their own; who cannot publish may change their own only while it is a draft."""
    if by.can(Right.EDIT_ANY):
        return True
    if post.created_by != by.id or not by.can(Right.WRITE):
        return False
    return by.can(Right.PUBLISH_OWN) or post.state == PostState.DRAFT


def may_publish(by: Person, post: Post) -> bool:
    return by.can(Right.PUBLISH_ANY) or (by.can(Right.PUBLISH_OWN) and post.created_by == by.id)


def must_see(by: Person, post: Post) -> None:
    if not by.can(Right.EDIT_ANY) and post.created_by != by.id:
        raise Forbidden("This is somebody else's story. Ask an editor to show it to you.")


def must_edit(by: Person, post: Post) -> None:
    if may_edit(by, post):
        return
    if post.created_by == by.id:
        raise Forbidden("This story is out of your hands now: ask an editor to change it.")
    raise Forbidden("This is somebody else's story. Ask an editor to change it.")


def must_publish(by: Person, post: Post) -> None:
    if not may_publish(by, post):
        raise Forbidden("You can write this story, and an editor publishes it. Submit it for review.")
