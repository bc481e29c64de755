import email
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage

import pytest

from blog.settings import Settings
from newsletter.delivery import outbox
from newsletter.delivery.model import Letter, LetterId
from newsletter.delivery.parcels import LetterView, Parcel, Skip
from newsletter.editions import arranging, composing, rehearsing
from newsletter.editions.planning import next_due
from newsletter.subscribers import leaving, signup
from newsletter.subscribers.tokens import Tokens
from tests.newsletter.editions.conftest import DAY, HOUR, Newsroom

SEVEN = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


@pytest.fixture
def tokens() -> Tokens:
    return Tokens("a-key-for-tests-only")


@pytest.fixture
def post_office(newsroom: Newsroom, tokens: Tokens) -> "PostOffice":
    newsroom.settings = newsroom.settings.model_copy(
        update={
            "site_url": "https://news.example.org",
            "postal_address": "12 Orbit Lane",
            "sender": "Perijove <digest@news.example.org>",
        }
    )
    return PostOffice(newsroom, tokens)


class PostOffice:
    def __init__(self, newsroom: Newsroom, tokens: Tokens) -> None:
        self.room, self.composers = newsroom, composing.composers(newsroom.settings, tokens)

    def compose(self, kind: str) -> dict[LetterId, Parcel | Skip]:
        letters = [_view(letter) for letter in self.room.letters(kind)]
        with self.room.db.reading() as s:
            return dict(self.composers[kind](s, letters))

    def mail(self, kind: str) -> EmailMessage:
        *_, last = self.compose(kind).values()
        assert isinstance(last, Parcel)
        return _read(last)


@pytest.fixture
def digest(post_office: PostOffice, noon: datetime) -> PostOffice:
    """One edition with twelve stories and a note, closed for Ann and Dot."""
    room = post_office.room
    room.begin(noon)
    for address in ("ann@example.org", "dot@example.org"):
        room.reader(address, noon)
    for n in range(12):
        image_id = room.picture(f"k{n}", noon, alt=f"Planet {n} & rings") if n % 2 else None
        room.publish(f"Story <{n}> & more", noon + n * HOUR / 2, image_id=image_id)
    arranging.word(room.db, room.open().id, "", "", "Look up <tonight>.\n\nThe Moon is out.")
    room.tick(SEVEN)
    return post_office


def test_every_reader_gets_the_same_edition_with_their_own_link(digest: PostOffice, tokens: Tokens) -> None:
    composed = digest.compose("digest")
    bodies, leaves = set(), set()
    for letter in digest.room.letters():
        parcel = composed[LetterId(letter.id)]
        assert isinstance(parcel, Parcel)
        assert (parcel.sender, parcel.recipient) == ("digest@news.example.org", letter.address)
        message = _read(parcel)
        leave = message["List-Unsubscribe"].strip("<>")
        claim = tokens.read_leave(leave.rsplit("/", 1)[1])
        assert (claim.subscriber_id, claim.edition_id) == (letter.reader_id, letter.about_id)
        text, html = _parts(message)
        assert text.count(leave) == 1 and html.count(leave) == 1
        bodies.add((text + html).replace(leave, ""))
        leaves.add(leave)
    assert len(bodies) == 1 and len(leaves) == 2


def test_a_digest_has_every_header_and_a_stable_date(digest: PostOffice) -> None:
    message = digest.mail("digest")
    assert message["Subject"] == "Story <11> & more"
    assert message["Date"].datetime == SEVEN
    assert message["Message-ID"] == f"<2.{int(SEVEN.timestamp())}.digest@news.example.org>"
    assert message["List-Id"] == "Daily digest <daily.news.example.org>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Auto-Submitted" not in message


def test_ten_stories_are_told_and_the_rest_named(digest: PostOffice) -> None:
    text, html = _parts(digest.mail("digest"))
    assert html.count("What Story") == 10 == text.count("What Story")
    for n in range(12):
        assert f"Story &lt;{n}&gt; &amp; more" in html and f"Story <{n}> & more" in text
    assert (
        "Also new" in html
        and "Look up &lt;tonight&gt;." in html
        and "12 Orbit Lane" in text
        and "12 Orbit Lane" in html
    )


def test_text_and_html_have_the_same_links(digest: PostOffice) -> None:
    text, html = _parts(digest.mail("digest"))
    told = set(re.findall(r"https://\S+", text))
    linked = set(re.findall(r'href="([^"]+)"', html)) - {"https://news.example.org/"}
    assert told == linked
    assert all(url.startswith("https://news.example.org/") for url in linked)


def test_every_picture_has_alt_size_and_credit_and_is_ours(digest: PostOffice) -> None:
    _, html = _parts(digest.mail("digest"))
    images = re.findall(r"<img[^>]+>", html)
    assert len(images) == 5
    for image in images:
        assert 'alt="Planet' in image and 'width="' in image and 'height="' in image
        assert 'src="https://news.example.org/media/k' in image
    assert 'width="552" height="345"' in images[0] and "960.jpg" in images[0]
    assert html.count("The Observatory (CC BY 4.0)") == 5


def test_a_digest_is_small_and_keeps_only_its_dark_and_narrow_rules(digest: PostOffice) -> None:
    parcel = next(iter(digest.compose("digest").values()))
    assert isinstance(parcel, Parcel) and len(parcel.message) < 60_000
    _, html = _parts(_read(parcel))
    style = re.search(r"<style>(.*?)</style>", html, re.S)
    assert style and style[1].count("@media") == 2 and len(style[1]) < 8_000
    assert "prefers-color-scheme:dark" in style[1].replace(" ", "")
    assert "<script" not in html and "<link" not in html


def test_who_left_before_the_letter_did_gets_none(digest: PostOffice) -> None:
    ann = digest.room.letters()[0]
    leaving.leave(digest.room.db, ann.reader_id, SEVEN)
    composed = list(digest.compose("digest").values())
    assert composed[0] == Skip("left the list") and isinstance(composed[1], Parcel)


def test_the_shared_parts_are_written_once(digest: PostOffice) -> None:
    first = digest.compose("digest")
    with digest.room.db.transaction() as s:
        s.connection().exec_driver_sql("UPDATE edition_post SET title = 'changed'")
    assert digest.compose("digest") == first


def test_a_confirmation_says_when_the_first_one_comes(
    post_office: PostOffice, noon: datetime, tokens: Tokens
) -> None:
    signup.ask(post_office.room.db, "Reader@example.org", "/", noon)
    message = post_office.mail("confirmation")
    text, html = _parts(message)
    assert message["Subject"] == "Confirm your digest" and message["To"] == "Reader@example.org"
    assert message["Auto-Submitted"] == "auto-generated"
    assert "the first one comes tomorrow at 07:00 (UTC)" in text and "You left" not in text
    assert "If you didn't ask for this, ignore it: we won't write again." in text
    for body in (text, html):
        found = re.search(r"https://news\.example\.org/subscribe/confirm/([\w.-]+)", body)
        assert found and tokens.read_confirm(found[1], noon).at == noon


def test_who_left_once_is_told_so(post_office: PostOffice, noon: datetime) -> None:
    reader_id = post_office.room.reader("reader@example.org", noon - 300 * DAY)
    leaving.leave(post_office.room.db, reader_id, noon - 245 * DAY)
    signup.ask(post_office.room.db, "reader@example.org", "/", noon)
    assert "You left in March. Confirm to start again." in _parts(post_office.mail("confirmation"))[0]


def test_a_confirmation_that_is_no_longer_needed_is_not_sent(
    post_office: PostOffice, noon: datetime, tokens: Tokens
) -> None:
    signup.ask(post_office.room.db, "reader@example.org", "/", noon)
    (letter,) = post_office.room.letters("confirmation")
    signup.confirm(post_office.room.db, tokens, tokens.confirm(letter.reader_id, noon), noon)
    assert list(post_office.compose("confirmation").values()) == [Skip("confirmed already")]


def test_a_welcome_leads_to_the_last_edition(digest: PostOffice, tokens: Tokens) -> None:
    at = SEVEN + HOUR
    signup.ask(digest.room.db, "new@example.org", "/", at)
    (letter,) = digest.room.letters("confirmation")
    signup.confirm(digest.room.db, tokens, tokens.confirm(letter.reader_id, at), at)
    message = digest.mail("welcome")
    text, html = _parts(message)
    assert message["Subject"] == "You're in"
    for body in (text, html):
        assert "https://news.example.org/digest/2026-11-23" in body and "tomorrow at 07:00" in body
        assert message["List-Unsubscribe"].strip("<>") in body


def test_the_first_welcome_leads_to_the_news(post_office: PostOffice, noon: datetime, tokens: Tokens) -> None:
    signup.ask(post_office.room.db, "new@example.org", "/", noon)
    (letter,) = post_office.room.letters("confirmation")
    signup.confirm(post_office.room.db, tokens, tokens.confirm(letter.reader_id, noon), noon)
    assert "https://news.example.org/news" in _parts(post_office.mail("welcome"))[0]


def test_a_notice_says_that_there_is_nothing_to_do(post_office: PostOffice, noon: datetime) -> None:
    post_office.room.reader("reader@example.org", noon)
    signup.ask(post_office.room.db, "reader@example.org", "/", noon + DAY)
    message = post_office.mail("notice")
    assert message["Subject"] == "You're already on the list"
    assert "there's nothing to do" in _parts(message)[0] and message["Auto-Submitted"] == "auto-generated"


def test_a_message_carries_the_words_it_was_given(post_office: PostOffice, noon: datetime) -> None:
    payload = {
        "subject": "Choose a password",
        "text": "Hello <you>.\n\nOpen https://news.example.org/reset/abc now.",
    }
    with post_office.room.db.transaction() as s:
        outbox.put(s, "message", 1, 1, "ed@example.org", noon, payload=payload)
    message = post_office.mail("message")
    text, html = _parts(message)
    assert message["Subject"] == "Choose a password" and "List-Unsubscribe" not in message
    assert payload["text"] in text
    assert "Hello &lt;you&gt;." in html and 'href="https://news.example.org/reset/abc"' in html


def test_a_test_mail_shows_the_coming_edition_and_its_links_do_nothing(
    post_office: PostOffice, noon: datetime
) -> None:
    room = post_office.room
    room.begin(noon)
    room.publish("Tides", noon)
    assert rehearsing.send_test(room.db, " Ed@Example.org ", noon + HOUR, room.settings) == "Ed@example.org"
    rehearsing.send_test(room.db, "ed@example.org", noon + 2 * HOUR, room.settings)
    assert len(room.letters("test")) == 2
    message = post_office.mail("test")
    assert message["Subject"] == "Test: Tides" and "List-Unsubscribe" not in message
    text, html = _parts(message)
    assert (
        "https://news.example.org/unsubscribe/test" in text
        and "https://news.example.org/unsubscribe/test" in html
    )
    assert room.open().closed_at is None and room.letters() == []


def test_a_preview_is_what_the_letters_will_say(post_office: PostOffice, noon: datetime) -> None:
    room = post_office.room
    room.begin(noon)
    room.reader("ann@example.org", noon)
    room.publish("Tides", noon)
    words = rehearsing.preview(room.db, SEVEN, room.settings)
    room.tick(SEVEN)
    text, _ = _parts(post_office.mail("digest"))
    told = [line for line in text.splitlines() if not line.startswith(("Read on the web", "Unsubscribe:"))]
    assert [line for line in words.text.splitlines() if not line.startswith("Unsubscribe:")] == _squeezed(
        told
    )


def test_the_time_is_said_as_people_say_it(settings: Settings) -> None:
    lagos = settings.model_copy(update={"timezone": "Africa/Lagos"})
    rhythm = composing.lists.rhythm(None, lagos)
    for at, words in (
        (datetime(2026, 11, 22, 5, 0, tzinfo=UTC), "today at 07:00 (Lagos time)"),
        (datetime(2026, 11, 22, 12, 0, tzinfo=UTC), "tomorrow at 07:00 (Lagos time)"),
    ):
        assert composing.time_words(next_due(at, rhythm.zone, rhythm.hour), at, rhythm) == words
    later = next_due(SEVEN + 3 * DAY, rhythm.zone, rhythm.hour)
    assert composing.time_words(later, SEVEN, rhythm) == "on Fri 27 Nov at 07:00 (Lagos time)"


def _view(letter: Letter) -> LetterView:
    return LetterView(
        LetterId(letter.id), letter.kind, letter.about_id, letter.reader_id, letter.address, letter.payload, letter.created_at
    )  # fmt: skip


def _read(parcel: Parcel) -> EmailMessage:
    message = email.message_from_bytes(parcel.message, policy=policy.default)
    assert isinstance(message, EmailMessage) and not message.defects
    assert max(map(len, parcel.message.split(b"\r\n"))) <= 998 and parcel.message.isascii()
    return message


def _parts(message: EmailMessage) -> tuple[str, str]:
    text, html = (part.get_content().replace("\r\n", "\n") for part in message.iter_parts())  # type: ignore[attr-defined]
    return text, html


def _squeezed(lines: Iterable[str]) -> list[str]:
    """Without a second empty line in a row."""
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return kept
