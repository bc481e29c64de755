"""The demo mailbox in the studio."""

import pytest

from blog.accounts.roles import RoleName
from newsletter.delivery import mailbox
from tests.blog.web.staff import Client, Studio

MAIL = b"""From: digest@example.org\r\nTo: ann@example.org\r\nSubject: Rings\r\nMIME-Version: 1.0\r
Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nPlain rings.\r
--b\r\nContent-Type: text/html\r\n\r\n<html><head></head><body><script>alert(1)</script><p>Rings</p></body></html>\r
--b--\r\n"""


@pytest.fixture
def administrator(studio: Studio) -> Client:
    return studio.as_a(RoleName.ADMINISTRATOR)


def test_the_mailbox_shows_a_mail_that_can_do_nothing(studio: Studio, administrator: Client) -> None:
    folder = studio.house.settings.mailbox
    assert "No mail yet" in administrator.get("/studio/mailbox").text
    mailbox.keep(folder, "digest@example.org", "ann@example.org", MAIL)
    (caught,) = mailbox.mails(folder)
    path = f"/studio/mailbox/{caught.id}"
    assert path in administrator.get("/studio/mailbox").text
    page = administrator.get(path).text
    assert "Rings" in page and "ann@example.org" in page and "multipart/alternative" in page
    body = administrator.get(f"{path}/body")
    assert "default-src 'none'" in body.headers["Content-Security-Policy"]
    assert "allow-scripts" not in body.headers["Content-Security-Policy"]
    text = administrator.get(f"{path}/body?view=text")
    assert text.mimetype == "text/plain" and "Plain rings." in text.text


@pytest.mark.parametrize("mail_id", ["..", "x", "00000000000000000000-00000000", "%2e%2e%2fperijove"])
def test_a_mail_that_is_not_there_is_not_found(administrator: Client, mail_id: str) -> None:
    assert administrator.get(f"/studio/mailbox/{mail_id}/body").status_code == 404


def test_the_mailbox_is_for_administrators(studio: Studio) -> None:
    assert studio.as_a(RoleName.EDITOR).get("/studio/mailbox").status_code == 403
