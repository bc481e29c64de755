"""Approving, holding, adding, picturing; lists, special editions and corrections: every deed by a plain form."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from blog.accounts.roles import RoleName
from blog.posts.model import PostImage
from newsletter.delivery.model import Letter, LetterState
from newsletter.editions import rehearsing
from newsletter.editions.coming import Coming, Which, coming
from newsletter.editions.model import Edition, EditionKind, EditionPost
from newsletter.lists.model import MailingList
from newsletter.web.desk import ahead
from tests.blog.web.staff import Client, Studio
from tests.conftest import NOON
from tests.newsletter.editions.conftest import Newsroom
from tests.newsletter.web.conftest import Hands

COMPOSER = "/studio/digest"
LIST = {
    "name": "Weekly best", "days": ["64"], "hour": "9", "cut_off": "5", "most": "5", "design": "plain", "ranking": "newest",
    "is_offered": "y",
}  # fmt: skip


@pytest.fixture
def editor(studio: Studio) -> Client:
    return studio.as_a(RoleName.EDITOR, "Ada Byron")


@pytest.fixture
def edition(newsroom: Newsroom, hands: Hands) -> int:
    """Two stories and one reader; it leaves tomorrow at 07:00. Its id."""
    newsroom.begin(NOON)
    for number in (1, 2):
        newsroom.publish(f"Story {number}", NOON + timedelta(minutes=number))
    newsroom.publish("Old story", NOON - timedelta(days=40))
    newsroom.reader("ann@example.org", NOON)
    hands.move(hours=1)
    return newsroom.open().id


def seen(newsroom: Newsroom, hands: Hands, which: Which | None = None) -> Coming:
    return coming(newsroom.db, hands.at, newsroom.settings, which)


def change_list(newsroom: Newsroom, **values: object) -> None:
    with newsroom.db.transaction() as s:
        s.execute(update(MailingList).values(values))


def test_an_edition_is_approved_stopped_held_and_released(
    editor: Client, edition: int, newsroom: Newsroom, hands: Hands
) -> None:
    change_list(newsroom, cut_off=5)
    newsroom.tick(hands.at)
    fresh = editor.get(COMPOSER).text
    assert "Leaves by itself at 07:00. Can be changed until 06:55." in fresh
    assert "A story published after 06:55 waits for the next edition." in fresh
    here = f"{COMPOSER}/{edition}"
    for deed, sentence in (
        ("approval", "Approved by Ada Byron: leaves 07:00. Can be changed until 06:55."),
        ("approval/removal", "Held by Ada Byron: it does not leave at 07:00, and its stories stay."),
        ("hold/removal", "Leaves by itself at 07:00."),
        ("hold", "Held by Ada Byron"),
    ):
        answer = editor.post(f"{here}/{deed}")
        assert (answer.status_code, answer.location) == (302, COMPOSER)
        assert sentence in editor.get(COMPOSER).text


def test_a_list_that_asks_for_approval_says_that_it_waits(
    editor: Client, edition: int, newsroom: Newsroom, hands: Hands
) -> None:
    change_list(newsroom, needs_approval=True)
    assert "Without it nothing leaves at 07:00, and its stories stay." in editor.get(COMPOSER).text
    hands.at = newsroom.open().due_at + timedelta(minutes=1)
    assert "Approved before 13:00 it leaves at once" in editor.get(COMPOSER).text


def test_past_the_cut_off_only_stop_is_left(
    editor: Client, edition: int, newsroom: Newsroom, hands: Hands
) -> None:
    change_list(newsroom, cut_off=30)
    newsroom.tick(hands.at)
    hands.at = newsroom.open().due_at - timedelta(minutes=20)
    editor.post(f"{COMPOSER}/{edition}/stories/1/pin")
    page = editor.get(COMPOSER).text
    assert "This edition is about to leave and takes no more changes." in page
    assert ">Stop</button>" in page and ">Approve</button>" not in page


def test_a_mail_that_programs_cut_is_approved_and_sent_only_by_those_who_are_sure(
    editor: Client, edition: int, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rehearsing, "TOO_HEAVY", 1000)
    page = editor.get(COMPOSER).text
    assert "It may leave although mail programs cut it" in page
    assert "mail programs cut it off" in editor.get(f"{COMPOSER}/departure").text
    editor.post(f"{COMPOSER}/{edition}/approval")
    editor.post(f"{COMPOSER}/departure", {"edition": edition})
    assert "Leave a story out, or tick that it may leave like this." in editor.get(COMPOSER).text
    assert newsroom.letters() == [] and newsroom.open().approved_at is None
    editor.post(f"{COMPOSER}/{edition}/approval", {"sure": "y"})
    assert newsroom.open().approved_by == "Ada Byron"
    editor.post(f"{COMPOSER}/departure", {"edition": edition, "sure": "y"})
    assert len(newsroom.letters()) == 1


def test_a_story_is_looked_for_and_added(
    editor: Client, edition: int, newsroom: Newsroom, hands: Hands
) -> None:
    page = editor.get(f"{COMPOSER}?add=old").text
    assert "Old story</a>" in page and '<details class="adding" id="add" open>' in page
    assert "Nothing for “&lt;b&gt;” that this list has not carried." in editor.get(f"{COMPOSER}?add=<b>").text
    answer = editor.post(f"{COMPOSER}/{edition}/stories", {"story": "3"})
    assert answer.location == f"{COMPOSER}#story-3"
    assert [story.title for story in seen(newsroom, hands).stories if story.added] == ["Old story"]
    for wrong in ("", "x", "-1", "99", "9" * 30):
        editor.post(f"{COMPOSER}/{edition}/stories", {"story": wrong})
        assert "That story is not public." in editor.get(COMPOSER).text


def test_a_picture_is_chosen_for_the_mail(
    editor: Client, edition: int, newsroom: Newsroom, hands: Hands
) -> None:
    ids = [newsroom.picture(key * 32, NOON, alt=f"Alt {key}") for key in ("ab", "cd")]
    with newsroom.db.transaction() as s:
        s.add_all(PostImage(post_id=2, image_id=image, position=n) for n, image in enumerate(ids))
    newsroom.change(2, lead_image_id=ids[0])
    assert 'alt="Alt cd"' in editor.get(COMPOSER).text
    editor.post(f"{COMPOSER}/{edition}/stories/2/picture", {"image": str(ids[1])})
    assert "cd" * 32 in editor.get(f"{COMPOSER}/preview").text
    editor.post(f"{COMPOSER}/{edition}/stories/2/picture", {"image": "0"})
    assert "ab" * 32 in editor.get(f"{COMPOSER}/preview").text


def test_what_is_wrong_with_the_mail_stands_beside_it(
    editor: Client, edition: int, newsroom: Newsroom
) -> None:
    assert "links, all fine" in editor.get(COMPOSER).text
    newsroom.change(1, path="/a path with spaces")
    page = editor.get(COMPOSER).text
    assert "to look at" in page and "A link does not begin with https:, http: or mailto:." in page


def test_a_list_is_made_changed_shown_in_the_composer_and_retired(
    editor: Client, edition: int, newsroom: Newsroom, hands: Hands
) -> None:
    made = editor.post(f"{COMPOSER}/lists", LIST)
    assert made.location == f"{COMPOSER}/lists/2"
    newsroom.tick(hands.at)
    page = editor.get(f"{COMPOSER}/lists").text
    assert "Sun at 09:00" in page and "Sun 29 Nov at 09:00 (UTC)" in page and "Every day at 07:00" in page
    composer = editor.get(f"{COMPOSER}?list=weekly-best").text
    assert "Next “Weekly best”" in composer and "Can be changed until 08:55." in composer
    assert f'href="{COMPOSER}?list=weekly-best" aria-current="page"' in composer
    weekly = seen(newsroom, hands, Which("weekly-best")).edition_id
    pinned = editor.post(f"{COMPOSER}/{weekly}/stories/1/pin")
    assert pinned.location == f"{COMPOSER}?list=weekly-best#story-1"
    assert "Story 2" in editor.get(f"{COMPOSER}/preview?list=weekly-best&view=text").text
    editor.post(f"{COMPOSER}/lists/2", {**LIST, "name": "Best of the week", "days": ["1", "2"]})
    one = editor.get(f"{COMPOSER}/lists/2").text
    assert "Mon, Tue at 09:00" in one and 'value="Best of the week"' in one
    assert "Its 0 readers get no mail from it any more." in one
    editor.post(f"{COMPOSER}/lists/2/retirement")
    assert "Retired on 22 Nov 2026" in editor.get(f"{COMPOSER}/lists/2").text
    assert editor.get(f"{COMPOSER}?list=weekly-best").status_code == 404


def test_a_list_that_cannot_be_is_shown_with_sentences(editor: Client, edition: int) -> None:
    wrong = {**LIST, "name": "", "sender": "nobody", "zone": "Mars/Olympus", "most": "many", "topics": ["7"]}
    answer = editor.post(f"{COMPOSER}/lists", wrong)
    assert answer.status_code == 422
    again = editor.post(f"{COMPOSER}/lists", {**wrong, "most": "5", "topics": []})
    assert again.status_code == 422
    for sentence in ("Give the list a name", "Give an address like", "Mars/Olympus”"):
        assert sentence in again.text
    assert editor.get(f"{COMPOSER}/lists/new").status_code == 200
    assert (
        "cannot be retired" in editor.flask.get(editor.post(f"{COMPOSER}/lists/1/retirement").location).text
    )


def test_a_special_edition_is_made_filled_and_sent(
    editor: Client, edition: int, newsroom: Newsroom, hands: Hands
) -> None:
    assert "Daily digest (1 reader)" in editor.get(f"{COMPOSER}/specials").text
    assert editor.post(f"{COMPOSER}/specials", {"list_id": "1", "subject": ""}).status_code == 422
    assert editor.post(f"{COMPOSER}/specials", {"list_id": "9", "subject": "x"}).status_code == 422
    made = editor.post(f"{COMPOSER}/specials", {"list_id": "1", "subject": "Eclipse tonight"})
    special = int(made.location.rpartition("=")[2])
    assert made.location == f"{COMPOSER}?edition={special}"
    page = editor.get(made.location).text
    assert "It holds only what you add." in page and "It has no hour" in page
    assert "nothing to send" in editor.get(f"{COMPOSER}/departure?edition={special}").text
    editor.post(f"{COMPOSER}/{special}/stories", {"story": "3"})
    asked = editor.get(f"{COMPOSER}/departure?edition={special}").text
    assert "“Eclipse tonight”, with 1 story, goes to <strong>1 reader</strong> at once." in asked
    sent = editor.post(f"{COMPOSER}/departure", {"edition": special})
    assert sent.location == f"{COMPOSER}/{special}"
    assert [letter.about_id for letter in newsroom.letters()] == [special]
    assert newsroom.open().id == edition


def test_a_special_edition_is_thrown_away(editor: Client, edition: int, newsroom: Newsroom) -> None:
    made = editor.post(f"{COMPOSER}/specials", {"list_id": "1", "subject": "Eclipse tonight"})
    special = made.location.rpartition("=")[2]
    assert "Eclipse tonight" in editor.get(f"{COMPOSER}/specials").text
    assert editor.post(f"{COMPOSER}/{special}/removal").location == f"{COMPOSER}/specials"
    assert editor.get(made.location).status_code == 404
    editor.post(f"{COMPOSER}/{edition}/removal")
    with newsroom.db.reading() as s:
        assert s.scalars(select(Edition.kind)).all() == [EditionKind.REGULAR]


def accept_all(newsroom: Newsroom, hands: Hands) -> None:
    with newsroom.db.transaction() as s:
        s.execute(update(Letter).values(state=LetterState.ACCEPTED, settled_at=hands.at))


def test_a_correction_names_the_number_first_and_is_sent_once(
    editor: Client, gone_out: int, newsroom: Newsroom, hands: Hands
) -> None:
    here = f"{COMPOSER}/{gone_out}/corrections"
    assert "nobody to write to" in editor.get(here).text
    assert f'href="{here}"' in editor.get(COMPOSER).text
    accept_all(newsroom, hands)
    with newsroom.db.reading() as s:
        rings = s.scalars(select(EditionPost.post_id).where(EditionPost.title == "Rings of Saturn")).one()
    page = editor.get(f"{here}?story={rings}").text
    assert "2 readers whose mail carried it" in page
    assert 'value="Correction: Rings of Saturn"' in page and "Send to 2 readers" in page
    said = {
        "story": str(rings),
        "subject": "Correction: Rings",
        "text": "Seven rings.\r\n\r\n<b>Not</b> six.",
    }
    look = editor.post(f"{here}/preview", said).text
    assert "<p>Seven rings.</p><p>&lt;b&gt;Not&lt;/b&gt; six.</p>" in look
    assert newsroom.letters("correction") == []
    assert editor.post(here, {**said, "text": ""}).status_code == 422
    editor.post(here, said)
    after = editor.get(here).text
    assert "The correction is on its way to 2 readers." in after and "<b>Correction: Rings</b>" in after
    editor.post(here, said)
    assert "That correction has been sent already." in editor.get(here).text
    assert len(newsroom.letters("correction")) == 2


def test_what_has_not_left_needs_no_correction(editor: Client, edition: int) -> None:
    answer = editor.get(f"{COMPOSER}/{edition}/corrections")
    assert answer.status_code == 302
    assert editor.get(f"{COMPOSER}/999/corrections").status_code == 404


@pytest.mark.parametrize("path", ["?edition=99", "?edition=" + "9" * 18, "?list=nonsense"])
def test_an_edition_that_is_not_there_is_not_found(editor: Client, edition: int, path: str) -> None:
    assert editor.get(COMPOSER + path).status_code == 404


def test_today_shows_what_leaves_next_from_every_list(
    studio: Studio, editor: Client, edition: int, newsroom: Newsroom, hands: Hands
) -> None:
    editor.post(f"{COMPOSER}/lists", LIST)
    editor.post(f"{COMPOSER}/specials", {"list_id": "1", "subject": "Eclipse tonight"})
    editor.post(f"{COMPOSER}/{edition}/hold")
    with studio.app.test_request_context("/studio"):
        panel = str(ahead.next_digest(newsroom.db, newsroom.settings, "/studio"))
    assert "Mon 23 Nov at 07:00 (UTC) · 2 stories · 1 reader" in panel and ">Held<" in panel
    assert "Sun 29 Nov at 09:00 (UTC)" in panel and "Fills itself" in panel
    assert "Eclipse tonight" in panel and "To Daily digest" in panel
    assert "Review" not in panel


def test_characters_that_nobody_sees_are_not_kept(
    editor: Client, edition: int, newsroom: Newsroom, hands: Hands
) -> None:
    odd = "Ecl\x00ipse\x07 \u2013 to\x9fnight"
    assert editor.get(f"{COMPOSER}?list=%00&add=%00").status_code == 200
    words = {"subject": odd, "preheader": odd, "note": f"{odd}\r\n\r\nMore."}
    editor.post(f"{COMPOSER}/{edition}/words", words)
    editor.post(f"{COMPOSER}/{edition}/stories/1/title", {"title": odd})
    editor.post(f"{COMPOSER}/specials", {"list_id": "1", "subject": odd})
    editor.post(
        f"{COMPOSER}/lists", {**LIST, "name": odd, "description": odd, "zone": "\x00", "sender": "\x00"}
    )
    kept = seen(newsroom, hands)
    assert {kept.subject, kept.preheader, kept.stories[-1].title} == {"Eclipse – tonight"}
    assert kept.note == "Eclipse – tonight\n\nMore."
