"""Words, days, numbers and lists as each language has them; sentences of rooms are told in it where they are printed."""

import pickle
from datetime import UTC, date, datetime

import pytest

from blog import templating
from blog.language.saying import said, tell
from blog.language.speech import speech
from blog.refusals import NotFound
from blog.settings import build

SUNDAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("tag", "skeleton", "written"),
    [
        ("en", "yMMMd", "22 Nov 2026"),
        ("en-GB", "MMMEd", "Sun 22 Nov"),
        ("en", "LLLL", "November"),
        ("de", "yMMMd", "22. Nov. 2026"),
        ("de-AT", "MMMEd", "So., 22. Nov."),
        ("de", "LLLL", "November"),
        ("de", "yMMMMEEEEd", "Sonntag, 22. November 2026"),
        ("fr", "yMMMM", "novembre 2026"),
    ],
)
def test_a_day_is_written_as_its_language_writes_it(tag: str, skeleton: str, written: str) -> None:
    assert speech(tag).on(SUNDAY, skeleton) == written


def test_thousands_and_lists_follow_the_language() -> None:
    assert (speech("en").number(4812), speech("de").number(4812)) == ("4,812", "4.812")
    assert speech("en").all_of(["Ada", "Ben", "Cy"]) == "Ada, Ben and Cy"
    assert speech("de").all_of(["Ada", "Ben", "Cy"]) == "Ada, Ben und Cy"
    assert [speech("en").all_of(names) for names in ([], ["Ada"])] == ["", "Ada"]


def test_a_language_without_a_catalogue_keeps_its_name_and_speaks_english() -> None:
    klingon = speech("tlh")
    assert klingon.tag == "tlh" and klingon.words.gettext("Search") == "Search"
    assert klingon.on(SUNDAY, "yMMMd") == "22 Nov 2026"
    assert (speech("ar").direction, speech("he-IL").direction, speech("de").direction) == (
        "rtl",
        "rtl",
        "ltr",
    )


def test_a_sentence_of_a_room_is_english_until_it_is_told() -> None:
    sentence = said(
        "%(day)s at %(hour)s (%(place)s)", day=said("on %(day)s", day=SUNDAY), hour="07:00", place="UTC"
    )
    assert sentence == "on Sun 22 Nov at 07:00 (UTC)"
    assert tell(sentence, speech("de")) == "am So., 22. Nov. um 07:00 Uhr (UTC)"
    assert tell(pickle.loads(pickle.dumps(sentence)), speech("de")).startswith("am So.")


def test_the_sentence_of_a_refusal_keeps_its_words_through_str() -> None:
    refusal = NotFound(said("We can't find that page."))
    env = templating.plain(build(language="de"))
    assert env.from_string("{{ it }}").render(it=str(refusal)) == "Diese Seite finden wir nicht."


def test_a_value_is_escaped_though_the_words_around_it_hold_markup() -> None:
    env = templating.plain(build(language="de"))
    page = "{% autoescape true %}{% trans meant=words %}Did you mean <strong>{{ meant }}</strong>?{% endtrans %} {{ told }}{% endautoescape %}"
    told = said("More from %(name)s", name="<b>")
    assert (
        env.from_string(page).render(words="<i>", told=told)
        == "Ist <strong>&lt;i&gt;</strong> gemeint? Mehr von &lt;b&gt;"
    )


def test_dates_and_reading_times_of_a_template_are_german_for_a_german_publication() -> None:
    env = templating.plain(build(language="de", timezone="Europe/Berlin"))
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    told = env.from_string("{{ at|day }} / {{ at|longday }} / {{ 6|minutes }} / {{ 1200|number }}").render(
        at=late
    )
    assert told == "23. Nov. 2026 / Mo., 23. Nov. / 6 Min. / 1.200"
