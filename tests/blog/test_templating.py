"""The one Jinja policy: strict, escaped, and dates in the publication's own time."""

from datetime import UTC, datetime

import pytest
from jinja2 import UndefinedError

from blog import templating
from blog.settings import build

LATE = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)


def test_a_name_that_is_not_given_is_an_error_and_not_an_empty_place() -> None:
    env = templating.plain(build())
    with pytest.raises(UndefinedError):
        env.from_string("{{ titel }}").render(title="x")


def test_markup_is_escaped_and_plain_text_is_not() -> None:
    env = templating.plain(build())
    autoescape = env.autoescape
    assert callable(autoescape)
    assert autoescape("mail/body.html") and not autoescape("mail/body.txt")


def test_dates_are_those_of_the_publication() -> None:
    env = templating.plain(build(timezone="Pacific/Auckland"))
    told = env.from_string("{{ at|day }} / {{ at|longday }} / {{ at|hour }} / {{ at|isotime }}").render(
        at=LATE
    )
    assert told == "23 Nov 2026 / Mon 23 Nov / 12:30 / 2026-11-22T23:30:00+00:00"


def test_numbers_come_with_their_word() -> None:
    assert [templating.plural(n, "story", "stories") for n in (0, 1, 4812)] == [
        "0 stories",
        "1 story",
        "4,812 stories",
    ]
    assert templating.plural(2, "picture") == "2 pictures"


def test_a_portrait_is_stood_in_for_by_first_and_last_initials() -> None:
    assert [templating.initials(name) for name in ("Nkechi Obi", "Ada", "Ana de la Cruz", "")] == [
        "NO",
        "A",
        "AC",
        "",
    ]


def test_a_focal_point_is_told_in_tenths() -> None:
    assert [templating.tenth(percent) for percent in (0, 4, 5, 47, 100, 130)] == [0, 0, 10, 50, 100, 100]


def test_a_language_written_from_the_right_turns_the_page() -> None:
    assert templating.site_of(build(language="ar")).direction == "rtl"
    assert templating.site_of(build(language="en-GB")).direction == "ltr"


def test_every_built_file_that_a_template_names_is_in_the_bundle() -> None:
    for name in ("theme.js", "site.js", "lightbox.js", "site.css", "lightbox.css"):
        path = templating.ROOT / templating.asset(name).lstrip("/")
        assert path.is_file()
    with pytest.raises(KeyError):
        templating.asset("nothing.js")
