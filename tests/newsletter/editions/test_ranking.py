from blog.authors.model import AuthorId
from blog.posts.model import TopicId
from blog.posts.reading import Subjects
from blog.posts.views import Byline, TopicLink
from newsletter.editions.ranking import Ranked, ranked

MOON, MARS, ADA, TOM = ("topic", 1), ("topic", 2), ("author", 1), ("author", 2)
FOLLOWED, MORE, LESS = 2, 1, -1


def story(*subjects: tuple[str, int]) -> Subjects:
    topics = tuple(
        TopicLink(TopicId(id_), "", {1: "Moon", 2: "Mars"}[id_]) for kind, id_ in subjects if kind == "topic"
    )
    authors = tuple(
        Byline(AuthorId(id_), "", {1: "Ada", 2: "Tom"}[id_]) for kind, id_ in subjects if kind == "author"
    )
    return Subjects(topics, authors)


PAPER = {1: story(MARS, TOM), 2: story(MOON, ADA), 3: story(), 4: story(MOON, TOM), 5: story(MARS, MOON)}


def order(weights: dict[tuple[str, int], int]) -> list[int]:
    return [one.post_id for one in ranked([1, 2, 3, 4, 5], PAPER, weights)]


def test_who_follows_nothing_gets_the_editors_order_without_reasons() -> None:
    assert ranked([3, 1, 2], PAPER, {}) == (Ranked(3), Ranked(1), Ranked(2))


def test_what_is_followed_comes_first_in_the_editors_order_and_says_why() -> None:
    assert ranked([1, 2, 3, 4], PAPER, {MOON: FOLLOWED}) == (
        Ranked(2, "You follow Moon"), Ranked(4, "You follow Moon"), Ranked(1), Ranked(3),
    )  # fmt: skip


def test_an_author_is_followed_as_a_topic_is() -> None:
    assert ranked([2, 1], PAPER, {TOM: FOLLOWED}) == (Ranked(1, "You follow Tom"), Ranked(2))


def test_more_like_this_lifts_a_story_above_the_others_but_not_above_what_is_followed() -> None:
    assert ranked([1, 2, 3], PAPER, {MOON: MORE, TOM: FOLLOWED}) == (
        Ranked(1, "You follow Tom"), Ranked(2, "You asked for more about Moon"), Ranked(3),
    )  # fmt: skip
    assert ranked([2], PAPER, {ADA: MORE}) == (Ranked(2, "You asked for more by Ada"),)


def test_less_like_this_sinks_a_story_below_the_others_without_a_word() -> None:
    assert order({MARS: LESS}) == [2, 3, 4, 1, 5]
    assert all(one.reason == "" for one in ranked([1, 2, 3], PAPER, {MARS: LESS}))


def test_what_is_followed_outweighs_what_is_wanted_less() -> None:
    assert order({MARS: LESS, MOON: FOLLOWED}) == [2, 4, 5, 3, 1]
    assert order({MARS: LESS, MOON: MORE}) == [2, 4, 5, 3, 1]


def test_the_reason_names_what_weighs_most() -> None:
    assert ranked([4], PAPER, {MOON: MORE, TOM: FOLLOWED})[0].reason == "You follow Tom"


def test_what_is_said_of_subjects_that_are_gone_moves_nothing() -> None:
    assert order({("topic", 99): FOLLOWED, ("author", 99): LESS}) == [1, 2, 3, 4, 5]
    assert ranked([77], PAPER, {MOON: FOLLOWED}) == (Ranked(77),)
