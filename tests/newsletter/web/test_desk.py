"""The digest composer, sending ahead of the hour, and how an edition goes out."""

from datetime import timedelta

import pytest

from blog.accounts.roles import RoleName
from newsletter.delivery import pausing
from newsletter.delivery.model import Letter, LetterState
from newsletter.editions import arranging
from newsletter.editions.arranging import Coming
from newsletter.editions.model import EditionState
from tests.blog.web.staff import Client, Studio
from tests.conftest import NOON
from tests.newsletter.editions.conftest import Newsroom
from tests.newsletter.web.conftest import Hands


@pytest.fixture
def editor(studio: Studio) -> Client:
    return studio.as_a(RoleName.EDITOR)


@pytest.fixture
def open_edition(newsroom: Newsroom, hands: Hands) -> int:
    """Three stories, the newest is number 3, and one reader; it leaves tomorrow at 07:00. Its id."""
    newsroom.begin(NOON)
    for number in (1, 2, 3):
        newsroom.publish(f"Story {number}", NOON + timedelta(minutes=number))
    newsroom.reader("ann@example.org", NOON)
    hands.move(hours=1)
    return newsroom.open().id


def coming(newsroom: Newsroom, hands: Hands) -> Coming:
    return arranging.coming(newsroom.db, hands.at, newsroom.settings)


def titles(newsroom: Newsroom, hands: Hands) -> list[str]:
    return [story.title for story in coming(newsroom, hands).stories]


def test_the_composer_says_when_what_and_to_how_many(editor: Client, open_edition: int) -> None:
    page = editor.get("/studio/digest").text
    assert "Mon 23 Nov at 07:00 (UTC) · 1 reader" in page
    assert 'placeholder="Story 3"' in page and "7/60" in page
    assert " KB of 100 KB" in page and 'sandbox="allow-popups' in page
    assert page.index("Story 3</a>") < page.index("Story 2</a>") < page.index("Story 1</a>")


def test_stories_are_arranged_by_plain_forms(
    editor: Client, open_edition: int, newsroom: Newsroom, hands: Hands
) -> None:
    def do(post_id: int, deed: str) -> list[str]:
        answer = editor.post(f"/studio/digest/{open_edition}/stories/{post_id}/{deed}")
        assert answer.status_code == 302 and answer.location.endswith(f"/studio/digest#story-{post_id}")
        return titles(newsroom, hands)

    assert do(1, "pin") == ["Story 1", "Story 3", "Story 2"]
    assert do(2, "up") == ["Story 1", "Story 2", "Story 3"]
    assert do(2, "down") == ["Story 1", "Story 3", "Story 2"]
    assert do(1, "unpin") == ["Story 3", "Story 2", "Story 1"]
    assert do(3, "removal") == ["Story 2", "Story 1"]
    assert "Put back" in editor.get("/studio/digest").text
    assert sorted(do(3, "return")) == ["Story 1", "Story 2", "Story 3"]


def test_a_story_gets_another_title_in_the_mail(
    editor: Client, open_edition: int, newsroom: Newsroom, hands: Hands
) -> None:
    editor.post(f"/studio/digest/{open_edition}/stories/2/title", {"title": "Better"})
    assert "Better" in titles(newsroom, hands)
    assert "on the site: “Story 2”" in editor.get("/studio/digest").text


def test_words_of_the_edition_are_kept(
    editor: Client, open_edition: int, newsroom: Newsroom, hands: Hands
) -> None:
    said = {"subject": "Three tales", "preheader": "And one moon", "note": "Good morning."}
    assert editor.post(f"/studio/digest/{open_edition}/words", said).status_code == 302
    now = coming(newsroom, hands)
    assert (now.subject, now.preheader, now.note) == ("Three tales", "And one moon", "Good morning.")
    too_long = editor.post(f"/studio/digest/{open_edition}/words", {**said, "subject": "x" * 201})
    assert too_long.status_code == 422


def test_what_has_left_cannot_be_arranged(editor: Client, gone_out: int) -> None:
    answer = editor.post(f"/studio/digest/{gone_out}/stories/1/pin")
    assert answer.status_code == 302
    assert "That edition has left; the next one is open." in editor.get("/studio/digest").text


@pytest.mark.parametrize("view", ["desktop", "phone", "dark", "bare", "nonsense"])
def test_the_preview_can_do_nothing_but_be_seen(editor: Client, open_edition: int, view: str) -> None:
    page = editor.get(f"/studio/digest/preview?view={view}")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "sandbox" in policy and "script-src" not in policy
    assert ("img-src 'none'" in policy) == (view == "bare")
    assert ("@media not all" in page.text) == (view != "dark")
    assert "Story 3" in page.text and '<base target="_blank">' in page.text


def test_the_preview_as_text(editor: Client, open_edition: int) -> None:
    page = editor.get("/studio/digest/preview?view=text")
    assert page.mimetype == "text/plain" and "Story 3" in page.text


def test_without_a_story_there_is_nothing_to_show_or_send(
    editor: Client, newsroom: Newsroom, hands: Hands
) -> None:
    newsroom.begin(NOON)
    assert "As soon as a story is published, the mail shows here." in editor.get("/studio/digest").text
    assert "there is nothing to send" in editor.get("/studio/digest/departure").text
    assert editor.get("/studio/digest/preview").status_code == 409
    editor.post("/studio/digest/departure", {"edition": newsroom.open().id})
    assert [edition.state for edition in newsroom.editions()] == [EditionState.OPEN]


def test_before_the_clock_ran_the_composer_can_be_looked_at(editor: Client, hands: Hands) -> None:
    assert "The clock opens the first edition as soon as it runs." in editor.get("/studio/digest").text


def test_a_test_mail_goes_to_one_address(editor: Client, open_edition: int, newsroom: Newsroom) -> None:
    assert editor.post("/studio/digest/test", {"email": "me@example.org"}).status_code == 302
    assert [letter.address for letter in newsroom.letters("test")] == ["me@example.org"]
    wrong = editor.post("/studio/digest/test", {"email": "nobody"})
    assert wrong.status_code == 422 and "look like an email address" in wrong.text
    assert newsroom.letters("digest") == []


def test_send_now_asks_once_and_sends_once(editor: Client, open_edition: int, newsroom: Newsroom) -> None:
    asked = editor.get("/studio/digest/departure").text
    assert "<strong>1 reader</strong>" in asked and "Send to 1 reader" in asked
    assert newsroom.letters() == []
    first = editor.post("/studio/digest/departure", {"edition": open_edition})
    assert first.location.endswith(f"/studio/digest/{open_edition}")
    newsroom.publish("Story 4", NOON + timedelta(minutes=59))
    second = editor.post("/studio/digest/departure", {"edition": open_edition})
    assert second.location.endswith("/studio/digest")
    assert len(newsroom.letters()) == 1


def settle(newsroom: Newsroom, hands: Hands, address: str, state: LetterState, **more: object) -> None:
    with newsroom.db.transaction() as s:
        letter = s.query(Letter).filter_by(address=address, kind="digest").one()
        letter.state = state
        letter.settled_at = hands.at if state in (LetterState.ACCEPTED, LetterState.REFUSED) else None
        for name, value in more.items():
            setattr(letter, name, value)


def test_progress_counts_what_the_server_took_and_says_why_not(
    editor: Client, gone_out: int, newsroom: Newsroom, hands: Hands
) -> None:
    settle(newsroom, hands, "ann@example.org", LetterState.ACCEPTED, code=250)
    settle(newsroom, hands, "bob@example.org", LetterState.RETRY, code=451, reply="4.7.1 <b>Later</b>")
    page = editor.get(f"/studio/digest/{gone_out}").text
    assert "1 of 2 accepted" in page and "50% done" in page and "delivered" not in page
    assert '<title id="outcome-words">1 accepted, 1 to be tried again of 2</title>' in page
    assert "4.7.1 &lt;b&gt;Later&lt;/b&gt;" in page
    assert "Resuming never sends twice: 1 already accepted are skipped." in page
    assert (
        '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page and 'data-follow="2"' in page
    )


def test_what_is_done_does_not_refresh(
    editor: Client, gone_out: int, newsroom: Newsroom, hands: Hands
) -> None:
    for name in ("ann", "bob"):
        settle(newsroom, hands, f"{name}@example.org", LetterState.ACCEPTED, code=250)
    page = editor.get(f"/studio/digest/{gone_out}").text
    assert "2 of 2 accepted" in page and "refresh" not in page and "data-follow" not in page


def test_what_is_tried_again_after_the_end_is_followed_again(
    editor: Client, gone_out: int, newsroom: Newsroom, hands: Hands
) -> None:
    here = f"/studio/digest/{gone_out}"
    settle(newsroom, hands, "ann@example.org", LetterState.ACCEPTED, code=250)
    settle(newsroom, hands, "bob@example.org", LetterState.REFUSED, code=554, reply="5.0.0 No")
    newsroom.tick(hands.at)
    assert "data-follow" not in editor.get(here).text
    editor.post(f"{here}/retry", {"code": "554", "reply": "5.0.0 No"})
    page = editor.get(here).text
    assert "1 letter will be tried again." in page and 'data-follow="2"' in page and "Sending" in page


def test_an_edition_that_moves_no_more_is_called_stalled(editor: Client, gone_out: int, hands: Hands) -> None:
    hands.move(minutes=2)
    assert "Stalled: nothing has moved for a minute." in editor.get(f"/studio/digest/{gone_out}").text


def test_pause_and_resume(editor: Client, gone_out: int, newsroom: Newsroom) -> None:
    here = f"/studio/digest/{gone_out}"
    assert editor.post("/studio/delivery/pause", {"back": here}).location == here
    standing = pausing.standing(newsroom.db)
    assert standing and standing.paused
    for path in (here, "/studio/digest", "/studio"):
        assert "Sending is paused" in editor.get(path).text and "Resume" in editor.get(path).text
    editor.post("/studio/delivery/pause/removal", {"back": here})
    assert pausing.standing(newsroom.db) is None


def test_while_paused_no_end_is_foretold(
    editor: Client, gone_out: int, newsroom: Newsroom, hands: Hands
) -> None:
    settle(newsroom, hands, "ann@example.org", LetterState.ACCEPTED, code=250)
    here = f"/studio/digest/{gone_out}"
    assert "1 a minute" in editor.get(here).text
    editor.post("/studio/delivery/pause", {"back": here})
    page = editor.get(here).text
    assert "1 letter waits" in page and "1 a minute" not in page


def test_answers_that_differ_in_numbers_are_told_and_tried_again_as_one(
    editor: Client, gone_out: int, newsroom: Newsroom, hands: Hands
) -> None:
    for name, number in (("ann", "a1b2c3d4-7si"), ("bob", "f9e8d7c6-3si")):
        words = f"5.1.1 does not exist. {number} - gsmtp"
        settle(newsroom, hands, f"{name}@example.org", LetterState.REFUSED, code=550, reply=words)
    here = f"/studio/digest/{gone_out}"
    page = editor.get(here).text
    assert "and 1 wording that differs only in numbers" in page and page.count("Try 2 again") == 1
    said = {"code": "550", "reply": "5.1.1 does not exist. a1b2c3d4-7si - gsmtp"}
    assert "2 letters will be tried again." in editor.post(f"{here}/retry", said, follow_redirects=True).text


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/", "/studio/\r\nX: y", ""])
def test_the_way_back_stays_in_the_studio(editor: Client, hands: Hands, back: str) -> None:
    assert editor.post("/studio/delivery/pause", {"back": back}).location == "/studio/digest"


def test_a_server_that_refuses_us_is_quoted(editor: Client, newsroom: Newsroom, hands: Hands) -> None:
    with newsroom.db.transaction() as s:
        pausing.count_refusal(s, "535 5.7.8 Bad login", hands.at, pausing.REFUSALS_TO_PAUSE)
    page = editor.get("/studio/digest").text
    assert "The mail server refused us 5 times. It said: “535 5.7.8 Bad login”" in page


def test_an_empty_day_and_an_open_edition_have_their_pages(
    editor: Client, newsroom: Newsroom, hands: Hands
) -> None:
    newsroom.begin(NOON)
    hands.move(hours=20)
    newsroom.tick(hands.at)
    skipped, opened = newsroom.editions()
    assert "nothing was new, so no mail was sent" in editor.get(f"/studio/digest/{skipped.id}").text
    assert editor.get(f"/studio/digest/{opened.id}").location == "/studio/digest"
    assert editor.get("/studio/digest/999").status_code == 404


def test_today_and_the_publish_dialog_know_the_next_digest(
    studio: Studio, editor: Client, open_edition: int
) -> None:
    today = editor.get("/studio").text
    assert "Mon 23 Nov at 07:00 (UTC) · 3 stories · 1 reader" in today and ">Review<" in today
    writer = studio.as_a(RoleName.CONTRIBUTOR).get("/studio").text
    assert "Next digest" in writer and ">Review<" not in writer
    with studio.app.test_request_context("/studio"):
        sentence = str(studio.house.panels["readers"]("/studio"))
    assert sentence.strip() == "1 person gets it in the digest on Mon 23 Nov at 07:00 (UTC)."
