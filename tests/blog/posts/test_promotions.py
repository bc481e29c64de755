"""When promotions leave published stories, and what mails alone say of one."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from blog.accounts.people import Person
from blog.db import Database
from blog.pagecache import purge
from blog.posts import publishing, reading
from blog.posts.model import Post
from tests.blog.posts.building import block, paragraph, story


def test_a_promotion_ends_in_published_text_within_a_minute_of_its_midnight(
    db: Database, edda: Person
) -> None:
    story(db, edda, "With offer", paragraph(), block("promotion", paragraph("Buy."), ends="2026-11-21"))
    midnight = datetime(2026, 11, 22, tzinfo=UTC)
    publishing.publish_due(db, midnight - timedelta(seconds=1))
    assert "Buy." in reading.article(db, "/2026/11/with-offer").article.body
    publishing.publish_due(db, midnight, zone=ZoneInfo("America/New_York"))
    assert "Buy." in reading.article(db, "/2026/11/with-offer").article.body
    publishing.publish_due(db, midnight + timedelta(seconds=59))
    assert "Buy." not in reading.article(db, "/2026/11/with-offer").article.body
    assert publishing.end_promotions(db, midnight + timedelta(minutes=1)) == 0


def test_a_clock_that_was_away_ends_each_promotion_and_leaves_those_that_last(
    db: Database, edda: Person
) -> None:
    offers = (("A", "2026-11-21"), ("B", "2026-11-23"), ("C", "2026-11-25"))
    boxes = [block("promotion", paragraph(f"Buy {name}."), ends=day) for name, day in offers]
    story(db, edda, "Offers", paragraph(), block("part", boxes[0], medium="web"), *boxes[1:])
    assert publishing.end_promotions(db, datetime(2026, 11, 24, 11, 17, tzinfo=UTC)) == 1
    shown = reading.article(db, "/2026/11/offers").article.body
    assert "Buy C." in shown and "Buy A." not in shown and "Buy B." not in shown
    assert publishing.end_promotions(db, datetime(2026, 11, 25, 23, 59, tzinfo=UTC)) == 0
    assert publishing.end_promotions(db, datetime(2026, 11, 26, tzinfo=UTC)) == 1


def test_mails_say_what_a_story_keeps_for_them(db: Database, edda: Person) -> None:
    mail = block("part", paragraph("For those who read by mail."), medium="mail")
    post_id = story(db, edda, "Told twice", paragraph("For all."), mail, dek="The dek.")
    with db.reading() as s:
        assert reading.digest_story(s, [post_id])[post_id].dek == "For those who read by mail."
    assert reading.article(db, "/2026/11/told-twice").article.card.dek == "The dek."


def test_pages_that_are_ready_are_stale_from_the_moment_a_promotion_ends(db: Database, edda: Person) -> None:
    purge.watch(db, [Post])
    story(db, edda, "With offer", paragraph(), block("promotion", paragraph("Buy."), ends="2026-11-21"))
    with db.reading() as s:
        before = purge.present(s)
    publishing.publish_due(db, datetime(2026, 11, 21, 23, 59, tzinfo=UTC))
    with db.reading() as s:
        assert purge.present(s) == before
    publishing.publish_due(db, datetime(2026, 11, 22, tzinfo=UTC))
    with db.reading() as s:
        assert purge.present(s) > before
