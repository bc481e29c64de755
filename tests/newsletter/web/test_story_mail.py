"""How a story will stand in the mail: on its preview, and as a test mail to whoever writes it."""

import pytest
from sqlalchemy import select

from blog.accounts.roles import RoleName
from newsletter.delivery.model import Letter
from tests.blog.web.staff import Client, Studio
from tests.blog.web.studio.test_manuscripts import manuscript


@pytest.fixture
def writer(studio: Studio) -> Client:
    return studio.as_a(RoleName.AUTHOR, "Ada Byron")


@pytest.fixture
def post(writer: Client) -> str:
    post = writer.post("/studio/posts").headers["Location"]
    only = {"type": "doc", "content": [mail_only("Only in the mail."), paragraph("On the page.")]}
    assert writer.post(f"{post}/manuscript", json=manuscript(body=only)).status_code == 200
    return str(post)


def paragraph(text: str) -> dict[str, object]:
    return {"type": "paragraph", "content": [{"type": "text", "text": text}]}


def mail_only(text: str) -> dict[str, object]:
    return {"type": "part", "attrs": {"medium": "mail"}, "content": [paragraph(text)]}


def test_the_preview_shows_the_draft_as_the_digest_would_carry_it(writer: Client, post: str) -> None:
    page = writer.get(f"{post}/looks?mail=dark").text
    assert f'src="{post}/mail?view=dark"' in page and "Send it to ada.byron" in page
    assert "By itself it makes a mail of " in page
    mail = writer.get(f"{post}/mail")
    assert "Rings" in mail.text and "Only in the mail." in mail.text and "On the page." not in mail.text
    assert "sandbox" in mail.headers["Content-Security-Policy"]
    text = writer.get(f"{post}/mail?view=text")
    assert text.mimetype == "text/plain" and "Only in the mail." in text.text


def test_it_is_sent_to_ones_own_address_as_a_test(studio: Studio, writer: Client, post: str) -> None:
    writer.post(f"{post}/mail", {"email": "somebody@example.org"})
    assert "The story is on its way to ada.byron" in writer.get(f"{post}/looks").text
    with studio.db.reading() as s:
        (letter,) = s.scalars(select(Letter).where(Letter.kind == "test"))
        assert letter.address.startswith("ada.byron") and letter.payload
        assert letter.payload["subject"] == "Test: Rings"
    assert [writer.post(f"{post}/mail").status_code for _ in range(10)] == [302] * 9 + [429]


def test_nobody_looks_at_what_they_may_not_see(studio: Studio, writer: Client, post: str) -> None:
    other = studio.as_a(RoleName.AUTHOR, "Someone Else")
    assert {other.get(f"{post}/mail").status_code, other.post(f"{post}/mail").status_code} == {403}
    assert other.get(f"{post}/looks").status_code == 403
