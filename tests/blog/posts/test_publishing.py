"""From manuscript to public and back: dates, addresses, what follows from what, and who may."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from blog.accounts.people import Person
from blog.db import Database
from blog.posts import publishing, reading, topics, writing
from blog.posts.model import Manuscript, Post, PostId, PostState, Revision
from blog.refusals import Conflict, Forbidden, Gone, Invalid, NotFound
from tests.blog.posts.building import MORNING, block, doc, edit, paragraph, picture, story, write

LATER = MORNING + timedelta(days=3)


def post(db: Database, post_id: int) -> Post:
    with db.reading() as s:
        return s.scalars(select(Post).where(Post.id == post_id)).one()


def test_publishing_makes_the_manuscript_public(db: Database, edda: Person) -> None:
    topic, lead = topics.create(db, "Moon"), picture(db)
    post_id = write(
        db, edda, "A  new Moon", paragraph("Dark."), lead_image=lead, topic_ids=(topic,), dek="Look up."
    )
    assert publishing.publish(db, post_id, edda, LATER) == "/2026/11/a-new-moon"
    page = reading.article(db, "/2026/11/a-new-moon").article
    assert (page.card.title, page.card.dek, page.body) == ("A new Moon", "Look up.", "<p>Dark.</p>")
    assert page.card.topic is not None and page.card.topic.name == "Moon"
    assert [author.name for author in page.card.authors] == ["Edda"] and page.card.picture is not None
    made = post(db, post_id)
    assert (made.published_at, made.released_at, made.updated_at) == (LATER, LATER, None)
    assert (made.body_text, made.excerpt, made.words, made.minutes) == ("Dark.", "Dark.", 1, 1)


def test_the_month_of_the_address_is_that_of_the_publication(db: Database, edda: Person) -> None:
    post_id, late = write(db, edda, "New Year"), datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert publishing.publish(db, post_id, edda, late, zone=ZoneInfo("Africa/Lagos")) == "/2027/01/new-year"


def test_published_again_a_post_keeps_its_date_and_address(db: Database, edda: Person) -> None:
    post_id = story(db, edda, "First title", paragraph("Old."))
    edit(db, post_id, edda, LATER, title="Second title", body=doc(paragraph("New.")))
    assert reading.article(db, "/2026/11/first-title").article.body == "<p>Old.</p>"
    assert publishing.publish(db, post_id, edda, LATER) == "/2026/11/first-title"
    page = reading.article(db, "/2026/11/first-title").article
    assert (page.card.title, page.body, page.updated_at) == ("Second title", "<p>New.</p>", LATER)
    made = post(db, post_id)
    assert (made.published_at, made.released_at) == (MORNING, MORNING)


def test_publishing_what_is_public_already_changes_no_date(db: Database, edda: Person) -> None:
    post_id = story(db, edda, "Same")
    publishing.publish(db, post_id, edda, LATER)
    assert post(db, post_id).updated_at is None
    with db.reading() as s:
        assert s.scalar(select(func.count()).select_from(Revision)) == 1


def test_a_changed_slug_leaves_a_redirect_and_coming_back_takes_it_away(db: Database, edda: Person) -> None:
    post_id = story(db, edda, "One")
    for slug in ("two", "three", "one"):
        edit(db, post_id, edda, LATER, slug=slug)
        publishing.publish(db, post_id, edda, LATER)
    assert reading.article(db, "/2026/11/one").article.card.id == post_id
    assert reading.redirect_for(db, "/2026/11/one") is None
    assert (
        reading.redirect_for(db, "/2026/11/two")
        == reading.redirect_for(db, "/2026/11/three")
        == "/2026/11/one"
    )


def test_slugs_are_kept_apart_even_from_addresses_that_once_were(db: Database, edda: Person) -> None:
    first = story(db, edda, "Same title")
    second = story(db, edda, "Same title")
    assert post(db, second).path == "/2026/11/same-title-2"
    edit(db, first, edda, LATER, slug="moved")
    publishing.publish(db, first, edda, LATER)
    third = story(db, edda, "Same title")
    assert post(db, third).path == "/2026/11/same-title-3"
    assert reading.redirect_for(db, "/2026/11/same-title") == "/2026/11/moved"


def test_a_title_that_no_address_can_show_still_gets_one(db: Database, edda: Person) -> None:
    post_id = story(db, edda, "星の誕生")
    assert post(db, post_id).path == f"/2026/11/untitled-{post_id}"


def test_a_story_can_be_dated_back_but_not_forward(db: Database, edda: Person) -> None:
    post_id = write(db, edda, "Old")
    with pytest.raises(Invalid):
        publishing.publish(db, post_id, edda, MORNING, backdate=LATER)
    publishing.publish(db, post_id, edda, LATER, backdate=MORNING - timedelta(days=400))
    made = post(db, post_id)
    assert (made.path, made.released_at) == ("/2025/10/old", LATER)
    publishing.publish(db, post_id, edda, LATER, backdate=MORNING)
    made = post(db, post_id)
    assert (made.path, made.published_at, made.released_at) == ("/2025/10/old", MORNING, LATER)


def test_what_is_missing_blocks_publishing_by_field(db: Database, edda: Person) -> None:
    bare = picture(db, "bare", alt="", credit="", licence="")
    post_id = writing.start(db, edda, MORNING)
    edit(
        db,
        post_id,
        edda,
        MORNING,
        author_ids=(),
        body=doc(block("figure", image=bare), block("figure", image=77)),
    )
    for attempt in (
        lambda: publishing.publish(db, post_id, edda, MORNING),
        lambda: publishing.schedule(db, post_id, edda, MORNING, LATER),
    ):
        with pytest.raises(Invalid) as refused:
            attempt()
        assert refused.value.fields.keys() == {"title", "authors", "dek", "pictures"}
        assert len(refused.value.fields["pictures"]) == 4
    assert post(db, post_id).state == PostState.DRAFT


def test_a_withdrawn_post_comes_back_with_its_first_date(db: Database, edda: Person) -> None:
    post_id = story(db, edda, "Back and forth")
    publishing.withdraw(db, post_id, edda, LATER)
    made = post(db, post_id)
    assert (made.state, made.withdrawn_at) == (PostState.WITHDRAWN, LATER)
    with pytest.raises(Conflict):
        publishing.withdraw(db, post_id, edda, LATER)
    publishing.publish(db, post_id, edda, LATER)
    made = post(db, post_id)
    assert (made.state, made.withdrawn_at, made.released_at) == (PostState.PUBLISHED, None, MORNING)


def test_a_scheduled_post_goes_out_once_at_its_time(db: Database, edda: Person) -> None:
    post_id = write(db, edda, "Soon")
    publishing.schedule(db, post_id, edda, MORNING, LATER)
    assert publishing.publish_due(db, LATER - timedelta(seconds=1)) == 0
    late = LATER + timedelta(hours=9)
    assert (publishing.publish_due(db, late), publishing.publish_due(db, late)) == (1, 0)
    made = post(db, post_id)
    assert (made.published_at, made.released_at, made.publish_at) == (LATER, late, None)
    with pytest.raises(Conflict):
        publishing.schedule(db, post_id, edda, LATER, late + timedelta(days=1))


def test_several_clocks_publish_a_scheduled_post_once(db: Database, edda: Person) -> None:
    ids = [write(db, edda, f"Soon {n}") for n in range(4)]
    for post_id in ids:
        publishing.schedule(db, post_id, edda, MORNING, LATER)
    barrier, counts = Barrier(4), list[int]()

    def tick() -> None:
        barrier.wait()
        counts.append(publishing.publish_due(db, LATER))

    clocks = [Thread(target=tick) for _ in range(4)]
    for clock in clocks:
        clock.start()
    for clock in clocks:
        clock.join()
    assert len(counts) == 4 and sum(counts) == 4
    with db.reading() as s:
        assert s.scalar(select(func.count()).select_from(Revision)) == 4


def test_a_scheduled_post_that_a_check_blocks_waits_until_it_is_mended(db: Database, edda: Person) -> None:
    post_id, fine = write(db, edda, "Soon"), write(db, edda, "Fine")
    for one in (post_id, fine):
        publishing.schedule(db, one, edda, MORNING, LATER)
    edit(db, post_id, edda, MORNING, title="")
    assert publishing.publish_due(db, LATER) == 1
    assert post(db, post_id).state == PostState.SCHEDULED
    edit(db, post_id, edda, LATER, title="Mended")
    assert publishing.publish_due(db, LATER) == 1


def test_unscheduling_leads_back_to_where_it_came_from(db: Database, edda: Person) -> None:
    never, once = write(db, edda, "Never"), story(db, edda, "Once")
    publishing.withdraw(db, once, edda, MORNING)
    for post_id in (never, once):
        publishing.schedule(db, post_id, edda, MORNING, LATER)
        publishing.unschedule(db, post_id, edda, MORNING)
    assert (post(db, never).state, post(db, once).state) == (PostState.DRAFT, PostState.WITHDRAWN)
    with pytest.raises(Conflict):
        publishing.unschedule(db, never, edda, MORNING)
    with pytest.raises(Invalid):
        publishing.schedule(db, never, edda, LATER, LATER)


def test_a_withdrawn_post_that_is_scheduled_again_is_still_gone(db: Database, edda: Person) -> None:
    post_id = story(db, edda, "Once")
    publishing.withdraw(db, post_id, edda, MORNING)
    publishing.schedule(db, post_id, edda, MORNING, LATER)
    with pytest.raises(Gone):
        reading.article(db, "/2026/11/once")
    publishing.publish_due(db, LATER)
    assert reading.article(db, "/2026/11/once").article.card.published_at == MORNING


def test_read_more_follows_its_story(db: Database, edda: Person) -> None:
    target = write(db, edda, "Target")
    story(db, edda, "Pointing", paragraph(), block("read_more", post=target))

    def shown() -> str:
        return reading.article(db, "/2026/11/pointing").article.body

    assert "read-more" not in shown()
    publishing.publish(db, target, edda, MORNING)
    assert '<a href="/2026/11/target">Target</a>' in shown()
    edit(db, target, edda, LATER, title="New name", slug="new-name")
    publishing.publish(db, target, edda, LATER)
    assert '<a href="/2026/11/new-name">New name</a>' in shown()
    publishing.withdraw(db, target, edda, LATER)
    assert "read-more" not in shown()


def test_a_story_may_point_at_itself(db: Database, edda: Person) -> None:
    post_id = story(db, edda, "Round")
    edit(db, post_id, edda, LATER, body=doc(paragraph(), block("read_more", post=post_id)))
    publishing.publish(db, post_id, edda, LATER)
    assert '<a href="/2026/11/round">Round</a>' in reading.article(db, "/2026/11/round").article.body


def test_stories_that_point_at_each_other_are_published_at_once_without_harm(
    db: Database, edda: Person
) -> None:
    one, two = write(db, edda, "One"), write(db, edda, "Two")
    edit(db, one, edda, MORNING, body=doc(paragraph(), block("read_more", post=two)))
    edit(db, two, edda, MORNING, body=doc(paragraph(), block("read_more", post=one)))
    for post_id in (one, two):
        publishing.publish(db, post_id, edda, MORNING)
    failed: list[BaseException] = []

    def again(post_id: PostId) -> None:
        try:
            for n in range(10):
                publishing.publish(db, post_id, edda, LATER + timedelta(seconds=n))
        except BaseException as error:
            failed.append(error)

    editors = [Thread(target=again, args=(post_id,)) for post_id in (one, two)]
    for editor in editors:
        editor.start()
    for editor in editors:
        editor.join()
    assert failed == []


def test_a_preview_shows_the_manuscript_and_stores_nothing(db: Database, edda: Person, arno: Person) -> None:
    post_id = story(db, edda, "Public", paragraph("Old."))
    edit(db, post_id, edda, LATER, title="", body=doc(paragraph("New."), block("figure", image=picture(db))))
    shown = publishing.preview(db, post_id, edda, LATER)
    assert (shown.card.title, shown.card.path, shown.card.published_at) == (
        "Untitled",
        "/2026/11/public",
        MORNING,
    )
    assert shown.body.startswith("<p>New.</p>") and "figure" in shown.body
    assert reading.article(db, "/2026/11/public").article.body == "<p>Old.</p>"
    with pytest.raises(Forbidden):
        publishing.preview(db, post_id, arno, LATER)


def test_nothing_can_be_done_to_a_post_that_is_not_there(db: Database, edda: Person) -> None:
    for unknown in (12345, 0, 10**30):
        with pytest.raises(NotFound):
            publishing.publish(db, unknown, edda, MORNING)
        with pytest.raises(NotFound):
            publishing.preview(db, unknown, edda, MORNING)


def test_publishing_writes_down_which_version_is_public(db: Database, edda: Person) -> None:
    post_id = story(db, edda, "Counted")
    with db.reading() as s:
        kept = s.scalars(select(Manuscript).where(Manuscript.post_id == post_id)).one()
        assert kept.version == kept.published_version == 2 and kept.slug == "counted"
