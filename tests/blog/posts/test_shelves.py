"""The rows of other stories under an article."""

from sqlalchemy import select

from blog.accounts.people import Person
from blog.db import Database
from blog.posts import publishing, reading, topics
from blog.posts.model import Post
from tests.blog.posts.building import paragraph, story
from tests.blog.posts.test_reading import full, hours


def shelved(db: Database, path: str) -> dict[str, list[str]]:
    """By heading, the titles on each shelf under an article."""
    found = reading.article(db, path).shelves
    rows = (found.related, found.more_from, found.more_in)
    return {row.heading: [card.title for card in row.cards] for row in rows if row}


def test_under_an_article_stand_stories_like_it_then_more_from_its_author(db: Database, edda: Person) -> None:
    full(db, edda)
    alike, more = shelved(db, "/2026/11/story-7").values()
    assert len(alike) == len(more) == 3 and not {*alike, *more} & {"Story 7"} and not {*alike} & {*more}
    found = reading.article(db, "/2026/11/story-7").shelves
    assert found.related and (found.related.path, found.related.total) == ("/topics/galaxies", 15)
    assert found.more_from and (found.more_from.path, found.more_from.total) == ("/authors/edda", 15)


def test_a_story_is_related_by_the_words_that_few_others_hold(
    db: Database, edda: Person, arno: Person
) -> None:
    words = "The astronomers looked through their telescope that night and wrote about"
    for n, about in enumerate(("Saturn", "Venus", "Mercury", "Neptune", "Vesta", "Ceres")):
        story(db, arno, about, paragraph(f"{words} {about.lower()}."), at=hours(n))
    story(db, arno, "Ringed", paragraph("Saturn has rings, and icy moons go around them."))
    story(db, edda, "Icy rings", paragraph(f"{words} the icy rings of Saturn."), at=hours(9))
    assert shelved(db, "/2026/11/icy-rings")["Related stories"][:2] == ["Ringed", "Saturn"]


def test_where_nothing_is_related_the_topic_has_more(db: Database, edda: Person, arno: Person) -> None:
    galaxies = topics.create(db, "Galaxies")
    for n, (title, words) in enumerate((("Spiral", "Long arms wind."), ("Dwarf", "Small ones merge."))):
        story(db, (edda, arno)[n], title, paragraph(words), topic_ids=(galaxies,))
    assert shelved(db, "/2026/11/spiral") == {"More in Galaxies": ["Dwarf"]}


def test_what_was_taken_back_is_on_no_shelf(db: Database, edda: Person) -> None:
    full(db, edda, 2)
    publishing.withdraw(db, full_id(db, "Story 0"), edda, hours(20))
    assert shelved(db, "/2026/11/story-1") == {}


def full_id(db: Database, title: str) -> int:
    with db.reading() as s:
        return s.scalars(select(Post.id).where(Post.title == title)).one()
