"""HTML that can be trusted: bleach, then nh3 with the same allow-list. The only file that imports either.

``clean`` takes what our own renderer wrote, once, before it is stored; ``clean_foreign`` takes what people paste or import.
"""

import html as entities
import re
from collections.abc import Callable, Mapping

import bleach.sanitizer
import nh3

from blog.posts.addresses import is_link, is_web
from blog.posts.embeds import is_player
from blog.refusals import Invalid

MOST_FOREIGN = 512 * 1024
"""Characters of foreign HTML taken at once; more could keep bleach busy for seconds."""

Check = Callable[[str], bool]
Allowed = Mapping[str, Mapping[str, Check]]

_CLASS = re.compile(
    r"(figure|gallery|credit|bottom-line|fact-box|read-more|promotion|embed|table|notes?|sources?|sky-card|ratio|language)([_-][a-z0-9_+#.-]+)?"
)
_RELATIONS = frozenset({"noopener", "nofollow", "sponsored", "license"})


def clean(html: str) -> str:
    """What our renderer may have written: anything else in it is dropped, whichever door it came through."""
    return _twice(html, _OURS)


def clean_foreign(html: str) -> str:
    """Text with its headings, lists, links and emphasis; no picture, script, style, form or frame, and no text of theirs.

    Raises Invalid where it is longer than MOST_FOREIGN.
    """
    if len(html) > MOST_FOREIGN:
        raise Invalid("That is too much text at once. Take it in smaller parts.")
    # nh3 goes first here: it drops the text of scripts, which bleach would show, and hands bleach well-formed input.
    return _twice(nh3.clean(html, tags=set(_FOREIGN), clean_content_tags=_SILENCED, link_rel=None), _FOREIGN)


def _twice(html: str, allowed: Allowed) -> str:
    def fits(tag: str, name: str, value: str) -> bool:
        check = _check(allowed, tag, name)
        return check is not None and check(entities.unescape(value))

    def kept(tag: str, name: str, value: str) -> str | None:
        check = _check(allowed, tag, name)
        return value if check is not None and check(value) else None

    schemes = {"http", "https", "mailto"}
    once = bleach.sanitizer.Cleaner(tags=set(allowed), attributes=fits, protocols=schemes, strip=True).clean(
        html
    )
    names = {tag: {"class", *checks} for tag, checks in allowed.items()}
    return nh3.clean(
        once, tags=set(allowed), attributes=names, attribute_filter=kept, url_schemes=schemes, link_rel=None
    )  # fmt: skip


def _check(allowed: Allowed, tag: str, name: str) -> Check | None:
    if name == "class" and allowed is _OURS:
        return _are_classes
    return allowed.get(tag, {}).get(name)


def _are_classes(value: str) -> bool:
    return all(_CLASS.fullmatch(name) for name in value.split())


def _are_media(srcset: str) -> bool:
    """Neither cleaner looks into a srcset: every address in ours must be a rendition of our own."""
    return all(re.fullmatch(r"/media/[0-9a-z]+/[0-9a-z.]+ [0-9]{1,6}w", part) for part in srcset.split(", "))


def _are_relations(value: str) -> bool:
    return set(value.split()) <= _RELATIONS


def _any(value: str) -> bool:
    return True


def _like(pattern: str) -> Check:
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


_number = _like(r"[0-9]{1,6}")
_anchor = _like(r"[a-z0-9-]{1,120}")
_media = _like(r"/media/[0-9a-z]+/[0-9a-z.]+")
_heading: Mapping[str, Check] = {"id": _anchor}
_bare: Mapping[str, Check] = {}

_OURS: Allowed = {
    **dict.fromkeys(
        ("p", "ul", "hr", "br", "strong", "em", "sup", "sub", "code", "span", "blockquote", "footer", "figcaption",
         "picture", "details", "summary", "section", "table", "caption", "thead", "tbody", "tr", "td"), _bare),
    "li": {"id": _anchor},
    "th": {"scope": _like("row|col")},
    "h2": _heading, "h3": _heading, "h4": _heading,
    "ol": {"start": _number},
    "pre": {"tabindex": _like("0")},
    "figure": {"id": _anchor, "data-ratio": _like(r"[0-9]{1,5}\.[0-9]{2}")},
    "a": {"href": is_link, "id": _anchor, "rel": _are_relations, "aria-label": _any,
          "data-width": _number, "data-height": _number, "data-src": _media},
    "source": {"type": _like("image/(avif|webp)"), "srcset": _are_media, "sizes": _like(r"[0-9a-z(): ,.-]+")},
    "img": {"src": _media, "width": _number, "height": _number, "alt": _any,
            "loading": _like("lazy"), "decoding": _like("async")},
    "div": {"data-gallery": _like(""), "data-embed": is_player, "data-provider": _like("[A-Za-z]{1,20}"),
            "role": _like("region"), "tabindex": _like("0"), "aria-label": _any},
    "aside": {"data-ends": _like(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")},
}  # fmt: skip

_FOREIGN: Allowed = {
    **dict.fromkeys(
        ("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "li", "blockquote", "pre", "code", "hr", "br",
         "strong", "b", "em", "i", "sup", "sub"), _bare),
    "a": {"href": lambda href: is_web(href) or href.lower().startswith("mailto:")},
    "ol": {"start": _number},
}  # fmt: skip
_SILENCED = {
    "script", "style", "template", "iframe", "noscript", "object", "svg", "math", "title", "textarea", "select",
    "button", "noembed", "noframes", "xmp", "audio", "video", "canvas",
}  # fmt: skip
