"""What the public sees of posts, and how few statements it takes."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from blog.accounts.people import Person
from blog.authors import profiles
from blog.authors.model import AuthorId
from blog.authors.profiles import AuthorText
from blog.db import Database
from blog.posts import publishing, reading, topics
from blog.posts.digesting import byline
from blog.posts.model import Post, PostId
from blog.posts.views import Byline, Month, SitemapPart, YearOf
from blog.refusals import Gone, NotFound
from tests.blog.posts.building import MORNING, block, edit, paragraph, picture, story, write
from tests.blog.posts.conftest import statements


def hours(number: int) -> datetime:
    return MORNING + timedelta(hours=number)


def full(db: Database, edda: Person, number: int = 15) -> list[PostId]:
    """Stories with everything, one an hour, the newest last."""
    topic = topics.create(db, "Galaxies", "Islands of stars.")
    made = []
    for n in range(number):
        lead, inside = picture(db, f"lead{n}"), picture(db, f"inside{n}")
        made.append(
            story(
                db,
                edda,
                f"Story {n}",
                paragraph(),
                block("figure", image=inside),
                at=hours(n),
                lead_image=lead,
                topic_ids=(topic,),
            )  # fmt: skip
        )
    return made


def test_the_home_page_shows_the_newest_first_and_a_picture_that_is_no_lead(
    db: Database, edda: Person
) -> None:
    full(db, edda)
    home = reading.home(db)
    assert home.lead is not None and home.lead.title == "Story 14"
    assert [card.title for card in home.beside] == ["Story 13", "Story 12", "Story 11"]
    assert len(home.latest) == 9 and home.latest[0].title == "Story 10"
    assert home.picture is not None and home.picture.picture.filename == "inside14.jpg"
    assert [card.title for card in home.picture.posts] == ["Story 14"]


def test_an_empty_publication_has_an_empty_home_page(db: Database) -> None:
    home = reading.home(db)
    assert (home.lead, home.beside, home.latest, home.picture) == (None, (), (), None)
    assert reading.latest(db).items == () and reading.topics(db) == () and reading.authors(db) == ()
    assert reading.feed(db) == () and reading.sitemap(db, 2026) == () and reading.pictures(db).items == ()


def test_a_featured_story_leads_the_home_page(db: Database, edda: Person) -> None:
    full(db, edda, 3)
    with db.transaction() as s:
        s.scalars(select(Post).where(Post.title == "Story 0")).one().featured = True
    home = reading.home(db)
    assert home.lead is not None and home.lead.title == "Story 0"
    assert [card.title for card in home.beside] == ["Story 2", "Story 1"]


def test_an_article_takes_at_most_six_statements_and_home_eight(db: Database, edda: Person) -> None:
    full(db, edda)
    with statements(db) as sent:
        reading.article(db, "/2026/11/story-14")
    assert len(sent) <= 6
    with statements(db) as sent:
        reading.home(db)
    assert len(sent) <= 8


@pytest.mark.parametrize(
    "ask",
    [
        lambda db: reading.latest(db),
        lambda db: reading.author(db, "edda"),
        lambda db: reading.topic(db, "galaxies"),
        lambda db: reading.topics(db),
        lambda db: reading.authors(db),
        lambda db: reading.pictures(db),
        lambda db: reading.feed(db, author="edda"),
        lambda db: reading.sitemap(db, 2026),
        lambda db: reading.sitemap_parts(db),
        lambda db: reading.months(db),
        lambda db: reading.month(db, 2026, 11),
    ],
)
def test_no_list_asks_more_for_more_rows(db: Database, edda: Person, ask: object) -> None:
    assert callable(ask)
    full(db, edda, 3)
    with statements(db) as few:
        ask(db)
    for n in range(3, 9):
        story(db, edda, f"Late {n}", block("figure", image=picture(db, f"late{n}")), at=hours(n))
    with statements(db) as many:
        ask(db)
    assert len(many) == len(few) <= 9


def test_a_withdrawn_post_answers_gone_and_stands_in_no_list(db: Database, edda: Person) -> None:
    post_id = story(db, edda, "Withdrawn one", block("figure", image=picture(db)))
    publishing.withdraw(db, post_id, edda, hours(1))
    with pytest.raises(Gone):
        reading.article(db, "/2026/11/withdrawn-one")
    assert reading.latest(db).total == 0 and reading.feed(db) == () and reading.pictures(db).total == 0
    with pytest.raises(NotFound):
        reading.picture(db, 1)


def test_a_draft_answers_not_found(db: Database, edda: Person) -> None:
    write(db, edda, "Not yet")
    for path in ("/2026/11/not-yet", "", "/\0", "/" + "x" * 5000):
        with pytest.raises(NotFound):
            reading.article(db, path)


def test_lists_have_pages_and_no_page_beyond_the_last(db: Database, edda: Person) -> None:
    full(db, edda)
    second = reading.latest(db, 2)
    assert (second.total, second.pages, second.previous, second.next) == (15, 2, 1, None)
    assert [card.title for card in second.items] == ["Story 2", "Story 1", "Story 0"]
    for beyond in (3, 0, -1, 10**30):
        with pytest.raises(NotFound):
            reading.latest(db, beyond)


def test_an_author_page_tells_since_when_and_on_what(db: Database, edda: Person) -> None:
    full(db, edda, 2)
    face = picture(db, "face")
    known = profiles.list_all(db)[0]
    profiles.change(
        db, known.id, AuthorText("Edda Ness", biography="One.\r\n\r\nTwo.", links=(("Site", "https://edda.example.org/"),), image_id=face)
    )  # fmt: skip
    author = reading.author(db, "edda").author
    assert (author.name, author.biography, author.stories) == ("Edda Ness", ("One.", "Two."), 2)
    assert author.since == MORNING.date() and author.links == (("Site", "https://edda.example.org/"),)
    assert [(beat.name, beat.stories) for beat in author.beats] == [("Galaxies", 2)]
    assert author.picture is not None and reading.authors(db) == (author,)


def test_an_author_without_a_story_has_a_page_and_is_in_no_list(db: Database) -> None:
    profiles.create(db, AuthorText("Nils"), MORNING)
    page = reading.author(db, "nils")
    assert (page.author.stories, page.author.since, page.page.items) == (0, None, ())
    assert reading.authors(db) == ()
    with pytest.raises(NotFound):
        reading.author(db, "nobody")


def test_a_topic_page_counts_its_stories(db: Database, edda: Person) -> None:
    full(db, edda, 2)
    topics.create(db, "Empty")
    page = reading.topic(db, "galaxies")
    assert (page.topic.stories, page.description, page.page.total) == (2, "Islands of stars.", 2)
    assert [(link.name, link.stories, text) for link, text in reading.topics(db)] == [
        ("Galaxies", 2, "Islands of stars.")
    ]
    with pytest.raises(NotFound):
        reading.topic(db, "nothing")


def test_a_picture_lists_the_stories_that_show_it_newest_first(db: Database, edda: Person) -> None:
    shared = picture(db)
    story(db, edda, "Old", at=hours(0), lead_image=shared)
    story(db, edda, "New", block("gallery", block("gallery_item", image=shared)), at=hours(1))
    assert [card.title for card in reading.picture(db, shared).posts] == ["New", "Old"]
    assert [entry.picture.id for entry in reading.pictures(db).items] == [shared]
    unused = picture(db, "unused")
    for unknown in (unused, 0, 10**30):
        with pytest.raises(NotFound):
            reading.picture(db, unknown)


def test_an_old_address_leads_to_the_new_one(db: Database, edda: Person) -> None:
    post_id = story(db, edda, "First name")
    edit(db, post_id, edda, hours(1), slug="second-name")
    publishing.publish(db, post_id, edda, hours(1))
    assert reading.redirect_for(db, "/2026/11/first-name") == "/2026/11/second-name"
    assert reading.redirect_for(db, "/2026/11/second-name") is None
    assert reading.article(db, "/2026/11/second-name").article.card.title == "First name"


def test_a_story_that_was_taken_back_is_gone_from_its_old_address_too(db: Database, edda: Person) -> None:
    post_id = story(db, edda, "First name")
    edit(db, post_id, edda, hours(1), slug="second-name")
    publishing.publish(db, post_id, edda, hours(1))
    publishing.withdraw(db, post_id, edda, hours(2))
    for path in ("/2026/11/first-name", "/2026/11/second-name"):
        assert reading.redirect_for(db, path) is None
        with pytest.raises(Gone):
            reading.article(db, path)


def test_feeds_carry_the_newest_twenty_of_all_one_author_or_one_topic(
    db: Database, edda: Person, arno: Person
) -> None:
    full(db, edda, 21)
    story(db, arno, "By Arno", at=hours(50))
    assert [entry.card.title for entry in reading.feed(db)][:2] == ["By Arno", "Story 20"]
    assert len(reading.feed(db)) == 20 and "<p>" in reading.feed(db)[0].body
    assert [entry.card.title for entry in reading.feed(db, author="arno")] == ["By Arno"]
    assert all(entry.card.title != "By Arno" for entry in reading.feed(db, topic="galaxies"))
    for unknown in ({"author": "nobody"}, {"topic": "nothing"}):
        with pytest.raises(NotFound):
            reading.feed(db, **unknown)


def test_stories_stand_by_month_and_by_an_authors_year(db: Database, edda: Person) -> None:
    for title, at in (("Old", datetime(2025, 3, 2, tzinfo=UTC)), ("Newer", hours(1)), ("Newest", hours(2))):
        story(db, edda, title, at=at)
    assert reading.months(db) == (Month(2026, 11, 2), Month(2025, 3, 1))
    assert [card.title for card in reading.month(db, 2026, 11).items] == ["Newest", "Newer"]
    of_last_year = reading.author(db, "edda", year=2025)
    assert [card.title for card in of_last_year.page.items] == ["Old"] and of_last_year.author.stories == 3
    assert of_last_year.years == (YearOf(2026, 2), YearOf(2025, 1))
    for ask in (lambda: reading.month(db, 2026, 12), lambda: reading.author(db, "edda", year=1999)):
        with pytest.raises(NotFound):
            ask()


def test_the_sitemap_tells_when_each_story_last_changed(db: Database, edda: Person) -> None:
    post_id = story(db, edda, "Mapped", lead_image=picture(db))
    edit(db, post_id, edda, hours(2), dek="Changed.")
    publishing.publish(db, post_id, edda, hours(2))
    (entry,) = reading.sitemap(db, 2026)
    assert reading.sitemap_parts(db) == (SitemapPart(2026, hours(2)),)
    assert (entry.path, entry.changed_at) == ("/2026/11/mapped", hours(2))
    assert entry.picture_url.endswith("/2400.jpg")


def test_the_digest_takes_what_was_released_and_not_carried_newest_first(db: Database, edda: Person) -> None:
    made = full(db, edda, 5)
    write(db, edda, "Draft")
    story(db, edda, "Site only", at=hours(2), in_digest=False)
    backdated = write(db, edda, "Backdated")
    publishing.publish(db, backdated, edda, hours(3), backdate=datetime(2020, 1, 1, tzinfo=UTC))
    with db.reading() as s:
        carried = select(Post.id).where(Post.id == made[1])
        found = reading.digest_stories(s, hours(0), hours(3), carried)
        assert [one.title for one in found] == ["Backdated", "Story 3", "Story 2", "Story 0"]
        assert (found[1].topic, found[1].byline, found[1].dek) == (
            "Galaxies",
            "Edda",
            "Stars form in clouds.",
        )
        assert found[0].released_at == hours(3) and found[0].path == "/2020/01/backdated"
        assert reading.digest_stories(s, hours(0) + timedelta(microseconds=1), hours(0), carried) == ()
        assert set(reading.digest_story(s, [made[0], 999_999])) == {made[0]}


def test_a_byline_names_all_and_shortens_a_crowd() -> None:
    def people(*names: str) -> list[Byline]:
        return [Byline(AuthorId(1), "x", name) for name in names]

    assert byline(people()) == "" and byline(people("A")) == "A"
    assert byline(people("A", "B")) == "A and B" and byline(people("A", "B", "C")) == "A, B and C"
    assert byline(people(*["Long name " * 5] * 10)).endswith("and 9 others")
