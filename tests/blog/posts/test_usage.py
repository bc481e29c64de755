"""Where pictures stand: the ones that nobody needs are those that can be deleted."""

from datetime import timedelta

import pytest

from blog.accounts.people import Person
from blog.authors import profiles
from blog.authors.profiles import AuthorText
from blog.db import Database
from blog.images import library
from blog.posts import publishing, usage
from tests.blog.posts.building import MORNING, block, doc, edit, paragraph, picture, story, write


def unused(db: Database) -> set[str]:
    return {one.filename.removesuffix(".jpg") for one in library.search(db, "", 1, only=usage.unused).items}


def test_a_picture_is_unused_until_a_manuscript_shows_it(db: Database, edda: Person) -> None:
    lead, inside, grouped = picture(db, "lead"), picture(db, "inside"), picture(db, "grouped")
    picture(db, "spare")
    assert unused(db) == {"lead", "inside", "grouped", "spare"}
    gallery = block("gallery", block("gallery_item", image=grouped))
    write(db, edda, "Rings", block("figure", image=inside), gallery, lead_image=lead)
    assert unused(db) == {"spare"}


def test_what_a_published_story_showed_stays_in_use_when_it_is_withdrawn(db: Database, edda: Person) -> None:
    image, lead = picture(db, "inside"), picture(db, "lead")
    post_id = story(db, edda, "Rings", block("figure", image=image), lead_image=lead)
    assert unused(db) == set()
    publishing.withdraw(db, post_id, edda, MORNING + timedelta(hours=1))
    assert unused(db) == set()


def test_a_picture_in_changes_that_are_not_public_yet_is_in_use_and_so_is_the_public_one(
    db: Database, edda: Person
) -> None:
    old, new = picture(db, "old"), picture(db, "new")
    later = MORNING + timedelta(hours=1)
    post_id = story(db, edda, "Rings", block("figure", image=old))
    edit(db, post_id, edda, later, body=doc(paragraph(), block("figure", image=new)))
    assert unused(db) == set()
    publishing.publish(db, post_id, edda, later)
    assert unused(db) == {"old"}


def test_an_authors_picture_is_in_use(db: Database) -> None:
    face, spare = picture(db, "face"), picture(db, "spare")
    author = profiles.create(db, AuthorText("Maren Solbakk", image_id=face), MORNING)
    assert unused(db) == {"spare"}
    assert [(one.id, one.name) for one in usage.faces(db, face)] == [(author, "Maren Solbakk")]
    assert usage.faces(db, spare) == usage.faces(db, 2**70) == ()


def test_exactly_the_unused_pictures_can_be_deleted(db: Database, edda: Person) -> None:
    shown, drafted, face = picture(db, "shown"), picture(db, "drafted"), picture(db, "face")
    spare = picture(db, "spare")
    story(db, edda, "Rings", block("figure", image=shown))
    write(db, edda, "Moons", block("figure", image=drafted))
    profiles.create(db, AuthorText("Maren Solbakk", image_id=face), MORNING)
    with db.reading() as s:
        needed = {image for image in (shown, drafted, face, spare) if usage.count(s, image)}
    assert needed == {shown, drafted, face}
    assert unused(db) == {"spare"}


@pytest.mark.parametrize(("words", "found"), [("spare", 1), ("rings", 0)])
def test_the_filter_goes_together_with_words(db: Database, words: str, found: int) -> None:
    picture(db, "spare")
    picture(db, "other")
    assert library.search(db, words, 1, only=usage.unused).total == found


def test_what_is_not_public_of_somebody_elses_story_stays_between_them_and_the_editors(
    db: Database, edda: Person, arno: Person, cleo: Person
) -> None:
    image = picture(db, "shared")
    write(db, arno, "A secret", lead_image=image)
    public = story(db, arno, "Known to all", lead_image=image)
    edit(db, public, arno, MORNING, title="A secret too")

    def told(by: Person) -> set[tuple[str, bool]]:
        return {(use.title, use.opens) for use in usage.stories(db, image, by)}

    assert told(cleo) == {("Known to all", False), ("a draft of somebody else's", False)}
    assert told(arno) == told(edda) == {("A secret", True), ("A secret too", True)}
