"""A correction or an update."""

from wtforms import Form, RadioField, TextAreaField

from blog.posts.model import NoteKind
from blog.posts.noting import LONGEST
from blog.web.studio.forms import options


class NoteForm(Form):
    kind = RadioField(
        "What it is",
        choices=options(
            [
                (NoteKind.CORRECTION, "A correction: something was wrong"),
                (NoteKind.UPDATE, "An update: something is new"),
            ]
        ),
        default=NoteKind.CORRECTION.value,
    )
    text = TextAreaField(
        "What changed",
        description=f"Say what was wrong and what is right, at most {LONGEST:,} characters. Blank lines part paragraphs.",
    )
