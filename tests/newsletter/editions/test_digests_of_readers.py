"""What each reader's choices make of the same edition: its order and the reasons, pictures, marks, several days in one."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from newsletter.delivery.marks import Mark, read_mark
from newsletter.editions import arranging
from newsletter.editions.desk import desk
from newsletter.editions.digests import Digests
from newsletter.editions.envelope import Words
from newsletter.editions.rendering import Pen
from newsletter.subscribers.tokens import Tokens
from tests.newsletter.editions.conftest import DAY, HOUR
from tests.newsletter.editions.post_office import SECRET, PostOffice, linked, marks, parts, told

SEVEN = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
SUNDAY = 1 << 6


@dataclass
class Paper:
    """Stories A (Moon, by Ada), B (Mars, by Tom) and C (Moon and Mars), newest first C B A, that have not left yet."""

    office: PostOffice
    noon: datetime

    def __post_init__(self) -> None:
        room = self.room = self.office.room
        room.begin(self.noon)
        self.moon, self.mars = room.topic("Moon"), room.topic("Mars")
        self.ada, self.tom = room.author("Ada Morrow", self.noon), room.author("Tom Lind", self.noon)
        subjects = (([self.moon], [self.ada]), ([self.mars], [self.tom]), ([self.mars, self.moon], []))
        self.posts = {
            title: room.publish(
                title, self.noon + n * HOUR, topics=topics, authors=authors, image_id=room.picture(title, self.noon)
            )
            for n, (title, (topics, authors)) in enumerate(zip(("Tides", "Dust", "Rings"), subjects, strict=True))
        }  # fmt: skip

    def reader(self, name: str, *weights: tuple[str, int, int], **choices: Any) -> int:
        reader_id = self.room.reader(f"{name}@example.org", self.noon)
        for weight in weights:
            self.office.weigh(reader_id, *weight)
        self.office.choose(reader_id, self.noon, **choices)
        return reader_id

    def order(self, reader_id: int) -> list[str]:
        """The titles as the text tells them; the HTML must tell them alike."""
        text, html = parts(self.office.mail("digest", reader_id))
        body = html.partition("<body")[2].partition("</h1>")[2]
        there = [sorted(self.posts, key=words.index) for words in (text.partition("\n---")[2], body)]
        assert there[0] == there[1]
        return there[0]


@pytest.fixture
def paper(post_office: PostOffice, noon: datetime) -> Paper:
    return Paper(post_office, noon)


def test_who_follows_a_topic_gets_it_first_and_reads_why(paper: Paper) -> None:
    plain, follower = paper.reader("ann"), paper.reader("dot", ("topic", paper.moon, 2))
    paper.room.tick(SEVEN)
    assert paper.order(plain) == ["Rings", "Dust", "Tides"]
    assert paper.order(follower) == ["Rings", "Tides", "Dust"]
    for body in parts(paper.office.mail("digest", follower)):
        assert body.count("You follow Moon") == 2
    assert "You follow" not in "".join(parts(paper.office.mail("digest", plain)))


def test_who_follows_an_author_gets_their_stories_first(paper: Paper) -> None:
    follower = paper.reader("ann", ("author", paper.ada, 2))
    paper.room.tick(SEVEN)
    assert paper.order(follower) == ["Tides", "Rings", "Dust"]
    assert "(You follow Ada Morrow.)" in parts(paper.office.mail("digest", follower))[0]


def test_more_and_less_like_this_move_stories_and_following_outweighs_both(paper: Paper) -> None:
    more = paper.reader("ann", ("author", paper.tom, 1))
    less = paper.reader("bob", ("topic", paper.mars, -1))
    both = paper.reader("dot", ("topic", paper.mars, -1), ("topic", paper.moon, 2))
    paper.room.tick(SEVEN)
    assert paper.order(more) == ["Dust", "Rings", "Tides"]
    assert "You asked for more by Tom Lind" in parts(paper.office.mail("digest", more))[0]
    assert paper.order(less) == ["Tides", "Rings", "Dust"]
    assert paper.order(both) == ["Rings", "Tides", "Dust"]


def test_the_subject_speaks_of_the_first_story_of_that_mail(paper: Paper) -> None:
    plain, follower = paper.reader("ann"), paper.reader("dot", ("author", paper.ada, 2))
    arranging.word(paper.room.db, paper.room.open().id, "The rings at last", "And dust.", "", paper.noon)
    paper.room.tick(SEVEN)
    mail, own = paper.office.mail("digest", plain), paper.office.mail("digest", follower)
    assert mail["Subject"] == "The rings at last" and "And dust." in parts(mail)[1]
    assert own["Subject"] == "Tides" and "Rings · Dust" in parts(own)[1] and "And dust." not in parts(own)[1]


def test_more_and_less_are_about_the_first_story_of_that_mail(paper: Paper) -> None:
    follower = paper.reader("dot", ("author", paper.ada, 2))
    paper.room.tick(SEVEN)
    text, _ = parts(paper.office.mail("digest", follower))
    more, less = Tokens(SECRET).tastes(follower, paper.posts["Tides"])
    at = "https://news.example.org/preferences/taste/"
    assert f"More like the first story: {at}{more}\nLess like it: {at}{less}" in text


def test_without_pictures_there_is_none_not_even_a_tiny_one(paper: Paper) -> None:
    paper.office.set(count_opens=True)
    reader = paper.reader("ann", pictures=False)
    paper.room.tick(SEVEN)
    text, html = parts(paper.office.mail("digest", reader))
    assert "<img" not in html and "/media/" not in html and "The Observatory" not in html
    assert "What Tides is about." in html and set(told(text)) == linked(html)


def test_a_plain_list_has_words_alone(paper: Paper) -> None:
    paper.office.arrange(design="plain")
    reader = paper.reader("ann")
    paper.room.tick(SEVEN)
    assert "<img" not in parts(paper.office.mail("digest", reader))[1]


def test_links_say_which_story_of_which_mail_in_which_place_for_whom(paper: Paper) -> None:
    reader = paper.reader("ann", ("author", paper.ada, 2))
    paper.room.tick(SEVEN)
    (letter,) = paper.room.letters()
    text, html = parts(paper.office.mail("digest", reader))
    order = [paper.posts[title] for title in ("Tides", "Rings", "Dust")]
    assert marks(text) == [
        Mark("digest", letter.about_id, post_id, place, reader) for place, post_id in enumerate(order, 1)
    ]
    assert set(told(text)) == linked(html)


def test_who_is_not_to_be_counted_gets_bare_links(paper: Paper) -> None:
    paper.office.set(count_opens=True)
    counted, uncounted = paper.reader("ann"), paper.reader("dot", clicks=False)
    paper.room.tick(SEVEN)
    text, html = parts(paper.office.mail("digest", uncounted))
    assert "via=" not in text + html and "/o/" not in html
    assert "https://news.example.org/2026/11/tides\n" in text
    assert "via=" in parts(paper.office.mail("digest", counted))[1]


def test_a_tiny_picture_is_there_only_where_opens_are_counted(paper: Paper) -> None:
    reader = paper.reader("ann")
    paper.room.tick(SEVEN)
    assert "/o/" not in parts(paper.office.mail("digest", reader))[1]
    paper.office.set(count_opens=True)
    (letter,) = paper.room.letters()
    (mark,) = re.findall(
        r'src="https://news\.example\.org/o/([\w-]+)\.gif"', parts(paper.office.mail("digest"))[1]
    )
    assert read_mark(SECRET, mark) == Mark("digest", letter.about_id, 0, 0, reader)


def test_a_weekly_reader_gets_all_that_gathered_in_one_mail(paper: Paper) -> None:
    weekly = paper.reader("ann", days=SUNDAY)
    paper.room.tick(SEVEN)
    paper.posts["Comets"] = paper.room.publish("Comets", SEVEN + HOUR)
    paper.room.tick(SEVEN + DAY)
    assert paper.room.letters() == []
    paper.room.tick(SEVEN + 6 * DAY)
    (letter,) = paper.room.letters()
    assert paper.order(weekly) == ["Comets", "Rings", "Dust", "Tides"]
    mail = paper.office.mail("digest", weekly)
    assert mail["Subject"] == "Comets" and mail["Date"].datetime == SEVEN + 6 * DAY
    assert {(made.edition_id, made.slot) for made in marks(parts(mail)[0])} == {
        (letter.about_id, place) for place in (1, 2, 3, 4)
    }


def test_what_is_beyond_the_most_stands_there_by_its_title_and_what_is_followed_is_told(paper: Paper) -> None:
    paper.office.arrange(most=1)
    follower = paper.reader("dot", ("author", paper.ada, 2))
    paper.room.tick(SEVEN)
    for body in parts(paper.office.mail("digest", follower)):
        assert "What Tides is about." in body and "What Rings is about." not in body
        assert "Also new" in body and "Dust" in body


class CountingPen(Pen):
    def write(self, name: str, **values: Any) -> Words:
        self.written = [*getattr(self, "written", []), name]
        return super().write(name, **values)


def test_each_variant_is_written_once_however_many_readers_it_has(paper: Paper) -> None:
    for n in range(4):
        paper.reader(f"plain{n}")
        paper.reader(f"follower{n}", ("topic", paper.moon, 2))
        paper.reader(f"bare{n}", pictures=False)
    paper.reader("uncounted", clicks=False)
    paper.room.tick(SEVEN)
    pen = CountingPen(paper.office.settings)
    paper.office.composers["digest"] = Digests(replace(desk(paper.office.settings, Tokens(SECRET)), pen=pen))
    paper.office.compose("digest")
    paper.office.compose("digest")
    assert pen.written == ["digest"] * 4, "in two orders, without pictures, and without marks"
