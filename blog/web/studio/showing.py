"""Pictures and stories as the editor's page and its scripts read them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from secrets import token_urlsafe
from typing import Any

from flask import url_for
from flask_wtf.csrf import generate_csrf

from blog.images.reading import Picture
from blog.posts.desk import Working
from blog.posts.labelling import Labelled
from blog.posts.model import PostState
from blog.posts.sources import told

WORDS = (
    "title",
    "alt",
    "decorative",
    "caption",
    "credit",
    "rights",
    "licence",
    "source_url",
    "instrument",
    "objects",
    "position",
    "unconfirmed",
    "long_description",
    "width",
    "height",
    "colour",
    "filename",
)


@dataclass(frozen=True)
class Sheet:
    """The post that the editor's page is about."""

    id: int
    state: PostState
    path: str
    publish_at: datetime | None
    has_pending_changes: bool
    featured: bool
    pinned_until: date | None
    is_page: bool


def sheet(working: Working) -> Sheet:
    post = working.post
    return Sheet(
        post.id,
        post.state,
        post.path,
        post.publish_at,
        post.has_changes,
        post.featured,
        post.pinned_until,
        working.is_page,
    )


def manuscript_json(working: Working) -> dict[str, Any]:
    """What the editor starts from."""
    post, draft = working.post, working.draft
    return {
        "post": post.id,
        "version": working.version,
        "saved_at": post.saved_at.isoformat(),
        "body": draft.body,
        "lead_image": draft.lead_image,
        "sources": told(draft.sources),
        "pictures": {str(i): picture_json(picture) for i, picture in working.pictures.items()},
        "stories": {
            str(i): {"id": i, "title": title, "path": path} for i, (title, path) in working.stories.items()
        },
        "csrf": generate_csrf(),
        "sitting": token_urlsafe(12),
        "readonly": not post.may_edit,
        "urls": _addresses(post.id),
    }


def picture_json(picture: Picture) -> dict[str, Any]:
    said = {name: getattr(picture, name) for name in WORDS}
    return {"id": picture.id, "thumb": picture.url(480), "large": picture.url(960), **said}


def _addresses(post_id: int) -> dict[str, str]:
    return {
        "save": url_for("studio_manuscripts.save", post_id=post_id),
        "pictures": url_for("studio_pictures.shelf_json"),
        "upload": url_for("studio_pictures.upload"),
        "describe": url_for("studio_pictures.describe_json", image_id=0),
        "remote": url_for("studio_fetched.picture"),
        "card": url_for("studio_fetched.card"),
        "stories": url_for("studio_posts.stories_json"),
        "preview": url_for("studio_manuscripts.preview", post_id=post_id),
        "presence": url_for("studio_company.tell", post_id=post_id),
        "comparison": url_for("studio_history.compare_mine", post_id=post_id),
        "aside": url_for("studio_history.keep_aside", post_id=post_id),
        "sources": url_for("studio_sources.listing", post_id=post_id),
        "guest": url_for("studio_guests.new", post_id=post_id),
        "guests": url_for("studio_guests.add_json"),
        "source": url_for("studio_sources.look_up_json"),
        "history": url_for("studio_history.listing", post_id=post_id),
    }


def labelled(done: Labelled) -> Iterator[tuple[str, str]]:
    """What came of giving many pictures the same words: sentences, each with the kind of its note."""
    if done.changed:
        yield f"{done.changed} picture{'' if done.changed == 1 else 's'} described.", "message"
    if done.kept:
        yield f"Kept a credit or licence of their own: {_some(done.kept)}.", "message"
    for sentence in dict.fromkeys(sentence for _, sentence in done.refused):
        yield f"{_some([name for name, why in done.refused if why == sentence])}: {sentence}", "error"


def _some(names: Sequence[str]) -> str:
    """The first five, and how many more there are."""
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
