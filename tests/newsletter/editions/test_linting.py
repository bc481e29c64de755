from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import pytest

from blog.settings import Settings, build
from newsletter.editions import arranging, rehearsing
from newsletter.editions.answering import answering
from newsletter.editions.coming import Which
from newsletter.editions.linting import lint
from newsletter.lists import keeping
from newsletter.lists.keeping import ListWords
from tests.newsletter.editions.conftest import HOUR, Newsroom

LEAVE = '<a href="http://localhost:8000/unsubscribe/x">Unsubscribe</a>'
TEXT = "http://localhost:8000/unsubscribe/x http://localhost:8000/2026/11/tides"


@pytest.fixture
def site(tmp_path: Path) -> Settings:
    return build(data=tmp_path, site_url="http://localhost:8000")


def everything(paths: Iterable[str]) -> frozenset[str]:
    return frozenset(paths)


def found(body: str, site: Settings, head: str = "", text: str = TEXT) -> list[str]:
    html = f"<html><head>{head}</head>\n<body>{body}{LEAVE}</body></html>"
    return [finding.sentence for finding in lint(html, text, site, everything)]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ('<img src="https://a.example/p.jpg" width="9">', "A picture has no alternative text, not even an empty one."),
        ('<img src="https://a.example/p.jpg" alt="">', "A picture has no width, so Outlook shows it at its full size."),
        ('<img src="/p.jpg" alt="" width="9">', "A picture’s address does not begin with https: or http:."),
        ('<a href="/2026/11/tides">Tides</a>', "A link does not begin with https:, http: or mailto:."),
        ('<a href="javascript:alert(1)">Tides</a>', "A link does not begin with https:, http: or mailto:."),
        ('<a href="https://a b.example/">Tides</a>', "A link does not begin with https:, http: or mailto:."),
        ('<a href="https://[a/">Tides</a>', "A link does not begin with https:, http: or mailto:."),
        ('<a href="http://localhost:8000/2026/11/tides"><img src="https://a.example/p.jpg" alt="" width="9"></a>',
         "A link has no words and no described picture."),
        ('<a href="https://a.example/x">X</a>', "The text part lacks this link."),
        ("<svg></svg>", "Gmail and Outlook leave out drawings written into a mail (svg)."),
        ('<form action="https://a.example/"></form>', "Outlook drops forms, and others warn of them."),
        ('<p style="color:red;position:absolute">x</p>', "Gmail and Outlook drop “position”."),
        ('<p style="display: flex">x</p>', "Outlook does not know “display: flex”."),
        ('<p style="display:grid">x</p>', "Gmail and Outlook do not know “display: grid”."),
        ('<p style="background:#fff url(https://a.example/p.jpg)">x</p>', "Outlook shows no background pictures."),
        ('<p style="color:var(--ink)">x</p>', "Gmail and Outlook do not know CSS variables."),
        ("<style>p{color:red}</style>", "Gmail and Outlook ignore a style sheet in the body."),
        ("x" * 105_000, "Gmail cuts a mail of more than 102 KB off and hides its end."),
    ],
)  # fmt: skip
def test_what_mail_programs_cannot_show_is_named(site: Settings, body: str, sentence: str) -> None:
    assert found(body, site) == [sentence]


@pytest.mark.parametrize(
    ("css", "sentence"),
    [
        ("p{color:red}" * 1400, "Gmail drops style sheets beyond 16 KB."),
        ("@media (max-width:9px){@media print{p{color:red}}}", "An at-rule within another makes Gmail drop the whole style sheet."),
        ("a[href]{color:red}", "Gmail drops rules whose selector has an attribute in brackets or an escaped character."),
        (".a\\:b{color:red}", "Gmail drops rules whose selector has an attribute in brackets or an escaped character."),
        ("@import url(https://a.example/x.css);p{color:red}", "Gmail and Outlook ignore “@import”."),
        ("@media print{.a{position:fixed}}", "Gmail and Outlook drop “position”."),
    ],
)  # fmt: skip
def test_so_are_its_style_sheets(site: Settings, css: str, sentence: str) -> None:
    assert found("", site, head=f"<style>{css}</style>") == [sentence]


def test_harmless_mails_have_no_findings(site: Settings) -> None:
    body = (
        '<table><tr><td style="background-position:top;text-transform:none"><img src="https://a.example/p.jpg" alt="" width="9">'
        '<a href="http://localhost:8000/2026/11/tides?via=x"><img src="https://a.example/p.jpg" alt="The sea" width="9"></a>'
        '<a href="mailto:ed@example.org">Write</a><a href="http://localhost:8000/">Home</a></td></tr></table>'
    )
    head = "<style>/* [a] */ @media (max-width:9px){.a{color:red}} @media print{.b{color:red}}</style>"
    assert found(body, site, head) == []


def test_a_finding_says_where_and_the_worst_come_first(site: Settings) -> None:
    html = '<body>\n<p style="position:fixed">x</p>\n<a href="nowhere">To the\n sea</a></body>'
    first, second, third = lint(html, "", site, everything)
    assert (first.weight, first.where) == ("err", "line 3: “To the sea”")
    assert (second.sentence, second.where) == ("The mail has no link to unsubscribe.", "")
    assert (third.weight, third.where) == ("warn", "line 2: “p”")


def test_our_own_addresses_are_asked_of_our_own_tables(newsroom: Newsroom, noon: datetime) -> None:
    newsroom.begin(noon)
    newsroom.publish("Tides", noon)
    withdrawn = newsroom.publish("Gone", noon)
    newsroom.withdraw(withdrawn)
    image = newsroom.picture("ab", noon)
    there = {
        "/",
        "/2026/11/tides",
        f"/pictures/{image}",
        "/media/ab/960.jpg",
        "/digest/2026-11-23",
        "/unsubscribe/x",
        "/privacy",
    }
    absent = {
        "/2026/11/gone",
        "/nowhere",
        "/pictures/999",
        "/media/cd/960.jpg",
        "/digest/2026-11-24",
        "/topics/x",
        "/authors/x",
    }
    assert answering(newsroom.db, there | absent) == there


def test_the_digest_as_we_write_it_has_nothing_to_look_at(newsroom: Newsroom, noon: datetime) -> None:
    newsroom.begin(noon)
    image = newsroom.picture("ab", noon)
    newsroom.publish("Tides", noon, image_id=image)
    newsroom.publish("Dust", noon)
    arranging.word(newsroom.db, newsroom.open().id, "", "", "Look up.", noon)
    seen = rehearsing.rehearse(newsroom.db, noon + HOUR, newsroom.settings)
    assert (seen.findings, seen.is_heavy) == ((), False)
    assert seen.links >= 5


def test_a_link_to_a_story_taken_back_is_found(
    newsroom: Newsroom, settings: Settings, noon: datetime
) -> None:
    newsroom.withdraw(newsroom.publish("Tides", noon))
    html = f'<body><a href="http://localhost:8000/2026/11/tides">Tides</a>{LEAVE}</body>'
    (finding,) = lint(html, TEXT, settings, lambda paths: answering(newsroom.db, paths))
    assert finding.sentence == "Nothing public stands at /2026/11/tides."


def test_each_list_is_rehearsed_by_itself(newsroom: Newsroom, noon: datetime) -> None:
    newsroom.begin(noon)
    keeping.add(newsroom.db, ListWords("Weekly best", weekdays=1), noon)
    newsroom.publish("Tides", noon)
    newsroom.tick(noon)
    at = noon + HOUR
    assert rehearsing.preview(newsroom.db, at, newsroom.settings, Which("weekly-best")).subject == "Tides"
    rehearsing.check_size(newsroom.db, at, newsroom.settings, Which("weekly-best"), is_sure=False)
    assert rehearsing.send_test(newsroom.db, "ed@example.org", at, newsroom.settings, Which("weekly-best"))
    assert [letter.kind for letter in newsroom.letters("test")] == ["test"]
