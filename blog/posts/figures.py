"""Figures and gallery items of a text as HTML: every size by address, never cropped, never without their credit."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from blog import links
from blog.images.reading import Picture
from blog.posts.sources import Source

SIZES = {
    "figure--main": "(min-width: 768px) 680px, 92vw",
    "figure--wide": "(min-width: 1024px) 960px, 92vw",
    "figure--full": "100vw",
    "gallery__item": "(min-width: 1024px) 480px, (min-width: 480px) 50vw, 92vw",
}


@dataclass(frozen=True)
class Resolve:
    """What a document's ids stand for. An id that is missing is shown as missing (a picture) or not at all (a story)."""

    pictures: Mapping[int, Picture] = field(default_factory=dict)
    stories: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    """(title, path) of published posts."""
    sources: tuple[Source, ...] = ()
    """Of the story itself; they stand at its end, and notes point at them."""


def figure(attrs: Mapping[str, Any], resolve: Resolve, number: int, kind: str) -> Markup:
    """``number`` counts the pictures of the text from 1; the lightbox's addresses end in it."""
    picture = resolve.pictures.get(attrs["image"])
    return _figure(attrs, picture, number, kind, Markup(""), f" ratio-{picture.step}" if picture else "")


def item(attrs: Mapping[str, Any], resolve: Resolve, number: int) -> Markup:
    picture = resolve.pictures.get(attrs["image"])
    ratio = picture.width / picture.height if picture else 1.5
    shape = Markup(' data-ratio="{}"').format(f"{ratio:.2f}")
    return _figure(
        attrs, picture, number, "gallery__item", shape, f" ratio-{picture.step if picture else 15}"
    )


def _figure(
    attrs: Mapping[str, Any], picture: Picture | None, number: int, kind: str, shape: Markup, more: str = ""
) -> Markup:
    caption = attrs["caption"] if attrs["caption"] is not None else (picture.caption if picture else "")
    if picture is None:
        body, kind = (
            Markup('<p class="figure__note">This picture is not here any more.</p>'),
            f"{kind} figure--missing",
        )
    else:
        body = _link(picture, _alt(attrs, picture), SIZES[kind])
    return Markup('<figure class="figure {}{}" id="picture-{}"{}>{}{}</figure>').format(
        kind, more, number, shape, body, _caption(caption.strip(), picture)
    )


def _alt(attrs: Mapping[str, Any], picture: Picture) -> str:
    """The figure's own words; where it has none, the picture's. ``checks`` asks for one of them."""
    if own := (attrs["alt"] or "").strip():
        return str(own)
    return "" if picture.decorative else picture.alt


def _link(picture: Picture, alt: str, sizes: str) -> Markup:
    widest, shown = picture.widths[-1], next((w for w in picture.widths if w >= 960), picture.widths[-1])
    sources = Markup("").join(
        Markup('<source type="image/{0}" srcset="{1}" sizes="{2}">').format(fmt, picture.srcset(fmt), sizes)
        for fmt in ("avif", "webp")
    )
    image = Markup('<img src="{}" width="{}" height="{}" alt="{}" loading="lazy" decoding="async">').format(
        picture.url(shown), shown, _height(picture, shown), alt
    )
    # A link whose only content is a picture without words has no name that could be read out.
    name = Markup("") if alt else Markup(' aria-label="View this picture"')
    return Markup(
        '<a href="{}" class="figure__link" data-width="{}" data-height="{}" data-src="{}"{}><picture>{}{}</picture></a>'
    ).format(
        links.picture(picture.id), widest, _height(picture, widest), picture.largest, name, sources, image
    )


def _height(picture: Picture, width: int) -> int:
    return max(1, round(picture.height * width / picture.width))


def _caption(caption: str, picture: Picture | None) -> Markup:
    words = Markup('<span class="figure__caption">{}</span> ').format(caption) if caption else Markup("")
    credit = picture_credit(picture) if picture and picture.credit else Markup("")
    return Markup("<figcaption>{}{}</figcaption>").format(words, credit) if words or credit else Markup("")


def picture_credit(picture: Picture) -> Markup:
    licence = (
        Markup(" (<span>{}</span>)").format(_licence(picture.licence)) if picture.licence else Markup("")
    )
    return Markup('<span class="credit">Credit: {}{}</span>').format(picture.credit, licence)


def _licence(name: str) -> Markup | str:
    """Creative Commons licences link to their text; any other is told as it is."""
    found = re.fullmatch(r"CC (BY(?:-(?:SA|ND|NC|NC-SA|NC-ND))?) ([1-4]\.[05])", name.strip())
    if not found:
        return name
    return Markup(
        '<a href="https://creativecommons.org/licenses/{}/{}/" rel="license noopener">{}</a>'
    ).format(found[1].lower(), found[2], name.strip())
