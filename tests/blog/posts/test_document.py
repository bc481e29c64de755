"""The checking of documents: what is taken, what is refused, and in which words."""

from typing import Any

import pytest
from hypothesis import given, settings

from blog.posts.document import SPEC, empty, image_ids, migrated, post_ids, validate
from blog.refusals import Invalid
from tests.blog.posts.building import block, doc, link, paragraph, words
from tests.blog.posts.documents import documents


@settings(max_examples=50, deadline=None)
@given(documents())
def test_what_was_validated_once_is_not_changed_by_validating_it_again(document: dict[str, Any]) -> None:
    once = validate(document)
    assert validate(once) == once


def test_an_empty_document_is_valid() -> None:
    assert validate(empty()) == empty()


def test_defaults_are_filled_in_and_the_version_is_written_down() -> None:
    made = validate(doc(block("heading"), block("figure", image=7)))
    assert made["doc_version"] == SPEC["doc_version"]
    assert made["content"][0]["attrs"] == {"level": 2}
    assert made["content"][1]["attrs"] == {"image": 7, "alt": None, "caption": None, "width": "main"}


def test_marks_are_put_in_the_order_of_the_spec() -> None:
    strong, to = {"type": "strong"}, link("https://example.org/")
    made = validate(doc(block("paragraph", words("x", strong, to))))
    assert made["content"][0]["content"][0]["marks"] == [to, strong]


def test_unseen_characters_are_left_out_and_so_is_text_without_any_other() -> None:
    made = validate(doc(block("paragraph", words("a\x00b\ud800c\r\nd"), words("\x07"))))
    assert made["content"][0]["content"] == [{"type": "text", "text": "abc\nd"}]


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        (None, "This is not a text that this editor can read."),
        ([], "This is not a text that this editor can read."),
        ({"type": "paragraph"}, "This is not a text that this editor can read."),
        (doc(block("carousel")), "The text holds a block that this editor does not know: “carousel”."),
        (doc({"type": "x" * 99}), "The text holds a block that this editor does not know: “" + "x" * 39 + "…”."),
        ({"type": "doc"}, "A block “doc” is empty."),
        ({"type": "doc", "content": "x"}, "The content of a block “doc” is no list."),
        ({"type": "doc", "content": ["x"]}, "The text holds a part that is no block."),
        (doc(words("loose")), "A block “doc” holds blocks that do not belong there."),
        (doc(block("bullet_list")), "A block “bullet_list” is empty."),
        (doc(block("list_item", paragraph())), "A block “doc” holds blocks that do not belong there."),
        (doc(block("horizontal_rule", paragraph())), "A block “horizontal_rule” cannot hold other blocks."),
        (doc(block("paragraph") | {"style": 1}), "A block “paragraph” holds something that this editor does not know: “style”."),
        (doc(block("paragraph", onclick="x")), "“paragraph” has a property that this editor does not know: “onclick”."),
        (doc({"type": "figure", "attrs": [1]}), "The properties of “figure” cannot be read."),
        (doc(block("figure")), "“figure” lacks its property “image”."),
        (doc(block("figure", image=True)), "The property “image” of “figure” cannot be “True”."),
        (doc(block("figure", image="1")), "The property “image” of “figure” cannot be “1”."),
        (doc(block("figure", image=10**30)), "The property “image” of “figure” cannot be “1000000000000000000000000000000”."),
        (doc(block("figure", image=1, width="huge")), "The property “width” of “figure” cannot be “huge”."),
        (doc(block("heading", level=1)), "The property “level” of “heading” cannot be “1”."),
        (doc(block("embed", url="javascript:alert(1)")), "The property “url” of “embed” cannot be “javascript:alert(1)”."),
        (doc(block("embed", url="")), "The property “url” of “embed” cannot be “”."),
        (doc(block("promotion", paragraph(), ends="2026-02-30")), "The property “ends” of “promotion” cannot be “2026-02-30”."),
        (doc(block("paragraph", words("x", {"type": "blink"}))), "The text holds a format that this editor does not know: “blink”."),
        (doc(block("paragraph", {"type": "text", "text": 5})), "The text holds words that cannot be read."),
        (doc(block("paragraph") | {"marks": [{"type": "em"}]}), "A block “paragraph” cannot be formatted like text."),
        (doc(block("code_block", words("x", {"type": "em"}))), "A block “text” cannot be formatted like text."),
        (
            doc(block("paragraph", words("x", {"type": "superscript"}, {"type": "subscript"}))),
            "A word has two formats that exclude each other.",
        ),
        (doc(block("paragraph", words("x", {"type": "em"}, {"type": "em"}))), "A word has two formats that exclude each other."),
        ({**doc(), "doc_version": 99}, "This text comes from a newer editor. Reload the page and try again."),
        ({**doc(), "doc_version": "1"}, "This text comes from a newer editor. Reload the page and try again."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(bad: object, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        validate(bad)
    assert str(refused.value) == sentence and refused.value.fields == {"body": [sentence]}


@pytest.mark.parametrize(
    "href",
    ["javascript:alert(1)", "JaVaScRiPt:x", "data:text/html,x", "//evil.example", "/\\evil.example", "java\nscript:x",
     "https://", "http://[", "ftp://example.org/", "mailto:nobody", "", "https://a b/", "vbscript:x", " /x", 'https://a/"x'],
)  # fmt: skip
def test_a_link_that_leads_nowhere_good_is_refused(href: str) -> None:
    with pytest.raises(Invalid):
        validate(doc(block("paragraph", words("x", link(href)))))


@pytest.mark.parametrize(
    "href",
    [
        "https://example.org",
        "http://a.b/c?d#e",
        "mailto:a@b.c",
        "/x",
        "#y",
        "https://en.example.org/Barnard's_Star",
    ],
)
def test_a_good_link_is_taken(href: str) -> None:
    made = validate(doc(block("paragraph", words("x", link(href)))))
    assert made["content"][0]["content"][0]["marks"] == [link(href)]


def test_depth_number_and_size_have_a_limit() -> None:
    deep = block("bullet_list", block("list_item", paragraph()))
    for _ in range(10):
        deep = block("bullet_list", block("list_item", paragraph(), deep))
    wide = doc(*[block("paragraph")] * 5001)
    long = doc(paragraph("ä" * 300_000))
    for bad, told in ((doc(deep), "nested too deeply"), (wide, "too many parts"), (long, "too long")):
        with pytest.raises(Invalid, match=told):
            validate(bad)


def test_a_document_nested_a_million_times_is_refused_like_any_other() -> None:
    bad: dict[str, Any] = {"type": "bullet_list"}
    for _ in range(100_000):
        bad = {"type": "bullet_list", "content": [bad]}
    with pytest.raises(Invalid, match="nested too deeply"):
        validate({"type": "doc", "content": [bad]})
    while bad.get("content"):  # taken apart by hand: freeing it at once would exhaust the interpreter's stack
        bad = bad.pop("content")[0]


def test_pictures_and_posts_are_named_once_and_in_order() -> None:
    made = validate(
        doc(
            block("figure", image=3),
            block("gallery", block("gallery_item", image=1), block("gallery_item", image=3)),
            block("read_more", post=9),
            block("read_more", post=4),
            block("read_more", post=9),
        )  # fmt: skip
    )
    assert (image_ids(made), post_ids(made)) == ((3, 1), (9, 4))


def test_an_older_document_is_brought_up_step_by_step() -> None:
    def rename(old: dict[str, Any]) -> dict[str, Any]:
        return {**old, "content": [{**b, "type": b["type"].removeprefix("old_")} for b in old["content"]]}

    def add_rule(old: dict[str, Any]) -> dict[str, Any]:
        return {**old, "content": [*old["content"], {"type": "horizontal_rule"}]}

    old = {"type": "doc", "doc_version": 1, "content": [{"type": "old_paragraph"}]}
    made = migrated(old, 3, {1: rename, 2: add_rule})
    assert made == {
        "type": "doc",
        "doc_version": 3,
        "content": [{"type": "paragraph"}, {"type": "horizontal_rule"}],
    }
