"""A word with which a story is submitted, approved or given back."""

from wtforms import Form, TextAreaField
from wtforms.validators import Length

from blog.posts.reviewing import LONGEST_NOTE
from blog.web.studio.forms import VersionField


class NoteForm(Form):
    note = TextAreaField("A word with it", [Length(max=LONGEST_NOTE)])


class AnswerForm(NoteForm):
    version = VersionField()
