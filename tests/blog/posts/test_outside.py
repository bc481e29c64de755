"""Links to other sites: looked at in the background, and a finding where nothing is."""

from datetime import timedelta

import pytest

from blog.accounts.people import Person
from blog.db import Database
from blog.fetching import Fetched, Rules
from blog.posts import outside, publishing, writing
from blog.refusals import Invalid, Unavailable
from tests.blog.posts.building import MORNING, link, paragraph, picture, words, write

GOOD, GONE, SLOW = "https://good.example/a", "https://gone.example/b#part", "http://slow.example/"


class Web:
    """Other people's servers: each address with the status that it answers; 0 never answers."""

    def __init__(self, **status: int) -> None:
        self.asked: list[str] = []
        self.status = {"good": 200, "gone": 404, "slow": 0} | status

    def __call__(self, url: str, rules: Rules) -> Fetched:
        assert rules.most == 0, "only the status is wanted"
        self.asked.append(url)
        status = self.status[url.split("//")[1].split(".")[0]]
        if not status:
            raise Unavailable("slow.example took too long.")
        return Fetched(url, status, {}, b"")


@pytest.fixture
def post(db: Database, edda: Person) -> int:
    linked = [
        {"type": "paragraph", "content": [words("x", link(to))]} for to in (GOOD, GONE, SLOW, "/topics")
    ]
    return write(db, edda, "Links", paragraph("One."), *linked, lead_image=picture(db))


def found(db: Database, post: int, edda: Person) -> list[tuple[int, bool]]:
    told = writing.get(db, post, edda).findings
    return [(one.block, one.blocks) for one in told if one.field == "links"]


def test_a_dead_link_blocks_and_one_that_does_not_answer_is_told(
    db: Database, edda: Person, post: int
) -> None:
    web = Web()
    assert found(db, post, edda) == [], "nothing waits for a look"
    assert outside.look_due(db, MORNING, web) == 3
    assert sorted(web.asked) == [SLOW, "https://gone.example/b", GOOD], "without what only browsers need"
    assert found(db, post, edda) == [(3, True), (4, False)]
    with pytest.raises(Invalid) as refused:
        publishing.publish(db, post, edda, MORNING)
    assert refused.value.fields["links"] == [f"A link leads to {GONE}, where nothing is."]


def test_an_answer_stands_for_a_day_and_a_silence_for_an_hour(db: Database, edda: Person, post: int) -> None:
    outside.look_due(db, MORNING, Web())
    for later, asked in ((30, []), (61, [SLOW]), (60 * 25, [SLOW, "https://gone.example/b", GOOD])):
        web = Web(gone=200)
        outside.look_due(db, MORNING + timedelta(minutes=later), web)
        assert sorted(web.asked) == asked
    assert found(db, post, edda) == [(4, False)]


def test_a_story_that_nobody_works_on_is_left_alone(db: Database, edda: Person, post: int) -> None:
    later = MORNING + timedelta(days=3)
    assert outside.look_due(db, later, Web()) == 0
    outside.look_due(db, MORNING, Web(gone=200))
    publishing.schedule(db, post, edda, MORNING, MORNING + timedelta(days=5))
    assert outside.look_due(db, later, Web()) == 3, "it waits for its moment"


@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_whoever_will_not_talk_to_us_is_not_called_dead(
    db: Database, edda: Person, post: int, status: int
) -> None:
    outside.look_due(db, MORNING, Web(gone=status))
    assert found(db, post, edda) == [(3, False), (4, False)]


def test_so_many_links_are_looked_at_at_a_time(db: Database, edda: Person) -> None:
    many = [words("x", link(f"https://good.example/{n}")) for n in range(25)]
    write(db, edda, "Many", {"type": "paragraph", "content": many})
    assert [outside.look_due(db, MORNING, Web()) for _ in range(4)] == [10, 10, 5, 0]
