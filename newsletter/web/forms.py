"""The one public form: an address. Its hidden fields come back as they were given, and each is read with care."""

from wtforms import EmailField, Form, HiddenField, StringField

LONGEST = 1000
"""Characters of an address that are read at all; the longest valid one has 254."""


class SignUpForm(Form):
    email = EmailField("Email address")
    source = HiddenField()
    """The path of the page whose form it is."""
    stamp = HiddenField()
    website = StringField("Leave this empty")
    """A trap: people do not see it."""
    choice = HiddenField()
    """``fix``, ``keep`` or ``change``: which of the small buttons was pressed."""

    @property
    def typed(self) -> str:
        return (self.email.data or "").replace("\x00", "\ufffd")[:LONGEST]

    @property
    def page(self) -> str:
        """The path of the page, or nothing where it is no path of ours."""
        path = self.source.data or ""
        is_path = path.startswith("/") and not path.startswith("//") and path.isprintable()
        return path if is_path and len(path) <= 200 else ""
