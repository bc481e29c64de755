"""What people say of a picture."""

from typing import Any

from wtforms import BooleanField, Form, HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange

from blog.images import position, tagging
from blog.images.describing import LONGEST, Description, stand_of
from blog.images.reading import Picture
from blog.posts.labelling import Label

FIELDS = (
    "title",
    "alt",
    "decorative",
    "long_description",
    "caption",
    "credit",
    "rights",
    "licence",
    "source_url",
    "instrument",
    "objects",
    "focal_x",
    "focal_y",
)
INSIDE = NumberRange(0, 100, "The focal point lies between 0 and 100 percent.")


EVERYTHING = "all"
"""Confirms all words that came with the file at once."""


class PictureForm(Form):
    title = StringField(
        "Title", [Length(max=LONGEST["title"])], description="Its name in the library and on its page."
    )
    alt = TextAreaField(
        "Alternative text",
        [Length(max=500)],
        description="What is seen, for those who cannot see it. One or two sentences, up to 150 characters, without “image of”.",
    )
    decorative = BooleanField("Decorative: it says nothing that the text doesn't")
    caption = TextAreaField(
        "Caption", [Length(max=5000)], description="Stands under the picture. A story may use its own."
    )
    credit = StringField(
        "Credit", [Length(max=500)], description="Exactly as the source gives it. Needed before publishing."
    )
    rights = StringField(
        "Copyright",
        [Length(max=LONGEST["rights"])],
        description="Whose rights these are, where the source says so.",
    )
    licence = StringField(
        "Licence",
        [Length(max=120)],
        description="For example CC BY 4.0 or Public domain. Needed before publishing.",
    )
    source_url = StringField(
        "Source address", [Length(max=2000)], description="The page that the picture comes from."
    )
    instrument = StringField("Telescope or instrument", [Length(max=LONGEST["instrument"])])
    objects = StringField(
        "Objects",
        [Length(max=LONGEST["objects"])],
        description="What is shown, with commas between: M 42, Orion Nebula.",
    )
    position = StringField(
        "Position in the sky", [Length(max=100)], description="Like 05h 35m 17s −05° 23′ 28″, or in degrees."
    )
    tags = StringField(
        "Tags",
        [Length(max=1000)],
        description="Words to find it by, with commas between. Readers never see them.",
    )
    long_description = TextAreaField(
        "Long description",
        [Length(max=10000)],
        description="For charts and showpieces: everything the picture tells, in words.",
    )
    focal_x = IntegerField("Percent from the left", [INSIDE], default=50)
    focal_y = IntegerField("Percent from the top", [INSIDE], default=50)
    stand = HiddenField()

    def description(self, confirmed: list[str]) -> Description:
        """Raises Invalid for a position that is none."""
        blank = Description()
        given = {name: self[name].data for name in FIELDS}
        ra, dec = position.parse(self.position.data or "")
        return Description(
            **{name: getattr(blank, name) if value is None else value for name, value in given.items()},
            ra=ra, dec=dec, tags=tagging.split(self.tags.data or ""), confirmed=_named(confirmed),
            stand=self.stand.data or "",
        )  # fmt: skip


class LabelForm(Form):
    """The same words for several pictures; which ones is told beside."""

    credit = StringField("Credit", [Length(max=LONGEST["credit"])])
    licence = StringField("Licence", [Length(max=LONGEST["licence"])])
    tags = StringField("More tags", [Length(max=1000)])
    replaces = BooleanField("Replace credits and licences that are there")
    confirms = BooleanField("All words that came with their files are right")

    def label(self) -> Label:
        return Label(
            self.credit.data or "", self.licence.data or "", tagging.split(self.tags.data or ""),
            bool(self.replaces.data), bool(self.confirms.data),
        )  # fmt: skip


def of(picture: Picture, tags: tuple[str, ...]) -> PictureForm:
    return PictureForm(
        **{name: getattr(picture, name) for name in (*FIELDS, "position")},
        tags=", ".join(tags),
        stand=stand_of(picture),
    )


def said(given: dict[str, Any], picture: Picture) -> Description:
    """The words of a script's JSON over what is known already; what is no text or truth value counts as not given."""
    merged: dict[str, Any] = {name: getattr(picture, name) for name in (*FIELDS, "ra", "dec")}
    for name in FIELDS:
        if name in given and type(given[name]) is type(merged[name]):
            merged[name] = given[name]
    where = given.get("position")
    if isinstance(where, str) and where != picture.position:
        merged["ra"], merged["dec"] = position.parse(where)
    confirmed = given.get("confirmed")
    names = [str(name) for name in confirmed] if isinstance(confirmed, list) else []
    return Description(**merged, confirmed=_named(names))


def _named(confirmed: list[str]) -> tuple[str, ...]:
    return (*LONGEST, "position") if EVERYTHING in confirmed else tuple(confirmed)
