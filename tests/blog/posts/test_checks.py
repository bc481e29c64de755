"""What stands between a manuscript and the public."""

from typing import Any

import pytest

from blog.posts.checks import Finding, Leads, findings, gate
from blog.posts.document import validate
from blog.posts.drafts import Draft
from blog.refusals import Invalid
from tests.blog.posts.building import block, doc, link, paragraph, words
from tests.blog.posts.test_prose import shot


def found(*blocks: Any, shown: Any = None, **fields: Any) -> set[tuple[str, bool]]:
    given: dict[str, Any] = {
        "title": "T",
        "dek": "D",
        "author_ids": (1,),
        "topic_ids": (1,),
        "lead_image": 1,
    } | fields
    draft = Draft(**given, body=validate(doc(*blocks)))
    return {(one.field, one.blocks) for one in findings(draft, {1: shot(1)} | (shown or {}), {})}


def test_a_story_with_everything_has_no_finding() -> None:
    assert found() == set()


@pytest.mark.parametrize(
    ("fields", "finding"),
    [
        ({"title": ""}, ("title", True)),
        ({"author_ids": ()}, ("authors", True)),
        ({"lead_image": None}, ("lead_image", False)),
        ({"lead_image": 5}, ("lead_image", True)),
        ({"topic_ids": ()}, ("topics", False)),
        ({"dek": "TK a dek"}, ("dek_marks", True)),
        ({"title": "TK"}, ("title_marks", True)),
    ],
)
def test_each_lack_is_found(fields: dict[str, Any], finding: tuple[str, bool]) -> None:
    assert found(**fields) == {finding}


def test_a_first_paragraph_stands_in_for_the_dek() -> None:
    assert found(paragraph("Words."), dek="") == set()
    assert found(block("heading", words("Only a heading")), dek="") == {("dek", True)}


def test_alt_text_may_come_from_the_picture_or_the_figure_or_be_unneeded() -> None:
    bare, decorative = shot(2, alt=""), shot(3, alt="", decorative=True)
    shown = {2: bare, 3: decorative}
    assert found(block("figure", image=2), shown=shown) == {("pictures", True)}
    assert found(block("figure", image=2, alt="Own"), shown=shown) == set()
    assert found(block("figure", image=2, alt=" "), shown=shown) == {("pictures", True)}
    assert found(block("figure", image=3), shown=shown) == set()
    assert found(lead_image=2, shown=shown) == {("lead_image", True)}


def test_credit_and_licence_are_never_optional() -> None:
    for lack in ("credit", "licence"):
        assert found(block("figure", image=2), shown={2: shot(2, **{lack: ""})}) == {("pictures", True)}


def test_words_that_came_with_a_file_are_read_by_somebody_first() -> None:
    assert found(lead_image=2, shown={2: shot(2, unconfirmed=("credit",))}) == {("lead_image", True)}
    (one,) = findings(
        Draft(title="T", dek="D", author_ids=(1,), topic_ids=(1,), lead_image=1, body=doc()),
        {1: shot(1, unconfirmed=("credit", "caption"))},
        {},
    )
    assert "Read them, and confirm or change each." in one.sentence and one.waivable


def test_a_skipped_level_and_a_link_to_a_draft_are_advice() -> None:
    assert found(block("heading", level=2), block("heading", level=4)) == {("body", False)}
    assert found(block("heading", level=3)) == {("body", False)}
    assert found(block("heading", level=2), block("heading", level=3), block("heading", level=2)) == set()
    assert found(block("read_more", post=4)) == {("body", False)}


def test_the_gate_stops_only_at_what_blocks() -> None:
    gate((Finding("topics", "Advice.", False),))
    with pytest.raises(Invalid) as refused:
        gate((Finding("title", "One."), Finding("title", "Two."), Finding("body", "Advice.", False)))
    assert refused.value.fields == {"title": ["One.", "Two."]}


def test_a_finding_names_the_block_that_it_is_about() -> None:
    body = validate(
        doc(
            paragraph("Fine."), paragraph("Seen by TK astronomers."), block("heading", words("Deep"), level=4)
        )
    )
    draft = Draft(title="T", dek="D", author_ids=(1,), topic_ids=(1,), lead_image=1, body=body)
    told = [(one.field, one.block) for one in findings(draft, {1: shot(1)}, {})]
    assert told == [("marks", 2), ("body", 3)]


def test_a_link_to_a_story_that_is_not_there_blocks() -> None:
    body = validate(doc(paragraph("Fine."), block("paragraph", words("See", link("/2026/11/gone")))))
    draft = Draft(title="T", dek="D", author_ids=(1,), topic_ids=(1,), lead_image=1, body=body)
    (one,) = findings(draft, {1: shot(1)}, {}, Leads(frozenset({"/2026/11/gone"})))
    assert (one.field, one.block, one.blocks) == ("links", 2, True)


def test_what_is_waived_passes_and_what_no_page_can_do_without_does_not() -> None:
    gate((Finding("marks", "TK."), Finding("pictures", "No credit.")), waived=True)
    with pytest.raises(Invalid) as refused:
        gate((Finding("marks", "TK."), Finding("title", "None.")), waived=True)
    assert refused.value.fields == {"title": ["None."]}
