"""The digest as it stands in every reader's mail box: headers, links, pictures, size."""

import re
from datetime import UTC, datetime

import pytest

from newsletter.delivery.model import LetterId
from newsletter.delivery.parcels import Parcel, Skip, read_message_id
from newsletter.delivery.paths import read_return_path
from newsletter.editions import arranging, compiling, specials
from newsletter.editions.rehearsing import weigh
from newsletter.lists import keeping
from newsletter.lists.keeping import ListWords
from newsletter.subscribers import leaving, serving
from newsletter.subscribers.model import Subscriber
from newsletter.subscribers.tokens import Tokens
from tests.newsletter.editions.conftest import DAY, HOUR
from tests.newsletter.editions.post_office import (
    OWN,
    SECRET,
    SITE,
    PostOffice,
    linked,
    parts,
    read,
    tokens_in,
    told,
)

SEVEN = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


@pytest.fixture
def digest(post_office: PostOffice, noon: datetime) -> PostOffice:
    """One edition with twelve stories about the planets and a note, closed for Ann, Bob and Dot."""
    room = post_office.room
    room.begin(noon)
    for name in ("ann", "bob", "dot"):
        room.reader(f"{name}@example.org", noon)
    planets = room.topic("Planets")
    for n in range(12):
        image_id = room.picture(f"k{n}", noon, alt=f"Planet {n} & rings") if n % 2 else None
        room.publish(f"Story <{n}> & more", noon + n * HOUR / 2, image_id=image_id, topics=[planets])
    arranging.word(room.db, room.open().id, "", "", "Look up <tonight>.\n\nThe Moon is out.", noon)
    room.tick(SEVEN)
    return post_office


def test_every_reader_gets_the_same_edition_with_their_own_links_alone(
    digest: PostOffice, tokens: Tokens
) -> None:
    composed = digest.compose("digest")
    bodies, held = set(), list[set[str]]()
    for letter in digest.room.letters():
        parcel = composed[LetterId(letter.id)]
        assert isinstance(parcel, Parcel)
        assert (parcel.sender, parcel.recipient) == ("digest@news.example.org", letter.address)
        message = read(parcel)
        leave = message["List-Unsubscribe"].strip("<>")
        claim = tokens.read_leave(leave.rsplit("/", 1)[1])
        assert (claim.subscriber_id, claim.edition_id) == (letter.reader_id, letter.about_id)
        text, html = parts(message)
        assert text.count(leave) == 1 and html.count(leave) == 1
        bodies.add(OWN.sub("", text + html))
        held.append(tokens_in(text + html + message["List-Unsubscribe"]))
        assert len(held[-1]) == 4
    assert len(bodies) == 1 and len(set.union(*held)) == sum(map(len, held)) == 12


def test_each_link_of_a_mail_is_about_its_reader_and_its_first_story(
    digest: PostOffice, tokens: Tokens
) -> None:
    letter = digest.room.letters()[1]
    text, _ = parts(digest.mail("digest", letter.reader_id))
    manage = tokens.read_manage(re.findall(r"/preferences/([\w.-]+)\n", text)[0])
    assert (manage.subscriber_id, manage.edition_id) == (letter.reader_id, letter.about_id)
    more, less = map(tokens.read_taste, re.findall(r"/preferences/taste/([\w.-]+)", text))
    assert (more.subscriber_id, more.post_id, more.more) == (letter.reader_id, 12, True)
    assert (less.subscriber_id, less.post_id, less.more) == (letter.reader_id, 12, False)


def test_a_digest_has_every_header_and_a_stable_date(digest: PostOffice) -> None:
    message = digest.mail("digest")
    assert message["Subject"] == "Story <11> & more"
    assert message["Date"].datetime == SEVEN
    named, _, host = message["Message-ID"].rpartition("@")
    assert named.startswith(f"<3.{int(SEVEN.timestamp())}.digest.") and host == "news.example.org>"
    assert read_message_id(message["Message-ID"], SECRET) == 3
    assert message["List-Id"] == "Daily digest <daily.news.example.org>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Auto-Submitted" not in message


def test_ten_stories_are_told_and_the_rest_named(digest: PostOffice) -> None:
    text, html = parts(digest.mail("digest"))
    assert html.count("What Story") == 10 == text.count("What Story")
    for n in range(12):
        assert f"Story &lt;{n}&gt; &amp; more" in html and f"Story <{n}> & more" in text
    assert "Also new" in html and "Look up &lt;tonight&gt;." in html
    assert "12 Orbit Lane" in text and "12 Orbit Lane" in html


def test_text_and_html_have_the_same_links(digest: PostOffice) -> None:
    text, html = parts(digest.mail("digest"))
    assert set(told(text)) == linked(html)
    assert all(url.startswith(f"{SITE}/") for url in linked(html))
    assert "{" not in text and "<p" not in text and "\n\n\n" not in text, (
        "the text part is written, not stripped"
    )


def test_every_picture_has_alt_size_and_credit_and_is_ours(digest: PostOffice) -> None:
    _, html = parts(digest.mail("digest"))
    images = re.findall(r"<img[^>]+>", html)
    assert len(images) == 5
    for image in images:
        assert 'alt="Planet' in image and 'width="' in image and 'height="' in image
        assert 'src="https://news.example.org/media/k' in image
    assert 'width="552" height="345"' in images[0] and "960.jpg" in images[0]
    assert html.count("The Observatory (CC BY 4.0)") == 5


def test_a_digest_is_small_and_keeps_only_its_dark_and_narrow_rules(digest: PostOffice) -> None:
    parcel = next(iter(digest.compose("digest").values()))
    assert isinstance(parcel, Parcel)
    _, html = parts(read(parcel))
    assert weigh(html) < 60_000
    style = re.search(r"<style>(.*?)</style>", html, re.S)
    assert style and style[1].count("@media") == 2 and len(style[1]) < 8_000
    assert "prefers-color-scheme:dark" in style[1].replace(" ", "")
    assert "<script" not in html and "<link" not in html


def test_who_left_before_the_letter_did_gets_none(digest: PostOffice) -> None:
    ann, *others = digest.room.letters()
    leaving.leave(digest.room.db, ann.reader_id, SEVEN, settings=digest.settings)
    composed = digest.parcels("digest")
    assert composed[ann.reader_id] == Skip("left the list")
    assert all(isinstance(composed[letter.reader_id], Parcel) for letter in others)


def test_the_shared_parts_are_written_once(digest: PostOffice) -> None:
    first = digest.messages("digest")
    with digest.room.db.transaction() as s:
        s.connection().exec_driver_sql("UPDATE edition_post SET title = 'changed'")
    assert digest.messages("digest") == first


def test_without_a_bounce_address_a_letter_comes_back_to_the_sender_and_with_one_it_says_which_it_was(
    digest: PostOffice,
) -> None:
    digest.set(bounce_address="bounces@mail.example.org")
    for letter_id, parcel in digest.compose("digest").items():
        assert isinstance(parcel, Parcel) and parcel.sender.endswith("@mail.example.org")
        assert read_return_path(parcel.sender, "bounces@mail.example.org", SECRET) == letter_id
        assert read(parcel)["From"] == "Perijove <digest@news.example.org>"


def test_a_list_of_its_own_has_its_own_sender_name_and_address(
    post_office: PostOffice, noon: datetime
) -> None:
    room = post_office.room
    room.begin(noon)
    words = ListWords("Best, of the week", sender="The Week <week@best.example.net>", design="plain")
    list_id = keeping.add(room.db, words, noon)
    reader_id = room.reader("ann@example.org", noon)
    with room.db.transaction() as s:
        reader = s.get_one(Subscriber, reader_id)
        serving.subscribe(s, reader, list_id, noon, room.settings)
        serving.unsubscribe(s, reader_id, 1)
    room.publish("Tides", noon, image_id=room.picture("tides", noon))
    room.tick(noon)
    room.tick(SEVEN)
    parcel = post_office.parcels("digest")[reader_id]
    assert isinstance(parcel, Parcel) and parcel.sender == "week@best.example.net"
    message = read(parcel)
    text, html = parts(message)
    assert message["From"] == "The Week <week@best.example.net>"
    assert message["List-Id"] == '"Best, of the week" <best-of-the-week.news.example.org>'
    assert message["Message-ID"].endswith("@best.example.net>")
    assert f"{SITE}/digest/best-of-the-week/2026-11-23" in told(text)
    assert "because you asked for Best, of the week" in text and "<img" not in html


def test_a_special_edition_may_be_a_note_alone(post_office: PostOffice, noon: datetime) -> None:
    room = post_office.room
    room.begin(noon)
    reader_id = room.reader("ann@example.org", noon)
    special = specials.make(room.db, room.open().list_id, "We move house", noon, room.settings)
    arranging.word(room.db, special, "We move house", "", "From Monday on.\n\nAll links stay.", noon)
    compiling.send_now(room.db, noon + HOUR, room.settings, special)
    message = post_office.mail("digest", reader_id)
    text, html = parts(message)
    assert message["Subject"] == "We move house"
    for body in (text, html):
        assert "From Monday on." in body and "All links stay." in body
        assert "More like" not in body and "/taste/" not in body and "Also new" not in body
    assert set(told(text)) == linked(html)


def test_what_was_withdrawn_since_is_left_out_and_without_a_story_no_mail_leaves(digest: PostOffice) -> None:
    room = digest.room
    for post_id in range(12, 2, -1):
        room.withdraw(post_id)
    message = digest.mail("digest")
    text, html = parts(message)
    assert message["Subject"] == "Story <1> & more", "the words of the edition spoke of what is gone"
    assert "Story <0>" in text and "Story <2>" not in text and "Story &lt;2&gt;" not in html
    room.withdraw(1)
    room.withdraw(2)
    assert set(digest.compose("digest").values()) == {Skip("its stories were withdrawn")}


def test_a_mail_of_a_hundred_stories_names_sixty_and_counts_the_rest(
    post_office: PostOffice, noon: datetime
) -> None:
    room = post_office.room
    room.begin(noon)
    room.reader("ann@example.org", noon)
    post_office.arrange(most=3)
    for n in range(65):
        room.publish(f"Story number {n} with a title of usual length", noon)
    room.tick(SEVEN)
    text, html = parts(post_office.mail("digest"))
    assert text.count("What Story number") == 3 == html.count("What Story number")
    for body in (text, html):
        named = body.partition("Also new")[2]
        assert named.count("Story number") == 60 and "And 2 stories more" in named
    assert weigh(html) < 100_000 and set(told(text)) == linked(html)


def test_an_edition_of_the_day_after_has_its_own_page(digest: PostOffice) -> None:
    digest.room.publish("Tides", SEVEN)
    digest.room.tick(SEVEN + DAY)
    assert f"{SITE}/digest/2026-11-24" in told(parts(digest.mail("digest"))[0])
