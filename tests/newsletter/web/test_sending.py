"""The doctor's page: what to set first, an examination on demand, records to paste, and keys."""

from collections.abc import Callable

import pytest

from blog.accounts.roles import RoleName
from newsletter.doctor import keeping, keys
from newsletter.doctor.findings import Check, Diagnosis, Finding, Health, Record, Rule
from newsletter.doctor.model import Examination
from newsletter.web.desk.sending import BUSY, Instruments
from tests.blog.web.staff import Client, Studio
from tests.conftest import NOON
from tests.newsletter.doctor.conftest import SOUND, Exchange, World, moved
from tests.newsletter.web.conftest import Hands, rows

PAGE = "/studio/sending"


@pytest.fixture
def chief(studio: Studio) -> Client:
    return studio.as_a(RoleName.ADMINISTRATOR)


@pytest.fixture
def configured(studio: Studio) -> Callable[..., World]:
    """Gives the publication a sender of its own, and a world to send into."""

    def configure(domain: str = "sky.example.org", **more: str) -> World:
        world = moved(domain)
        studio.app.extensions["perijove.instruments"] = Instruments(
            world, Exchange({"mail.sky.example.org": SOUND})
        )
        given = {
            "sender": f"Sky <digest@{domain}>",
            "smtp_url": "smtp://u:opensesame@mail.sky.example.org:587",
            **more,
        }
        settings = studio.house.settings.model_copy(update=given)
        object.__setattr__(studio.house, "settings", settings)
        return world

    return configure


def test_without_a_sender_the_page_says_what_to_set_first(chief: Client) -> None:
    page = chief.get(PAGE).text
    assert "Set this first" in page and "PERIJOVE_SENDER" in page and "PERIJOVE_SMTP_URL" in page
    assert "Examine now" not in page
    assert chief.post(f"{PAGE}/examination").status_code == 302
    assert "Set PERIJOVE_SENDER first." in chief.get(PAGE).text


def test_an_examination_is_kept_and_shown_with_its_age(
    chief: Client, studio: Studio, configured: Callable[..., World], hands: Hands
) -> None:
    configured()
    assert "Not examined yet" in chief.get(PAGE).text
    assert chief.post(f"{PAGE}/examination").location == PAGE
    hands.move(hours=3)
    page = chief.get(PAGE).text
    assert "Mail from sky.example.org · examined 3 hours ago" in page
    assert (
        "has no record under the selector" not in page
        and "There is no record under the selector perijove" in page
    )
    assert "Gmail’s and Yahoo’s rules" in page and "opensesame" not in page


def test_looking_asks_the_world_nothing_and_changes_no_row(
    chief: Client, studio: Studio, configured: Callable[..., World]
) -> None:
    world = configured()
    chief.get(PAGE)
    chief.flask.head(PAGE)
    assert world.asked == [] and rows(studio.db, Examination) == 0


def test_records_can_be_copied_and_foreign_words_are_escaped(chief: Client, studio: Studio) -> None:
    record = Record("_dmarc.sky.example.org", "TXT", "v=DMARC1; p=none")
    bad = Finding(Check.DMARC, Health.FAIL, "Not there.", ("<script>alert(1)</script>",), (record,))
    keeping.keep(
        studio.db, Diagnosis(NOON, "sky.example.org", (bad,), (Rule("A rule", Health.UNKNOWN, "Why."),))
    )
    page = chief.get(PAGE).text
    assert 'data-copy="v=DMARC1; p=none"' in page and 'data-copy="_dmarc.sky.example.org"' in page
    assert "<script>alert" not in page and "&lt;script&gt;" in page
    assert "This is about sky.example.org" in page


def test_a_key_is_made_once_and_only_its_record_is_shown(chief: Client, studio: Studio) -> None:
    chief.post(f"{PAGE}/keys/rsa")
    made = studio.house.settings.data / "dkim" / "perijove.pem"
    before = made.read_text()
    page = chief.get(PAGE).text
    assert "v=DKIM1; k=rsa; p=" in page and "perijove._domainkey." in page
    assert "PRIVATE" not in page and before.splitlines()[3] not in page
    assert "Make a key<" not in page and "Make an Ed25519 key too" in page
    chief.post(f"{PAGE}/keys/rsa")
    assert "never overwritten" in chief.get(PAGE).text and made.read_text() == before
    chief.post(f"{PAGE}/keys/ed25519")
    assert "k=ed25519" in chief.get(PAGE).text
    made.write_text("spoilt")
    assert "holds no key that can be read" in chief.get(PAGE).text


def test_a_second_press_while_one_is_under_way_asks_nothing(
    chief: Client, studio: Studio, configured: Callable[..., World]
) -> None:
    world = configured()
    with BUSY:
        chief.post(f"{PAGE}/examination")
    assert "under way" in chief.get(PAGE).text and world.asked == []


def test_a_kind_of_key_that_is_none_is_not_found(chief: Client) -> None:
    assert chief.post(f"{PAGE}/keys/moon").status_code == 404


def test_mail_is_signed_from_the_examination_that_finds_the_record(
    chief: Client, studio: Studio, configured: Callable[..., World]
) -> None:
    world = configured()
    chief.post(f"{PAGE}/keys/rsa")
    chief.post(f"{PAGE}/examination")
    assert "Mail is not signed here yet." in chief.get(PAGE).text
    (key,) = keys.find(studio.house.settings)
    world.put("perijove._domainkey.sky.example.org", "TXT", key.record)
    chief.post(f"{PAGE}/examination")
    assert "Mail from sky.example.org is signed with perijove." in chief.get(PAGE).text
    configured(dkim_sign="off")
    assert "Perijove does not sign mail" in chief.get(PAGE).text
