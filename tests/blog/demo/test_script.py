"""The demonstration's texts and pictures: complete, credited, true to their own rules."""

import re

import pytest

from blog.demo import script
from blog.demo.bodies import body_of
from blog.demo.script import ArticleEntry, Misspelt, article
from blog.posts.document import validate, walk

SCRIPT = script.read()
ARTICLES = {entry.key: entry for entry in SCRIPT.articles}
FRONT = '+++\ntitle = "T"\ndek = "D"\nauthor = "a"\ntopics = ["t"]\ndays_ago = 1.0\nlead = "p"\nfeatured = false\n+++\n'


def words(entry: ArticleEntry) -> int:
    return sum(len(re.sub(r"<[^>]+>", " ", part.html).split()) for part in entry.parts)


def test_there_are_enough_stories_writers_and_topics() -> None:
    assert len(SCRIPT.articles) >= 32
    assert len(SCRIPT.authors) == 4
    assert len(SCRIPT.topics) == 8


def test_every_writer_and_every_topic_has_several_stories() -> None:
    for author in SCRIPT.authors:
        assert sum(entry.author == author.slug for entry in SCRIPT.articles) >= 5, author.name
    for topic in SCRIPT.topics:
        assert sum(topic.slug in entry.topics for entry in SCRIPT.articles) >= 3, topic.name


@pytest.mark.parametrize("key", ARTICLES)
def test_a_story_has_the_length_of_a_daily_one(key: str) -> None:
    assert 300 <= words(ARTICLES[key]) <= 650
    assert ARTICLES[key].dek.endswith((".", "?"))


@pytest.mark.parametrize("key", ARTICLES)
def test_a_storys_text_uses_only_the_allowed_tags(key: str) -> None:
    used = {tag for part in ARTICLES[key].parts for tag in re.findall(r"</?([a-z0-9]+)", part.html)}
    assert used <= {
        "p",
        "h2",
        "h3",
        "ul",
        "ol",
        "li",
        "blockquote",
        "strong",
        "em",
        "a",
        "sup",
        "sub",
        "code",
        "pre",
        "hr",
    }


@pytest.mark.parametrize("key", ARTICLES)
def test_a_story_becomes_a_valid_document(key: str) -> None:
    images = {picture.key: number for number, picture in enumerate(SCRIPT.pictures, 1)}
    posts = {entry.key: number for number, entry in enumerate(SCRIPT.articles, 1)}
    whole = validate(body_of(ARTICLES[key], images, posts))
    kinds = [node["type"] for node in walk(whole)]
    assert kinds.count("bottom_line") == 1
    assert kinds.count("heading") >= 3


def test_stories_are_told_oldest_first_over_six_weeks_with_five_of_the_last_day() -> None:
    ages = [entry.days_ago for entry in SCRIPT.articles]
    assert ages == sorted(ages, reverse=True)
    assert 35 < ages[0] < 45
    assert sum(age * 24 <= 20 for age in ages) == 5


def test_there_are_galleries_embeds_and_promotions() -> None:
    galleries = [part.words for entry in SCRIPT.articles for part in entry.parts if part.kind == "gallery"]
    assert sum(3 <= len(words) <= 8 for words in galleries) >= 8
    kinds = [part.kind for entry in SCRIPT.articles for part in entry.parts]
    assert kinds.count("embed") >= 3
    assert kinds.count("promotion") >= 2


def test_every_picture_is_described_credited_and_shown() -> None:
    shown = {key for entry in SCRIPT.articles for key in entry.pictures}
    for picture in SCRIPT.pictures:
        assert picture.alt and len(picture.alt) <= 150, picture.key
        assert picture.caption and picture.credit and picture.licence and picture.source_url, picture.key
        assert picture.long_description, picture.key
        assert picture.key in shown


def test_a_directive_becomes_a_part_with_its_words() -> None:
    entry = article(
        "01-x",
        FRONT
        + "<p>One</p>\n::figure p wide | A caption\n::promotion H | https://example.org/ | L\n<p>Two</p>\n::end\n",
    )
    assert [(part.kind, part.words, part.html) for part in entry.parts] == [
        ("", (), "<p>One</p>"),
        ("figure", ("p", "wide", "A caption"), ""),
        ("promotion", ("H", "https://example.org/", "L"), "<p>Two</p>"),
    ]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("::bottom-line\n<p>x</p>\n", "never ended"),
        ("<p>x</p>\n::end\n", "no box"),
        ("::carousel a, b\n", "no directive “carousel”"),
        ("::bottom-line\n::figure p\n::end\n", "no box"),
    ],
)
def test_a_misspelt_story_is_told_by_name(body: str, told: str) -> None:
    with pytest.raises(Misspelt, match=f"01-x.*{told}"):
        article("01-x", FRONT + body)


def test_a_story_without_front_matter_is_told_by_name() -> None:
    with pytest.raises(Misspelt, match="01-x"):
        article("01-x", "<p>Nothing before</p>")
