"""Two texts side by side, block by block."""

from blog.posts.comparing import Piece, compare, lines
from tests.blog.posts.building import Node, block, doc, paragraph, words


def rows(before: Node, after: Node) -> list[tuple[str, str, str]]:
    """Label and both sides' words, of what is not the same."""

    def said(pieces: tuple[Piece, ...] | None) -> str:
        return "-" if pieces is None else "".join(piece.words for piece in pieces)

    found = compare(lines(before), lines(after))
    return [
        (row.label, said(row.before), said(row.after)) for part in found for row in part.rows if not part.same
    ]


def test_a_block_put_before_one_that_changed_is_new_and_the_other_changed() -> None:
    before = doc(paragraph("The rings of Saturn are made of ice and dust."))
    after = doc(paragraph("Look up tonight."), paragraph("The rings of Saturn are made of ice and old dust."))
    assert rows(before, after) == [
        ("Text", "-", "Look up tonight."),
        ("Text", "The rings of Saturn are made of ice and dust.", "The rings of Saturn are made of ice and old dust."),
    ]  # fmt: skip


def test_a_paragraph_that_went_is_shown_as_gone() -> None:
    assert rows(doc(paragraph("Stays."), paragraph("Goes.")), doc(paragraph("Stays."))) == [
        ("Text", "Goes.", "-")
    ]


def test_words_that_only_became_bold_count_as_a_difference() -> None:
    plain, bold = doc(paragraph("Ice.")), doc(block("paragraph", words("Ice.", {"type": "strong"})))
    (stretch,) = compare(lines(plain), lines(bold))
    assert not stretch.same and stretch.rows[0].only_form


def test_pictures_lists_and_unheard_of_blocks_are_words_too() -> None:
    item = block("list_item", paragraph("One"))
    told = lines(
        doc(
            block("bullet_list", item, block("list_item", paragraph("Two"))),
            block("figure", image=7, alt=None, caption="Dust", width="wide"),
            block("sky_card", object="Saturn"),
        )
    )
    assert [(line.label, line.words) for line in told] == [
        ("List", "• One\n• Two"),
        ("Picture", "No. 7\nDust"),
        ("Sky card", "Saturn"),
    ]


def test_one_word_in_a_very_long_block_is_still_pointed_out() -> None:
    long = "ice and dust " * 7000
    (stretch,) = compare(
        lines(doc(paragraph(f"{long}old {long}"))), lines(doc(paragraph(f"{long}new {long}")))
    )
    assert [piece.words for piece in stretch.rows[0].after or () if piece.differs] == ["new "]


def test_a_very_long_block_that_changed_all_over_is_shown_as_changed_as_a_whole() -> None:
    before, after = "ice and dust " * 1500, "dust or ice " * 1500
    (stretch,) = compare(lines(doc(paragraph(before))), lines(doc(paragraph(after))))
    assert [len(stretch.rows[0].before or ()), len(stretch.rows[0].after or ())] == [1, 1]


def test_words_put_at_the_end_leave_the_last_one_as_it_was() -> None:
    (stretch,) = compare(lines(doc(paragraph("Look up"))), lines(doc(paragraph("Look up tonight"))))
    assert stretch.rows[0].after == (Piece("Look up "), Piece("tonight", True))


def test_each_of_many_rewritten_blocks_is_beside_the_one_that_it_was() -> None:
    before = doc(*(paragraph(f"Number {n} was ice.") for n in range(300)))
    after = doc(*(paragraph(f"Number {n} was dust.") for n in range(300)))
    assert rows(before, after)[299] == ("Text", "Number 299 was ice.", "Number 299 was dust.")
