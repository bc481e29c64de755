"""What the owner chooses in the studio counts at once, but never over what the environment names."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from blog.accounts.people import Person
from blog.accounts.roles import RoleName
from blog.db import Database
from blog.posts import deeds
from blog.publication import changing, proving
from blog.publication.changing import MEANWHILE, Choice
from blog.publication.model import Publication
from blog.publication.reading import current
from blog.refusals import Invalid
from blog.settings import Settings, build
from tests.blog.posts.building import person

AS_IT_IS = Choice(
    site_name="Perijove", tagline="Astronomy news, pictures first", language="en", timezone="UTC", send_hour=7,
    sender_name="Perijove", reply_to="", postal_address="", social_links="", privacy_text="",
)  # fmt: skip


@pytest.fixture
def ada(db: Database) -> Person:
    return person(db, RoleName.ADMINISTRATOR, "Ada")


def test_what_differs_is_kept_and_noted_in_the_log(
    db: Database, settings: Settings, ada: Person, noon: datetime
) -> None:
    choice = replace(AS_IT_IS, site_name="  The Daily   Sky ", send_hour=5, privacy_text="One.\r\n\r\nTwo. ")
    assert changing.change(db, settings, choice, 0, ada, noon) == ("site_name", "send_hour", "privacy_text")
    now = current(db, settings)
    assert (now.site_name, now.send_hour, now.privacy_text) == ("The Daily Sky", 5, "One.\n\nTwo.")
    assert now.tagline == settings.tagline and settings.site_name == "Perijove"
    (line,) = deeds.latest(db, ada).items
    assert (line.name, line.kind, line.words) == (
        "Ada",
        "changed the settings",
        "site name, send hour, privacy text",
    )


def test_the_same_words_again_are_no_deed(
    db: Database, settings: Settings, ada: Person, noon: datetime
) -> None:
    assert changing.change(db, settings, AS_IT_IS, 0, ada, noon) == ()
    assert deeds.latest(db, ada).items == () and proving.standing(db, noon).version == 0


def test_a_page_that_was_open_meanwhile_takes_nothing_back(
    db: Database, settings: Settings, ada: Person, noon: datetime
) -> None:
    changing.change(db, settings, replace(AS_IT_IS, tagline="First"), 0, ada, noon)
    with pytest.raises(Invalid, match=MEANWHILE[:30]):
        changing.change(db, settings, replace(AS_IT_IS, site_name="Second"), 0, ada, noon)
    assert current(db, settings).tagline == "First"


def test_the_environment_has_the_last_word(db: Database, tmp_path: Path, ada: Person, noon: datetime) -> None:
    given = build(data=tmp_path, site_name="From the machine")
    choice = replace(AS_IT_IS, site_name="From the studio", tagline="Ours")
    assert changing.change(db, given, choice, 0, ada, noon) == ("tagline",)
    assert (current(db, given).site_name, current(db, given).tagline) == ("From the machine", "Ours")
    changing.change(db, build(data=tmp_path), replace(choice, tagline="Ours"), 1, ada, noon)
    assert current(db, given).site_name == "From the machine"
    assert current(db, build(data=tmp_path)).site_name == "From the studio"


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("site_name", " ", "Give it a name"),
        ("site_name", "x" * 61, "at most 60"),
        ("tagline", "x" * 121, "At most 120"),
        ("language", "English please", "language code"),
        ("timezone", "Europe/Berlni", "did you mean Europe/Berlin?"),
        ("send_hour", 24, "from 0 to 23"),
        ("sender_name", "A <b>", "Leave out"),
        ("reply_to", "nobody", "email address"),
        ("social_links", "https://bsky.app/x javascript:alert(1)", "no web address"),
        ("privacy_text", "x" * 20_001, "20,000"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field_and_changes_nothing(
    db: Database, settings: Settings, ada: Person, noon: datetime, field: str, value: object, told: str
) -> None:
    choice = replace(AS_IT_IS, postal_address="12 Orbit Lane", **{field: value})  # type: ignore[arg-type]
    with pytest.raises(Invalid) as refused:
        changing.change(db, settings, choice, 0, ada, noon)
    assert list(refused.value.fields) == [field] and told in refused.value.fields[field][0]
    assert current(db, settings) == settings


def test_a_word_that_cannot_be_used_any_more_takes_no_other_with_it(db: Database, settings: Settings) -> None:
    """Zones are given up, and rows outlive them."""
    with db.transaction() as s:
        s.add(
            Publication(
                id=1, chosen={"timezone": "Atlantis/Main", "tagline": "Kept", "gone": 1}, version=1, proven="",
                trial="", trial_code="", trial_tries=0,
            )
        )  # fmt: skip
    now = current(db, settings)
    assert (now.timezone, now.tagline) == ("UTC", "Kept")
