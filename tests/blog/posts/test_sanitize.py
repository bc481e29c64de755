"""What the two cleaners let through, and what foreign HTML becomes."""

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog.posts.document import from_html, validate
from blog.posts.embeds import FRAME_HOSTS, find, hosts, is_player
from blog.posts.sanitize import MOST_FOREIGN, clean, clean_foreign
from blog.refusals import Invalid
from tests.blog.posts.building import paragraph
from tests.blog.posts.documents import HOSTILE

KEY = "/media/" + "ab" * 32


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ('<p onclick="x" style="color:red" class="x">a</p>', "<p>a</p>"),
        ('<p class="figure evil">a</p>', "<p>a</p>"),
        ('<img src="https://evil.example/x.jpg" alt="a">', '<img alt="a">'),
        (f'<source type="image/avif" srcset="{KEY}/480.avif 480w, https://evil.example/x 960w">', '<source type="image/avif">'),
        (f'<source srcset="{KEY}/480.avif 480w, {KEY}/960.avif 960w">', f'<source srcset="{KEY}/480.avif 480w, {KEY}/960.avif 960w">'),
        (f'<img src="{KEY}/../../../etc/passwd">', "<img>"),
        ('<a href="javascript:alert(1)">a</a>', "<a>a</a>"),
        ('<a href="java&#x0A;script:alert(1)">a</a>', "<a>a</a>"),
        ('<a href="//evil.example">a</a>', "<a>a</a>"),
        ('<a href="/x" target="_blank" rel="opener">a</a>', '<a href="/x">a</a>'),
        ('<div class="embed" data-embed="https://evil.example/">a</div>', '<div class="embed">a</div>'),
        ("<p>a<!-- b --></p>", "<p>a</p>"),
        ('<form action="/x"><input name="a"></form>', ""),
        ('<h2 id="picture-1" name="x">a</h2>', '<h2 id="picture-1">a</h2>'),
        ('<pre tabindex="5">a</pre>', "<pre>a</pre>"),
    ],
)  # fmt: skip
def test_only_what_the_renderer_writes_gets_through(html: str, kept: str) -> None:
    assert clean(html) == kept


def test_foreign_html_loses_scripts_with_their_text_and_pictures() -> None:
    dirty = (
        "<p>a<script>alert(1)</script><style>p{}</style><img src=x onerror=y><svg><text>t</text></svg>b</p>"
    )
    assert clean_foreign(dirty) == "<p>ab</p>"
    assert (
        clean_foreign('<a href="https://a.b/" class="x">a</a><a href="/x">b</a>')
        == '<a href="https://a.b/">a</a><a>b</a>'
    )


def test_too_much_foreign_html_is_refused() -> None:
    with pytest.raises(Invalid, match="too much text"):
        clean_foreign("x" * (MOST_FOREIGN + 1))


def test_headings_lists_and_formats_come_over() -> None:
    blocks = from_html(
        "<h1>Big\n title</h1><div>Hi <b>bold <i>both</i></b><br></div><ul><li>one<ol start=3><li>two</ol></ul>"
        "<blockquote>q</blockquote><pre>a\n  b</pre><hr>H<sub>2</sub>"
    )
    assert [block["type"] for block in blocks] == [
        "heading", "paragraph", "bullet_list", "blockquote", "code_block", "horizontal_rule", "paragraph",
    ]  # fmt: skip
    assert blocks[0] == {
        "type": "heading",
        "attrs": {"level": 2},
        "content": [{"type": "text", "text": "Big title"}],
    }
    assert blocks[2]["content"][0]["content"][1]["attrs"] == {"start": 3}
    assert blocks[4]["content"] == [{"type": "text", "text": "a\n  b"}]
    assert blocks[6]["content"][1] == {"type": "text", "text": "2", "marks": [{"type": "subscript"}]}


def test_plain_paragraphs_and_nothing_at_all() -> None:
    assert from_html("<p>Stars form in clouds.</p>") == [paragraph()]
    assert from_html("") == from_html("<p> </p><script>x</script><ul><li></li></ul>") == []


TAGS = ["p", "div", "ul", "ol", "li", "blockquote", "pre", "b", "i", "a href='https://a.b/'", "a href='x'", "sup", "sub", "code",
        "h1", "h5", "br", "hr", "script", "table", "td", "span", "svg"]  # fmt: skip
soup = st.lists(
    st.one_of(
        st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag.split()[0]}>" for tag in TAGS]),
        st.sampled_from(HOSTILE),
        st.text(max_size=8),
    ),
    max_size=30,
).map("".join)


@settings(max_examples=200, deadline=None)
@given(soup)
def test_whatever_is_pasted_becomes_a_valid_document(html: str) -> None:
    blocks = from_html(html)
    if blocks:
        assert [b["type"] for b in validate({"type": "doc", "content": blocks})["content"]] == [
            b["type"] for b in blocks
        ]


class Seen(HTMLParser):
    """Every tag and attribute that a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(name, value or "") for name, value in attrs}


@settings(max_examples=100, deadline=None)
@given(soup)
def test_nothing_that_runs_survives_either_cleaning(html: str) -> None:
    for cleaned, others in ((clean(html), set[str]()), (clean_foreign(html), {"table", "td"})):
        seen = Seen()
        seen.feed(cleaned)
        seen.close()
        assert not seen.tags & ({"script", "style", "svg", "iframe", "form", "input"} | others)
        assert all(
            not name.startswith("on") and "script:" not in value.lower() for name, value in seen.attributes
        )


def test_deep_foreign_html_neither_crashes_nor_lasts() -> None:
    assert validate({"type": "doc", "content": from_html("<ul><li>" * 2000 + "x")})["content"]


@pytest.mark.parametrize(
    ("url", "provider", "frame"),
    [
        ("https://youtu.be/abc_-1?t=5", "YouTube", "https://www.youtube-nocookie.com/embed/abc_-1"),
        ("https://m.youtube.com/shorts/abc", "YouTube", "https://www.youtube-nocookie.com/embed/abc"),
        ("https://www.youtube.com/@channel", "", ""),
        ("https://vimeo.com/123/ab12", "Vimeo", "https://player.vimeo.com/video/123?dnt=1&h=ab12"),
        ("https://vimeo.com/about", "", ""),
        ("https://bsky.app/profile/a.example/post/3k2", "Bluesky", "https://embed.bsky.app/embed/a.example/app.bsky.feed.post/3k2"),
        ("https://twitter.com/a/status/12", "X", "https://platform.twitter.com/embed/Tweet.html?id=12&dnt=true"),
        ("https://www.instagram.com/a/reel/Ab-_1/", "Instagram", "https://www.instagram.com/reel/Ab-_1/embed"),
        ("https://social.example.org/@maren/123", "Mastodon", "https://social.example.org/@maren/123/embed"),
        ("https://a.example/@maren@b.example/12/", "Mastodon", "https://a.example/@maren@b.example/12/embed"),
        ("https://localhost/@maren/123", "Mastodon", ""),
        ("https://youtube.com.evil.example/watch?v=abc", "", ""),
        ("https://youtu.be/%3Cscript%3E", "", ""),
    ],
)  # fmt: skip
def test_players_are_known_by_their_addresses(url: str, provider: str, frame: str) -> None:
    found = find(url)
    assert (found.provider, found.frame) == (provider, frame)
    named = frame.startswith(FRAME_HOSTS)
    assert not frame or (is_player(frame) and (named or hosts(f'data-embed="{frame}"')))


def test_no_other_frame_is_a_player() -> None:
    for frame in (
        "https://evil.example/",
        "https://www.youtube-nocookie.com.evil.example/x",
        "javascript:alert(1)",
        FRAME_HOSTS[0],
    ):
        assert not is_player(frame)
