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
