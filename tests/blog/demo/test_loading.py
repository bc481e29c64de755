"""The demonstration comes whole and once, and goes without a scratch on anybody's work."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from blog.accounts.model import Account, AccountId
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.authors.model import Author
from blog.db import Database
from blog.demo import loading, script
from blog.demo.model import DemoItem
from blog.demo.script import Script
from blog.images.model import Image
from blog.images.storage import Disk
from blog.posts import publishing, writing
from blog.posts.model import Manuscript, Post, PostState, Topic
from blog.refusals import Unavailable

SCRIPT = script.read()
WHOLE = {Post: 32, Author: 4, Topic: 8, Image: len(SCRIPT.pictures)}


def few() -> Script:
    """Three stories with what they need: few pictures, so that most tests are quick."""
    stories = [entry for entry in SCRIPT.articles if entry.key[:2] in ("03", "05", "11")]
    parts = {
        entry.key: tuple(part for part in entry.parts if part.kind not in ("gallery", "read-more"))
        for entry in stories
    }
    stories = [replace(entry, parts=parts[entry.key]) for entry in stories]
    authors = [
        replace(one, picture="moon-surface")
        for one in SCRIPT.authors
        if one.slug in {s.author for s in stories}
    ]
    topics = [one for one in SCRIPT.topics if any(one.slug in entry.topics for entry in stories)]
    pictures = [one for one in SCRIPT.pictures if any(one.key in entry.pictures for entry in stories)]
    return Script(tuple(authors), tuple(topics), tuple(pictures), tuple(stories))


FEW = few()
SOME = {Post: 3, Author: 2, Topic: 3, Image: 4}


class SmallDisk(Disk):
    """Takes so many files and is full then."""

    room = 5

    def put(self, key: str, name: str, data: bytes | Path) -> None:
        self.room -= 1
        if self.room < 0:
            raise Unavailable("The disk is full.")
        super().put(key, name, data)


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    return Disk(tmp_path / "media")


@pytest.fixture
def editor(db: Database, noon: datetime) -> Person:
    with db.transaction() as s:
        account = Account(name="Edith", email="edith@example.org", fs_uniquifier="edith", created_at=noon)
        s.add(account)
        s.flush()
        return Person(AccountId(account.id), "Edith", "edith@example.org", frozenset(Right))


def rows(db: Database) -> dict[type, int]:
    with db.reading() as s:
        return {model: s.scalar(select(func.count()).select_from(model)) or 0 for model in WHOLE}


def number(db: Database, kind: str, key: str) -> int:
    with db.reading() as s:
        return s.scalars(select(DemoItem.ref_id).where(DemoItem.kind == kind, DemoItem.key == key)).one()


def files_in(disk: Disk) -> list[Path]:
    return [path for path in disk.folder.glob("??/*/*") if path.is_file()]


def test_the_demonstration_comes_whole_and_only_once(db: Database, disk: Disk, noon: datetime) -> None:
    assert loading.load(db, disk, noon) == 32
    assert rows(db) == WHOLE
    with db.reading() as s:
        posts = s.scalars(select(Post).order_by(Post.published_at)).all()
        assert {post.state for post in posts} == {PostState.PUBLISHED}
        assert [post.slug for post in posts] == [entry.slug for entry in SCRIPT.articles]
        assert posts[0].published_at == noon - timedelta(days=SCRIPT.articles[0].days_ago)
        assert all(post.released_at == post.published_at for post in posts)
        assert [post.slug for post in posts if post.in_digest] == [
            entry.slug for entry in SCRIPT.articles[-5:]
        ]
        assert all("Bottom line" in post.body_html for post in posts)
        assert all(image.alt and image.credit and image.licence for image in s.scalars(select(Image)))
    assert loading.load(db, disk, noon + timedelta(hours=1)) == 0
    assert rows(db) == WHOLE


def test_the_demonstration_goes_without_a_trace_and_may_come_back(
    db: Database, disk: Disk, noon: datetime
) -> None:
    loading.load(db, disk, noon, whole=FEW)
    assert rows(db) == SOME
    assert loading.remove(db, disk, noon, whole=FEW) == 3
    assert set(rows(db).values()) == {0}
    assert files_in(disk) == []
    with db.reading() as s:
        assert s.scalars(select(DemoItem)).all() == []
    assert loading.load(db, disk, noon, whole=FEW) == 3
    assert rows(db) == SOME


def test_a_load_that_was_cut_short_is_finished_by_the_next(
    db: Database, disk: Disk, tmp_path: Path, noon: datetime
) -> None:
    with pytest.raises(Unavailable):
        loading.load(db, SmallDisk(tmp_path / "media"), noon, whole=FEW)
    assert 0 < rows(db)[Image] < SOME[Image]
    assert loading.load(db, disk, noon, whole=FEW) == 3
    assert rows(db) == SOME
    loading.remove(db, disk, noon, whole=FEW)
    assert set(rows(db).values()) == {0}


def test_what_people_changed_or_made_stays(db: Database, disk: Disk, editor: Person, noon: datetime) -> None:
    loading.load(db, disk, noon, whole=FEW)
    changed = FEW.articles[0]
    tide, own = number(db, "post", changed.key), _own_story(db, editor, noon)
    draft = writing.get(db, tide, editor).draft
    writing.save(db, tide, replace(draft, title="A title of our own"), 1, editor, noon)
    assert loading.remove(db, disk, noon, whole=FEW) == 2
    with db.reading() as s:
        assert {*s.scalars(select(Post.id))} == {tide, own}
        assert {*s.scalars(select(Author.slug))} == {changed.author, "edith"}
        assert {*s.scalars(select(Topic.slug))} == set(changed.topics)
        kept = (*changed.pictures, "rocket", "moon-surface")
        assert {*s.scalars(select(Image.alt))} == {one.alt for one in FEW.pictures if one.key in kept}
        assert s.get_one(Manuscript, tide).title == "A title of our own"
        assert "why-rockets" not in s.get_one(Post, own).body_html
    assert loading.load(db, disk, noon, whole=FEW) == 2
    assert rows(db)[Post] == 4


def test_a_story_that_somebody_deleted_comes_back_with_the_next_load(
    db: Database, disk: Disk, noon: datetime
) -> None:
    loading.load(db, disk, noon, whole=FEW)
    with db.transaction() as s:
        s.delete(s.get_one(Post, number(db, "post", FEW.articles[0].key)))
    assert loading.load(db, disk, noon, whole=FEW) == 1
    assert rows(db) == SOME


def _own_story(db: Database, editor: Person, noon: datetime) -> int:
    """Published, with a picture of the demonstration, and pointing at one of its stories."""
    picture, target = number(db, "picture", "rocket"), number(db, "post", "05-why-rockets-have-stages")
    post = writing.start(db, editor, noon, "Our own story")
    draft = writing.get(db, post, editor).draft
    content = [
        {"type": "paragraph", "content": [{"type": "text", "text": "Ours."}]},
        {"type": "read_more", "attrs": {"post": target}},
    ]
    body = {"type": "doc", "doc_version": 1, "content": content}
    writing.save(db, post, replace(draft, body=body, lead_image=picture), 1, editor, noon)
    publishing.publish(db, post, editor, noon)
    return post
