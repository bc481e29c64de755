"""Where a story stands out."""

from wtforms import BooleanField, DateField, Form
from wtforms.validators import Optional


class ProminenceForm(Form):
    featured = BooleanField(
        "It leads the home page", description="Until another story does, or you take this away."
    )
    pinned_until = DateField(
        "On top of its topics' pages, until the end of",
        [Optional()],
        description="Left empty, it stands where its date puts it.",
    )
