"""A picture's words change: in the library and in every story that shows it."""

from dataclasses import replace

import pytest

from blog.accounts.people import Person
from blog.db import Database
from blog.images.describing import Description
from blog.images.model import ImageId
from blog.posts import publishing, reading, usage
from blog.posts.model import PostState
from blog.refusals import Forbidden, Invalid, NotFound
from tests.blog.posts.building import MORNING, block, paragraph, picture, story, write

NEW = Description(alt="New alt", caption="New caption", credit="New credit", licence="CC0 1.0")


def body(db: Database, slug: str) -> str:
    return reading.article(db, f"/2026/11/{slug}").article.body


def test_new_words_appear_in_every_published_story(db: Database, edda: Person) -> None:
    image = picture(db)
    story(db, edda, "Plain", block("figure", image=image))
    story(
        db, edda, "Own words", block("gallery", block("gallery_item", image=image, alt="Own", caption="Mine"))
    )
    publishing.redescribe(db, image, NEW, edda, MORNING)
    assert (
        'alt="New alt"' in body(db, "plain")
        and "New caption" in body(db, "plain")
        and "CC0 1.0" in body(db, "plain")
    )
    assert 'alt="Own"' in body(db, "own-words") and "Mine" in body(db, "own-words")
    assert (
        "New credit" in body(db, "own-words") and reading.picture(db, image).picture.caption == "New caption"
    )
    assert reading.article(db, "/2026/11/plain").article.updated_at is None


def test_a_published_picture_cannot_lose_its_credit_licence_or_alt(db: Database, edda: Person) -> None:
    image, unused = picture(db), picture(db, "unused")
    story(db, edda, "Plain", block("figure", image=image))
    with pytest.raises(Invalid) as refused:
        publishing.redescribe(db, image, Description(), edda)
    assert refused.value.fields.keys() == {"alt", "credit", "licence"}
    assert reading.picture(db, image).picture.credit == "E. Fictive"
    publishing.redescribe(db, image, replace(NEW, alt="", decorative=True), edda)
    publishing.redescribe(db, unused, Description(), edda)
    assert usage.picture(db, unused).credit == ""


def test_who_may_change_whose_words(db: Database, edda: Person, arno: Person, cleo: Person) -> None:
    mine, others = picture(db, "mine", by=cleo), picture(db, "others", by=arno)
    publishing.redescribe(db, mine, NEW, cleo)
    for image, who in ((others, cleo), (mine, arno)):
        with pytest.raises(Forbidden):
            publishing.redescribe(db, image, NEW, who)
    post_id = write(db, cleo, "With mine", block("figure", image=mine))
    publishing.publish(db, post_id, edda, MORNING)
    with pytest.raises(Forbidden):
        publishing.redescribe(db, mine, NEW, cleo)
    publishing.redescribe(db, mine, NEW, edda)
    for unknown in (0, 999, 10**30):
        with pytest.raises(NotFound):
            publishing.redescribe(db, ImageId(unknown), NEW, edda)


def test_the_library_knows_where_a_picture_stands(db: Database, edda: Person) -> None:
    image, other = picture(db), picture(db, "other")
    public = story(db, edda, "Public", lead_image=image)
    draft = write(db, edda, "", paragraph(), block("figure", image=image))
    write(db, edda, "Another picture", block("figure", image=int(f"{image}0")))
    used = usage.stories(db, image, edda)
    assert {(use.id, use.title, use.state, use.path) for use in used} == {
        (public, "Public", PostState.PUBLISHED, "/2026/11/public"), (draft, "Untitled", PostState.DRAFT, ""),
    }  # fmt: skip
    with db.reading() as s:
        assert (usage.count(s, image), usage.count(s, other)) == (2, 0)
    with pytest.raises(NotFound):
        usage.picture(db, 999)
