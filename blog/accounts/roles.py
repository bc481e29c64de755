"""Who may do what: one table. ``web.guard`` asks it for every studio route."""

from enum import StrEnum


class RoleName(StrEnum):
    ADMINISTRATOR = "administrator"
    EDITOR = "editor"
    AUTHOR = "author"
    CONTRIBUTOR = "contributor"


class Right(StrEnum):
    WRITE = "write"
    """Start posts, edit one's own, upload pictures."""
    EDIT_ANY = "edit any"
    """Edit anybody's post, picture or author page."""
    FEATURE = "feature"
    """Choose the story that leads the home page, and those that stay on top of a topic's."""
    PUBLISH_OWN = "publish own"
    PUBLISH_ANY = "publish any"
    OVERRIDE = "override checks"
    """Publish over a check that blocks, with a reason."""
    SEND = "send"
    """Arrange and send editions, see subscribers."""
    MANAGE = "manage"
    """People, settings, demonstration content."""


RIGHTS: dict[RoleName, frozenset[Right]] = {
    RoleName.ADMINISTRATOR: frozenset(Right),
    RoleName.EDITOR: frozenset(Right) - {Right.MANAGE},
    RoleName.AUTHOR: frozenset({Right.WRITE, Right.PUBLISH_OWN}),
    RoleName.CONTRIBUTOR: frozenset({Right.WRITE}),
}


WORDS: dict[Right, str] = {
    Right.WRITE: "Write stories of their own, upload pictures",
    Right.PUBLISH_OWN: "Publish what they wrote",
    Right.EDIT_ANY: "Edit every story, picture, author and topic; review",
    Right.PUBLISH_ANY: "Publish and withdraw every story",
    Right.FEATURE: "Choose what leads the home page and stays on top of a topic",
    Right.OVERRIDE: "Publish over a check that blocks, with a reason",
    Right.SEND: "Arrange and send the digest, see readers and figures",
    Right.MANAGE: "People, settings, sending, sample stories",
}
"""What each right comes to, in the order in which people are given them."""


def rights_of(role_names: list[str]) -> frozenset[Right]:
    """Everything that any of the named roles allows; an unknown name allows nothing."""
    known = [RoleName(name) for name in role_names if name in set(RoleName)]
    return frozenset().union(*(RIGHTS[name] for name in known))
