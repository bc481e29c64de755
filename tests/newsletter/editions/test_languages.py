"""A mail speaks the publication's language in its subject, its text and its HTML."""

from datetime import date

from blog.language.saying import said
from blog.settings import build
from newsletter.editions.rendering import Pen


def test_a_confirmation_of_a_german_publication_is_german() -> None:
    moment = said("%(day)s at %(hour)s (%(place)s)", day=date(2026, 11, 22), hour="07:00", place="UTC")
    told = Pen(build(language="de")).write(
        "confirmation", next_time=moment, left_in="", confirm="https://news.example.org/confirm/x"
    )
    assert told.subject == "Den Digest bestätigen"
    for part in (told.text, told.html):
        assert "Ein Klick, und der erste kommt So., 22. Nov. um 07:00 Uhr (UTC)." in part
        assert "Confirm" not in part and "One click" not in part
