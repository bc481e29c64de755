"""The desk's forms: the words of an edition, another title for a story, an address for a test."""

from wtforms import EmailField, Form, IntegerField, StringField, TextAreaField
from wtforms.validators import Length

SUBJECT, PREHEADER = 60, 90
"""Characters that mail programs show; more are allowed."""


class WordsForm(Form):
    subject = StringField("Subject", [Length(max=200)])
    preheader = StringField("Preheader", [Length(max=200)])
    note = TextAreaField("A few words above the stories", [Length(max=2000)])


class TitleForm(Form):
    title = StringField("Title in the mail", [Length(max=200)])


class TestForm(Form):
    email = EmailField("Send a test to")


class DepartureForm(Form):
    edition = IntegerField()
    """The edition that the page spoke of when it asked."""
