"""Author pages: made, changed, removed, and made by themselves for who writes a first story."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from blog.accounts.model import Account
from blog.authors import profiles
from blog.authors.profiles import AuthorText
from blog.authors.slugs import first_free
from blog.db import Database
from blog.posts.model import Post, PostAuthor
from blog.refusals import Conflict, Invalid, NotFound

NOW = datetime(2026, 11, 20, tzinfo=UTC)
MAREN = AuthorText("Maren  Vik", "", "One.\n\nTwo.", "Bergen", (("Site", "https://maren.example.org/"),))


def account(db: Database, name: str) -> int:
    with db.transaction() as s:
        made = Account(name=name, email=f"{name}@example.org", fs_uniquifier=name, created_at=NOW)
        s.add(made)
        s.flush()
        return made.id


def test_an_author_is_kept_as_written(db: Database) -> None:
    entry = profiles.get(db, profiles.create(db, MAREN, NOW))
    assert entry.text == replace(MAREN, name="Maren Vik", slug="maren-vik") and entry.picture is None
    assert (entry.name, entry.slug) == ("Maren Vik", "maren-vik")


def test_two_of_one_name_have_two_addresses(db: Database) -> None:
    ids = [profiles.create(db, MAREN, NOW) for _ in range(2)]
    assert [profiles.get(db, i).slug for i in ids] == ["maren-vik", "maren-vik-2"]
    assert profiles.get(db, profiles.create(db, AuthorText("星"), NOW)).slug == "author"


def test_authors_are_listed_by_name(db: Database) -> None:
    for name in ("beta", "Alpha"):
        profiles.create(db, AuthorText(name), NOW)
    assert [entry.name for entry in profiles.list_all(db)] == ["Alpha", "beta"]


def test_a_changed_name_keeps_the_address_unless_another_is_given(db: Database) -> None:
    author = profiles.create(db, MAREN, NOW)
    profiles.change(db, author, AuthorText("Maren Berg"))
    assert profiles.get(db, author).slug == "maren-vik"
    profiles.change(db, author, AuthorText("Maren Berg", slug="Maren Berg"))
    assert profiles.get(db, author).slug == "maren-berg"


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (AuthorText(" "), "name"),
        (AuthorText("x" * 121), "name"),
        (replace(MAREN, biography="x" * 10_001), "biography"),
        (replace(MAREN, links=(("Bad", "javascript:alert(1)"),)), "links"),
        (replace(MAREN, links=(("", "https://a.example.org/"),)), "links"),
        (replace(MAREN, links=(("Bad", "https://["),)), "links"),
        (replace(MAREN, links=(("x", "https://a.example.org/"),) * 13), "links"),
        (replace(MAREN, image_id=77), "image_id"),
        (replace(MAREN, account_id=77), "account_id"),
    ],
)
def test_what_cannot_be_kept_is_told_by_field(db: Database, text: AuthorText, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        profiles.create(db, text, NOW)
    assert refused.value.fields.keys() == {field}
    assert profiles.list_all(db) == ()


def test_an_account_has_one_author_page_however_often_it_is_asked_for(db: Database) -> None:
    first, second = account(db, "first"), account(db, "second")
    author = profiles.for_account(db, first, "Maren", NOW)
    assert profiles.for_account(db, first, "Another name", NOW) == author
    assert profiles.for_account(db, second, "Maren", NOW) != author
    with pytest.raises(Invalid) as refused:
        profiles.create(db, AuthorText("Third", account_id=first), NOW)
    assert refused.value.fields.keys() == {"account_id"}


def test_an_author_with_stories_stays(db: Database) -> None:
    used, unused = profiles.create(db, MAREN, NOW), profiles.create(db, MAREN, NOW)
    with db.transaction() as s:
        s.add(Post(id=1, slug="x", created_at=NOW))
        s.flush()
        s.add(PostAuthor(post_id=1, author_id=used, position=0))
    with pytest.raises(Conflict):
        profiles.delete(db, used)
    profiles.delete(db, unused)
    for unknown in (unused, 0, 10**30):
        with pytest.raises(NotFound):
            profiles.delete(db, unknown)


def test_the_first_free_name_is_taken() -> None:
    assert first_free("a", set()) == "a"
    assert first_free("a", {"a", "a-2", "a-4"}) == "a-3"


def test_a_nul_is_dropped_wherever_somebody_sends_one(db: Database) -> None:
    odd = AuthorText(
        "Ma\0ren", "ma\0ren", "One.\0", "Ber\0gen", (("Si\0te", "https://maren.example.org/\0"),)
    )
    kept = profiles.get(db, profiles.create(db, odd, NOW)).text
    assert kept == AuthorText("Maren", "maren", "One.", "Bergen", (("Site", "https://maren.example.org/"),))
    with pytest.raises(Invalid):
        profiles.create(db, AuthorText("\0"), NOW)
