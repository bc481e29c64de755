"""The mails that are written for one person: confirmation, welcome, notice, message, test; and that a preview tells the truth."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from blog.settings import Settings
from newsletter.delivery import outbox
from newsletter.delivery.parcels import Skip
from newsletter.editions import expecting, rehearsing
from newsletter.lists import reading as lists
from newsletter.lists.model import MailingList
from newsletter.lists.planning import next_due
from newsletter.subscribers import leaving, signup
from newsletter.subscribers.origins import Origin
from newsletter.subscribers.tokens import Tokens
from newsletter.subscribers.wishes import Wishes
from tests.newsletter.editions.conftest import DAY, HOUR
from tests.newsletter.editions.post_office import OWN, SITE, PostOffice, linked, parts, told

SEVEN = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


def test_a_confirmation_says_when_the_first_one_comes(
    post_office: PostOffice, noon: datetime, tokens: Tokens
) -> None:
    signup.ask(post_office.room.db, "Reader@example.org", Origin("/"), noon, post_office.room.settings)
    message = post_office.mail("confirmation")
    text, html = parts(message)
    assert message["Subject"] == "Confirm your digest" and message["To"] == "Reader@example.org"
    assert message["Auto-Submitted"] == "auto-generated"
    assert "the first one comes tomorrow at 07:00 (UTC)" in text and "You left" not in text
    assert "If you didn't ask for this, ignore it: we won't write again." in text
    for body in (text, html):
        found = re.search(r"https://news\.example\.org/subscribe/confirm/([\w.-]+)", body)
        assert found and tokens.read_confirm(found[1], noon).at == noon


def test_who_left_once_is_told_so(post_office: PostOffice, noon: datetime) -> None:
    reader_id = post_office.room.reader("reader@example.org", noon - 300 * DAY)
    leaving.leave(post_office.room.db, reader_id, noon - 245 * DAY, settings=post_office.room.settings)
    signup.ask(post_office.room.db, "reader@example.org", Origin("/"), noon, post_office.room.settings)
    assert "You left in March. Confirm to start again." in parts(post_office.mail("confirmation"))[0]


def test_a_confirmation_that_is_no_longer_needed_is_not_sent(
    post_office: PostOffice, noon: datetime, tokens: Tokens
) -> None:
    signup.ask(post_office.room.db, "reader@example.org", Origin("/"), noon, post_office.room.settings)
    (letter,) = post_office.room.letters("confirmation")
    signup.confirm(
        post_office.room.db, tokens, tokens.confirm(letter.reader_id, noon), noon, post_office.room.settings
    )
    assert list(post_office.compose("confirmation").values()) == [Skip("confirmed already")]


def test_a_welcome_leads_to_the_last_edition_and_names_its_first_stories(
    post_office: PostOffice, noon: datetime, tokens: Tokens
) -> None:
    room = post_office.room
    room.begin(noon)
    for n, title in enumerate(("Tides", "Dust & light", "Rings", "Comets", "Withdrawn")):
        post_id = room.publish(title, noon + n * HOUR)
    room.tick(SEVEN)
    room.withdraw(post_id)
    at = SEVEN + HOUR
    signup.ask(room.db, "new@example.org", Origin("/"), at, room.settings)
    (letter,) = room.letters("confirmation")
    signup.confirm(room.db, tokens, tokens.confirm(letter.reader_id, at), at, room.settings)
    message = post_office.mail("welcome")
    text, html = parts(message)
    assert message["Subject"] == "You're in"
    for body in (text, html):
        assert "https://news.example.org/digest/2026-11-23" in body and "tomorrow at 07:00" in body
        assert message["List-Unsubscribe"].strip("<>") in body
        assert f"{SITE}/2026/11/rings" in body and "Comets" in body
        assert "Tides" not in body and "Withdrawn" not in body
    assert "* Dust & light" in text and "Dust &amp; light" in html
    assert set(told(text)) == linked(html)


def test_a_notice_says_when_the_readers_own_next_digest_leaves(
    post_office: PostOffice, noon: datetime
) -> None:
    room = post_office.room
    room.begin(noon)
    reader_id = room.reader("kiwi@example.org", noon)
    post_office.choose(reader_id, noon, days=1 << 1, timezone="Pacific/Auckland", hour=9)
    room.publish("Tides", noon)
    room.tick(SEVEN)
    signup.ask(room.db, "kiwi@example.org", Origin("/"), noon + DAY, room.settings)
    for body in parts(post_office.mail("notice")):  # It is Tuesday there already.
        assert "The next digest leaves today at 09:00 (Auckland time)" in body


def test_a_welcome_names_no_hour_at_which_nothing_could_come(
    post_office: PostOffice, noon: datetime, tokens: Tokens
) -> None:
    """Seven in Lagos is before the edition closes, so the first one comes a day later."""
    _join(post_office, tokens, noon, Wishes(timezone="Africa/Lagos"))
    for body in parts(post_office.mail("welcome")):
        assert "The next digest leaves on Tue 24 Nov at 07:00 (Lagos time)." in body


def test_who_chose_only_alerts_hears_of_no_hour(
    post_office: PostOffice, noon: datetime, tokens: Tokens
) -> None:
    with post_office.room.db.transaction() as s:
        s.add(MailingList(slug="alerts", name="Alerts", weekdays=0, created_at=noon))
    _join(post_office, tokens, noon, Wishes(lists=("alerts",)))
    for body in parts(post_office.mail("welcome")):
        assert "Each story comes as soon as it is out." in body and "The next digest leaves" not in body


def _join(post_office: PostOffice, tokens: Tokens, at: datetime, wishes: Wishes) -> None:
    room = post_office.room
    room.begin(at)
    signup.ask(room.db, "new@example.org", Origin("/"), at, room.settings, wishes=wishes)
    assert ("each story" if wishes.lists else "first one") in parts(post_office.mail("confirmation"))[0]
    signup.confirm(room.db, tokens, tokens.confirm(1, at), at, room.settings)


def test_the_first_welcome_leads_to_the_news(post_office: PostOffice, noon: datetime, tokens: Tokens) -> None:
    signup.ask(post_office.room.db, "new@example.org", Origin("/"), noon, post_office.room.settings)
    (letter,) = post_office.room.letters("confirmation")
    signup.confirm(
        post_office.room.db, tokens, tokens.confirm(letter.reader_id, noon), noon, post_office.room.settings
    )
    assert "https://news.example.org/news" in parts(post_office.mail("welcome"))[0]


def test_a_notice_says_that_there_is_nothing_to_do(post_office: PostOffice, noon: datetime) -> None:
    post_office.room.reader("reader@example.org", noon)
    signup.ask(post_office.room.db, "reader@example.org", Origin("/"), noon + DAY, post_office.room.settings)
    message = post_office.mail("notice")
    assert message["Subject"] == "You're already on the list"
    text, html = parts(message)
    assert "there's nothing to do" in text and message["Auto-Submitted"] == "auto-generated"
    assert "Change days or topics" in text and "Change days or topics" in html
    assert set(told(text)) == linked(html)


def test_a_message_carries_the_words_it_was_given(post_office: PostOffice, noon: datetime) -> None:
    payload = {
        "subject": "Choose a password",
        "text": "Hello <you>.\n\nOpen https://news.example.org/reset/abc now.",
    }
    with post_office.room.db.transaction() as s:
        outbox.put(s, "message", 1, 1, "ed@example.org", noon, payload=payload)
    message = post_office.mail("message")
    text, html = parts(message)
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
    text, html = parts(message)
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
    text, _ = parts(post_office.mail("digest"))
    own = ("Read on the web", "Unsubscribe:", "Days, topics")
    told, shown = (
        _squeezed([OWN.sub("", line) for line in words.splitlines() if not line.startswith(own)])
        for words in (text, words.text)
    )
    assert told == shown


def test_a_preview_keeps_to_the_lists_design_and_length(post_office: PostOffice, noon: datetime) -> None:
    room = post_office.room
    room.begin(noon)
    for n in range(3):
        room.publish(f"Story {n}", noon, image_id=room.picture(f"k{n}", noon))
    assert rehearsing.preview(room.db, SEVEN, room.settings).html.count("<img") == 3
    post_office.arrange(most=2)
    words = rehearsing.preview(room.db, SEVEN, room.settings)
    assert words.html.count("<img") == 2 == words.text.count("What Story") and "Also new" in words.text
    post_office.arrange(design="plain")
    assert "<img" not in rehearsing.preview(room.db, SEVEN, room.settings).html


def test_the_time_is_said_as_people_say_it(settings: Settings) -> None:
    lagos = settings.model_copy(update={"timezone": "Africa/Lagos"})
    rhythm = lists.rhythm(None, lagos)
    for at, words in (
        (datetime(2026, 11, 22, 5, 0, tzinfo=UTC), "today at 07:00 (Lagos time)"),
        (datetime(2026, 11, 22, 12, 0, tzinfo=UTC), "tomorrow at 07:00 (Lagos time)"),
    ):
        due = next_due(at, rhythm.zone, rhythm.hour)
        assert expecting.time_words(due.due_at, at, rhythm.zone) == words
    later = next_due(SEVEN + 3 * DAY, rhythm.zone, rhythm.hour)
    assert expecting.time_words(later.due_at, SEVEN, rhythm.zone) == "on Fri 27 Nov at 07:00 (Lagos time)"


def _squeezed(lines: Iterable[str]) -> list[str]:
    """Without a second empty line in a row."""
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return kept
