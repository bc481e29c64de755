"""The announcement, and where signposts lead."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert

from blog.db import Database
from blog.refusals import Conflict, Invalid
from blog.signs import announcing, signposts
from blog.signs.announcing import Notice, find_announcement
from blog.signs.model import Signpost
from blog.signs.signposts import Sign


def test_one_announcement_stands_until_its_time_or_until_it_is_taken_down(
    db: Database, noon: datetime
) -> None:
    later = noon + timedelta(hours=1)
    announcing.announce(db, "First", "", None, noon)
    announcing.announce(db, " A  live\0 eclipse ", "/sky", later, noon)
    assert (kept := find_announcement(db)) == Notice("A live eclipse", "/sky", later)
    assert kept and kept.is_shown(noon) and not kept.is_shown(later)
    announcing.announce(db, "", "", None, noon)
    announcing.announce(db, "", "", None, noon)
    assert find_announcement(db) is None


@pytest.mark.parametrize(
    ("words", "link", "hours", "field"),
    [("x" * 201, "", 1, "words"), ("x", "javascript:x", 1, "link"), ("x", "example.org", 1, "link"), ("x", "", -1, "until")],
)  # fmt: skip
def test_an_announcement_that_cannot_stand_is_refused(
    db: Database, noon: datetime, words: str, link: str, hours: int, field: str
) -> None:
    with pytest.raises(Invalid) as told:
        announcing.announce(db, words, link, noon + timedelta(hours=hours), noon)
    assert list(told.value.fields) == [field]
    assert find_announcement(db) is None


def test_a_signpost_is_put_up_turned_and_taken_away(db: Database, noon: datetime) -> None:
    signposts.put_up(db, "/old/story/", "/news", noon)
    signposts.put_up(db, "/s%C3%BCd", "https://example.org/x?y=1", noon)
    signposts.put_up(db, "/old/story", "/pictures", noon)
    assert signposts.signs(db) == (Sign("/old/story", "/pictures"), Sign("/süd", "https://example.org/x?y=1"))
    assert signposts.find_target(db, "/old/story/") == "/pictures" and not signposts.find_target(db, "/\0")
    signposts.take_away(db, "/old/story")
    signposts.take_away(db, "/nothing")
    assert signposts.find_target(db, "/old/story") is None


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("old", "/news"), ("//evil.example", "/news"), ("/a?b=1", "/news"), ("/studio/x", "/news"), ("/" + "x" * 200, "/news"),
        ("/a", "mailto:a@example.org"), ("/a", "//evil.example"), ("/a", "javascript:x"), ("/a", "#x"), ("/a", ""), ("/a", "/a/"), ("", "/"),
    ],
)  # fmt: skip
def test_a_signpost_that_cannot_stand_is_refused(
    db: Database, noon: datetime, path: str, target: str
) -> None:
    with pytest.raises(Invalid):
        signposts.put_up(db, path, target, noon)
    assert signposts.signs(db) == ()


def test_signposts_never_lead_in_a_circle(db: Database, noon: datetime) -> None:
    signposts.put_up(db, "/a", "/b?x=1", noon)
    signposts.put_up(db, "/b", "/c", noon)
    with pytest.raises(Invalid, match="circle"):
        signposts.put_up(db, "/c", "/a", noon)


def test_where_no_more_signposts_fit_those_that_stand_can_still_be_turned(
    db: Database, noon: datetime
) -> None:
    with db.transaction() as s:
        rows = [{"path": f"/{n}", "target": "/news", "created_at": noon} for n in range(signposts.MOST)]
        s.execute(insert(Signpost), rows)
    signposts.put_up(db, "/7", "/pictures", noon)
    assert signposts.find_target(db, "/7") == "/pictures"
    with pytest.raises(Conflict):
        signposts.put_up(db, "/new", "/pictures", noon)


@pytest.mark.parametrize(
    "target", ["/caf%C3%A9", "https://sky.example.org/café", "http://SKY.example.org/caf%C3%A9/", "/old"]
)
def test_a_circle_is_seen_however_its_address_is_written(db: Database, noon: datetime, target: str) -> None:
    signposts.put_up(db, "/old", "https://sky.example.org/caf%C3%A9", noon, "https://sky.example.org")
    with pytest.raises(Invalid):
        signposts.put_up(db, "/café", target, noon, "https://sky.example.org")
    signposts.put_up(db, "/café", "https://elsewhere.example.org/café", noon, "https://sky.example.org")
