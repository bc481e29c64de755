"""A document as HTML, text, excerpt and count."""

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings

from blog.images.model import ImageId
from blog.images.reading import Picture
from blog.posts import prose
from blog.posts.document import validate
from blog.posts.prose import Resolve
from blog.posts.sanitize import clean
from tests.blog.posts.building import block, doc, link, paragraph, words
from tests.blog.posts.documents import HOSTILE, documents


def shot(number: int, **given: Any) -> Picture:
    known: dict[str, Any] = {
        "width": 3000, "height": 2000, "alt": f"Alt {number}", "decorative": False, "caption": f"Caption {number}",
        "credit": "E. Fictive", "licence": "CC BY 4.0",
    }  # fmt: skip
    return Picture(
        ImageId(number), "ab" * 32, **(known | given), source_url="", long_description="", focal_x=50, focal_y=50,
        colour="#000000", placeholder="", filename="a.jpg",
    )  # fmt: skip


RESOLVE = Resolve({n: shot(n) for n in range(1, 5)}, {1: ("Another <story>", "/2026/11/another")})
EVIL = Resolve(
    {
        n: shot(n, alt=HOSTILE[1], caption=HOSTILE[0], credit=HOSTILE[4], licence=HOSTILE[2])
        for n in range(1, 5)
    },
    dict.fromkeys(range(1, 5), (HOSTILE[0], "/2026/11/x")),
)


def html(*blocks: Any, resolve: Resolve = RESOLVE, today: date | None = None) -> str:
    return prose.page_html(validate(doc(*blocks)), resolve, today)


@settings(max_examples=80, deadline=None)
@given(documents())
def test_no_document_makes_html_that_the_cleaner_changes_or_a_browser_runs(document: dict[str, Any]) -> None:
    made = prose.page_html(validate(document), EVIL)
    assert clean(made) == made
    tags = "".join(re.findall(r"<[^>]*>", re.sub(r'"[^"]*"', '""', made)))
    assert not re.search(r"<(script|style|svg|iframe|object|form)|\son\w+=|\sstyle=", tags)
    assert not re.search(r'(href|src|data-embed|srcset)="\s*(javascript|data|vbscript):', made, re.I)


@settings(max_examples=40, deadline=None)
@given(documents())
def test_cleaning_takes_nothing_from_what_the_renderer_wrote(document: dict[str, Any]) -> None:
    made = prose.page_html(validate(document), RESOLVE)
    page = prose._Page(RESOLVE, None).whole(validate(document))
    assert len(re.findall(r"<\w+", made)) == len(re.findall(r"<\w+", str(page)))
    assert len(re.findall(r'\w="', made)) == len(re.findall(r'\w="', str(page)))


@settings(max_examples=50, deadline=None)
@given(documents())
def test_text_excerpt_and_count_come_of_any_document(document: dict[str, Any]) -> None:
    made = validate(document)
    assert len(prose.excerpt(made)) <= 300 and "\0" not in prose.plain_text(made)
    assert prose.count(made)[1] >= 1


def test_text_is_escaped_and_shared_marks_share_their_element() -> None:
    to, strong, em = link("https://example.org/?a=1&b=2"), {"type": "strong"}, {"type": "em"}
    made = html(
        block("paragraph", words("1 < 2 "), words("one ", to), words("link", to, strong), words("!", em))
    )
    assert made == (
        '<p>1 &lt; 2 <a href="https://example.org/?a=1&amp;b=2" rel="noopener">one <strong>link</strong></a><em>!</em></p>'
    )


def test_inline_formats_and_breaks() -> None:
    made = html(
        block(
            "paragraph", words("H"), words("2", {"type": "subscript"}), words("x", {"type": "superscript"}),
            {"type": "hard_break"}, words("f()", {"type": "code"}), {"type": "hard_break"},
        )
    )  # fmt: skip
    assert made == "<p>H<sub>2</sub><sup>x</sup><br><code>f()</code></p>"


def test_empty_paragraphs_and_headings_show_as_nothing() -> None:
    assert (
        html(block("paragraph"), block("heading", words("  ")), paragraph("x"), paragraph(" ")) == "<p>x</p>"
    )


def test_headings_have_anchors_of_their_own() -> None:
    made = html(*[block("heading", words("How it formed"), level=3)] * 2, block("heading", words("星")))
    assert re.findall(r'<(h\d) id="([^"]+)">', made) == [
        ("h3", "s-how-it-formed"),
        ("h3", "s-how-it-formed-2"),
        ("h2", "s-part"),
    ]


def test_lists_quotes_code_and_rules() -> None:
    item = block("list_item", paragraph("a"))
    nested = block("list_item", paragraph("b"), block("ordered_list", item, start=3))
    assert html(block("bullet_list", item, nested)) == (
        '<ul>\n<li>a</li>\n<li><p>b</p>\n<ol start="3">\n<li>a</li>\n</ol></li>\n</ul>'
    )
    assert (
        html(block("blockquote", paragraph("Q"), source="Who"))
        == "<blockquote><p>Q</p>\n<footer>Who</footer></blockquote>"
    )
    assert html(block("code_block", words("a <\n  b"), language="C++")) == (
        '<pre tabindex="0"><code class="language-c++">a &lt;\n  b</code></pre>'
    )
    assert html(block("horizontal_rule")) == "<hr>"


def test_a_figure_has_every_size_its_credit_and_a_link_to_its_page() -> None:
    made = html(block("figure", image=2, width="wide"))
    key = "/media/" + "ab" * 32
    assert made.startswith(
        '<figure class="figure figure--wide ratio-15" id="picture-1"><a href="/pictures/2" class="figure__link"'
    )
    assert f'data-width="2400" data-height="1600" data-src="{key}/2400.jpg"' in made
    assert (
        f'<source type="image/avif" srcset="{key}/480.avif 480w, {key}/720.avif 720w, {key}/960.avif 960w'
        in made
    )
    assert (
        '<img src="' + key + '/960.jpg" width="960" height="640" alt="Alt 2" loading="lazy" decoding="async">'
        in made
    )
    assert '<span class="figure__caption">Caption 2</span>' in made
    assert (
        'Credit: E. Fictive (<span><a href="https://creativecommons.org/licenses/by/4.0/" rel="license noopener">'
        in made
    )


def test_words_of_the_figure_win_over_those_of_the_picture() -> None:
    made = html(block("figure", image=1, alt="Own alt", caption="Own caption"))
    assert 'alt="Own alt"' in made and "Own caption" in made and "Caption 1" not in made
    assert "figure__caption" not in html(block("figure", image=1, caption=""))


def test_a_decorative_picture_has_an_empty_alt_and_its_link_a_name() -> None:
    made = html(block("figure", image=9), resolve=Resolve({9: shot(9, decorative=True, alt="unused")}))
    assert 'alt=""' in made and 'aria-label="View this picture"' in made


def test_a_picture_that_is_gone_leaves_its_caption_and_a_note() -> None:
    made = html(block("figure", image=99, caption="What it was"))
    assert (
        "figure--missing" in made and "This picture is not here any more." in made and "What it was" in made
    )


def test_a_small_picture_is_never_said_to_be_larger_than_it_is() -> None:
    made = html(block("figure", image=9), resolve=Resolve({9: shot(9, width=500, height=300)}))
    assert 'data-width="500" data-height="300"' in made and 'width="500" height="300" alt' in made


def gallery(*images: int) -> dict[str, Any]:
    return block("gallery", *(block("gallery_item", image=image) for image in images))


def test_a_gallery_has_ratios_for_its_rows_and_numbers_for_its_lightbox() -> None:
    wide, tall = shot(1, width=9000, height=1000), shot(2, width=1000, height=9000)
    made = html(gallery(1, 2, 3), block("figure", image=3), resolve=Resolve({1: wide, 2: tall, 3: shot(3)}))
    assert made.startswith('<div class="gallery" data-gallery="">')
    assert re.findall(r'gallery__item (ratio-\d+)" id="(picture-\d)" data-ratio="([\d.]+)"', made) == [
        ("ratio-40", "picture-1", "9.00"), ("ratio-4", "picture-2", "0.11"), ("ratio-15", "picture-3", "1.50"),
    ]  # fmt: skip
    assert 'id="picture-4"' in made


def test_a_gallery_of_one_is_a_figure_and_one_of_many_unfolds() -> None:
    assert 'class="figure figure--main ratio-15"' in html(gallery(1)) and "data-gallery" not in html(
        gallery(1)
    )
    assert "<details" not in html(gallery(*[1] * 12))
    made = html(gallery(*[1] * 31))
    assert "<summary>Show all 31</summary>" in made
    assert made.index("picture-12") < made.index("<details") < made.index("picture-13")


def test_bottom_line_and_read_more() -> None:
    assert (
        html(block("bottom_line", paragraph("So.")))
        == '<aside class="bottom-line"><h2>Bottom line</h2>\n<p>So.</p></aside>'
    )
    assert html(block("read_more", post=1)) == (
        '<p class="read-more"><span>Read more</span> <a href="/2026/11/another">Another &lt;story&gt;</a></p>'
    )
    assert html(block("read_more", post=2), paragraph("x")) == "<p>x</p>"


@pytest.mark.parametrize(("today", "shown"), [("2026-11-20", True), ("2026-11-21", False), (None, True)])
def test_a_promotion_vanishes_the_day_after_its_last(today: str | None, shown: bool) -> None:
    offer = block(
        "promotion",
        paragraph("Buy."),
        heading="Calendar",
        url="https://shop.example.org/",
        label="Get it",
        ends="2026-11-20",
    )
    made = html(offer, today=date.fromisoformat(today) if today else None)
    assert ('data-ends="2026-11-20"' in made) is shown
    assert (
        '<a class="promotion__link" href="https://shop.example.org/" rel="sponsored noopener">Get it</a>'
        in made
    ) is shown


def test_an_embed_is_a_link_until_the_reader_presses_play() -> None:
    made = html(block("embed", url="https://www.youtube.com/watch?v=abc_1-2"))
    assert 'data-embed="https://www.youtube-nocookie.com/embed/abc_1-2" data-provider="YouTube"' in made
    assert (
        '<a href="https://www.youtube.com/watch?v=abc_1-2" rel="noopener nofollow">Watch on YouTube</a>'
        in made
    )
    assert "Loads from youtube.com when you press play." in made and "iframe" not in made
    assert html(block("embed", url="https://example.org/x", title="A map")) == (
        '<div class="embed embed--link"><p><a href="https://example.org/x" rel="noopener nofollow">A map</a></p>'
        '\n<p class="embed__note">example.org</p></div>'
    )
    card = html(
        block("embed", url="https://example.org/x", title="A map", description="Of Mars.", site="The Atlas")
    )
    assert (
        '<p class="embed__about">Of Mars.</p>\n<p class="embed__note">The Atlas</p>' in card
        and "data-embed" not in card
    )


def test_plain_text_leaves_promotions_out_and_keeps_captions() -> None:
    made = validate(
        doc(
            block("heading", words("Head")),
            block("paragraph", words("One"), {"type": "hard_break"}, words("two")),
            block("promotion", paragraph("Buy.")),
            block("figure", image=1, caption="Seen."),
        )  # fmt: skip
    )
    assert prose.plain_text(made) == "Head\n\nOne\ntwo\n\nSeen."
    assert prose.count(made) == (4, 1)


def test_an_excerpt_ends_with_a_sentence_or_else_with_a_word() -> None:
    sentences = validate(doc(block("heading", words("No")), paragraph("A first sentence stands here. " * 20)))
    assert prose.excerpt(sentences).endswith("here.") and 250 < len(prose.excerpt(sentences)) <= 300
    endless = validate(doc(paragraph("word, " * 100)))
    assert prose.excerpt(endless).endswith("word…") and len(prose.excerpt(endless)) <= 300
    assert prose.excerpt(validate(doc(paragraph("x" * 500)))) == "x" * 299 + "…"


def test_minutes_go_by_230_words() -> None:
    assert prose.count(validate(doc(paragraph("word " * 612)))) == (612, 3)


def test_a_figures_empty_alt_gives_way_to_the_pictures() -> None:
    for blank in ("", "  "):
        assert 'alt="Alt 1"' in html(block("figure", image=1, alt=blank))
