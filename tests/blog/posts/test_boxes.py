"""Notes, tables, fact boxes, sky cards and parts as HTML and words."""

from typing import Any

from blog.posts import prose
from blog.posts.document import validate
from blog.posts.prose import Resolve
from tests.blog.posts.building import block, doc, paragraph, words


def html(*blocks: Any) -> str:
    return prose.page_html(validate(doc(*blocks)), Resolve())


def test_notes_are_numbered_in_the_text_and_stand_together_at_its_end() -> None:
    first = block("footnote", text="See the paper.", url="https://doi.example.org/10.1/x")
    second, empty = block("footnote", text="By eye."), block("footnote", text=" ")
    made = html(block("paragraph", words("Far"), first), block("paragraph", words("and wide"), empty, second))
    assert (
        'Far<sup class="note"><a href="#note-1" id="note-sign-1" aria-label="Note 1">1</a></sup></p>' in made
    )
    assert 'and wide<sup class="note"><a href="#note-2"' in made
    assert made.endswith(
        '<li id="note-1"><a href="https://doi.example.org/10.1/x" rel="noopener">See the paper.</a> '
        '<a class="note__back" href="#note-sign-1" aria-label="Back to note 1 in the text">↩</a></li>\n'
        '<li id="note-2">By eye. <a class="note__back" href="#note-sign-2" aria-label="Back to note 2 in the text">↩</a></li>'
        "\n</ol></section>"
    )
    assert prose.plain_text(validate(doc(block("paragraph", words("Far"), first)))) == "Far\n\nSee the paper."


def row(*cells: str) -> dict[str, Any]:
    return block("table_row", *(block("table_cell", *([words(cell)] if cell else [])) for cell in cells))


def test_a_table_names_its_rows_and_columns_and_scrolls_by_itself() -> None:
    made = html(
        block("table", row("", "Mass"), row("Mars", "0.1"), row("Venus"), caption="Planets", head="both")
    )
    assert made == (
        '<div class="table" role="region" tabindex="0" aria-label="Planets"><table><caption>Planets</caption>'
        '<thead><tr><td></td><th scope="col">Mass</th></tr></thead><tbody><tr><th scope="row">Mars</th><td>0.1</td></tr>'
        '<tr><th scope="row">Venus</th><td></td></tr></tbody></table></div>'
    )
    assert html(block("table", row("", ""))) == ""
    assert (
        prose.plain_text(validate(doc(block("table", row("Mars", "0.1"), caption="Mass"))))
        == "Mars\t0.1\nMass"
    )


def test_a_fact_box_has_a_heading_and_a_sky_card_leads_to_tonights_sky() -> None:
    box = html(block("fact_box", paragraph("Far."), heading="Neptune"))
    assert box == '<aside class="fact-box"><h2>Neptune</h2>\n<p>Far.</p></aside>'
    assert "<h2>Facts</h2>" in html(block("fact_box", paragraph("Far.")))
    assert '<a href="/sky">The Moon tonight</a>' in html(block("sky_card", show="moon"))


def test_a_part_for_the_web_is_kept_from_mails_and_one_for_mails_from_the_page() -> None:
    web = block("part", block("heading", words("Here")), paragraph("On the page."), medium="web")
    mail = block("part", paragraph("In the mail."), medium="mail")
    assert html(paragraph("For all."), web, mail) == (
        '<p>For all.</p>\n<h2 id="s-here">Here</h2>\n<p>On the page.</p>'
    )
    made = validate(doc(web, mail, paragraph("For all.")))
    assert prose.plain_text(made) == "Here\n\nOn the page.\n\nFor all."
    assert (prose.excerpt(made), prose.mail_words(made)) == ("For all.", "In the mail.")
