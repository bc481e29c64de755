"""Documents, pictures and stories for the tests of this room, in as few words as they need."""

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from blog.accounts.model import Account, AccountId
from blog.accounts.people import Person
from blog.accounts.roles import RIGHTS, RoleName
from blog.db import Database
from blog.images.model import Image, ImageId
from blog.posts import publishing, writing
from blog.posts.drafts import Draft
from blog.posts.model import PostId

Node = dict[str, Any]
MORNING = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def person(db: Database, role: RoleName, name: str) -> Person:
    email = f"{name.lower()}@example.org"
    with db.transaction() as s:
        account = Account(name=name, email=email, fs_uniquifier=name, created_at=MORNING)
        s.add(account)
        s.flush()
        return Person(AccountId(account.id), name, email, RIGHTS[role])


def picture(db: Database, name: str = "nebula", by: Person | None = None, **words: Any) -> ImageId:
    given = {
        "alt": f"A {name}",
        "credit": "E. Fictive",
        "licence": "CC BY 4.0",
        "caption": f"The {name}",
    } | words
    with db.transaction() as s:
        image = Image(
            key=sha256(name.encode()).hexdigest(), filename=f"{name}.jpg", media_type="image/jpeg", bytes=1000,
            **{"width": 3000, "height": 2000} | given, uploaded_by=by.id if by else None, created_at=MORNING,
        )  # fmt: skip
        s.add(image)
        s.flush()
        return ImageId(image.id)


def words(text: str, *marks: Node) -> Node:
    return {"type": "text", "text": text, **({"marks": list(marks)} if marks else {})}


def link(href: str) -> Node:
    return {"type": "link", "attrs": {"href": href}}


def paragraph(text: str = "Stars form in clouds.") -> Node:
    return {"type": "paragraph", "content": [words(text)]} if text else {"type": "paragraph"}


def block(kind: str, *content: Node, **attrs: Any) -> Node:
    return {
        "type": kind,
        **({"attrs": attrs} if attrs else {}),
        **({"content": list(content)} if content else {}),
    }


def doc(*blocks: Node) -> Node:
    return {"type": "doc", "content": list(blocks) or [paragraph()]}


def write(
    db: Database, by: Person, title: str, *blocks: Node, at: datetime = MORNING, **fields: Any
) -> PostId:
    """A saved manuscript; it begins with a paragraph, whatever ``blocks`` are."""
    post_id = writing.start(db, by, at)
    working = writing.get(db, post_id, by)
    draft = replace(working.draft, title=title, body=doc(*_opened(blocks)), **fields)
    writing.save(db, post_id, draft, working.version, by, at)
    return post_id


def _opened(blocks: tuple[Node, ...]) -> tuple[Node, ...]:
    return blocks if any(b["type"] == "paragraph" for b in blocks) else (paragraph(), *blocks)


def story(
    db: Database, by: Person, title: str, *blocks: Node, at: datetime = MORNING, **fields: Any
) -> PostId:
    """A published post."""
    post_id = write(db, by, title, *blocks, at=at, **fields)
    publishing.publish(db, post_id, by, at)
    return post_id


def edit(db: Database, post_id: PostId, by: Person, at: datetime, **fields: Any) -> Draft:
    """Saves the manuscript with some fields changed."""
    working = writing.get(db, post_id, by)
    draft = replace(working.draft, **fields)
    writing.save(db, post_id, draft, working.version, by, at)
    return draft
