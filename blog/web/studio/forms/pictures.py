"""What people say of a picture."""

from typing import Any

from wtforms import BooleanField, Form, IntegerField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange

from blog.images.describing import Description
from blog.images.reading import Picture

FIELDS = (
    "alt",
    "decorative",
    "long_description",
    "caption",
    "credit",
    "licence",
    "source_url",
    "focal_x",
    "focal_y",
)
INSIDE = NumberRange(0, 100, "The focal point lies between 0 and 100 percent.")


class PictureForm(Form):
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
    licence = StringField(
        "Licence",
        [Length(max=120)],
        description="For example CC BY 4.0 or Public domain. Needed before publishing.",
    )
    source_url = StringField(
        "Source address", [Length(max=2000)], description="The page that the picture comes from."
    )
    long_description = TextAreaField(
        "Long description",
        [Length(max=10000)],
        description="For charts and showpieces: everything the picture tells, in words.",
    )
    focal_x = IntegerField("Percent from the left", [INSIDE], default=50)
    focal_y = IntegerField("Percent from the top", [INSIDE], default=50)

    @property
    def description(self) -> Description:
        blank = Description()
        given = {name: self[name].data for name in FIELDS}
        return Description(
            **{name: getattr(blank, name) if value is None else value for name, value in given.items()}
        )


def of(picture: Picture) -> PictureForm:
    return PictureForm(**{name: getattr(picture, name) for name in FIELDS})


def said(given: dict[str, Any], picture: Picture) -> Description:
    """The words of a script's JSON over what is known already; what is no text or truth value counts as not given."""
    merged: dict[str, Any] = {name: getattr(picture, name) for name in FIELDS}
    for name in FIELDS:
        if name in given and type(given[name]) is type(merged[name]):
            merged[name] = given[name]
    return Description(**merged)
