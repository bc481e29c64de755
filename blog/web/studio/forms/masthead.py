"""Forms of the Settings page: what the publication says of itself, and the proof of its sender."""

import re
from collections.abc import Iterable

from wtforms import Form, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from blog.publication.changing import Choice
from blog.publication.reading import variable
from blog.web.studio.forms import options

OF_FORM = {"sender": "sender_name"}
"""Names of the form where the settings have others."""


class MastheadForm(Form):
    site_name = StringField(
        "Name",
        [InputRequired("Give the publication a name.")],
        description="At the head of every page and mail.",
    )
    tagline = StringField("Tagline", description="One line under the name, for search engines too.")
    language = StringField(
        "Language",
        description="A language code for browsers and screen readers, like en, de or pt-BR. The words of the pages stay as they are.",
    )
    timezone = StringField(
        "Time zone", description="Like Europe/Berlin. Dates on pages and the digest's hour go by it."
    )
    send_hour = SelectField(
        "The digest leaves at", coerce=int, choices=options((hour, f"{hour:02}:00") for hour in range(24)),
        description="For lists without an hour of their own. However you change it, a list has one edition a day.",
    )  # fmt: skip
    sender_name = StringField("Sender's name", description="What readers see as the sender of every mail.")
    reply_to = StringField(
        "Answers go to",
        description="An email address that somebody reads. Left empty, answers go to the sender's address.",
    )
    postal_address = StringField(
        "Postal address", description="At the foot of every mail, as many countries' law asks."
    )
    social_links = TextAreaField(
        "You elsewhere",
        description="One address a line, each beginning with https://. They stand at the foot of every page.",
    )
    privacy_text = TextAreaField(
        "Privacy page",
        description="Left empty, the page says what this software does with readers' addresses. Your own words take its place; an empty line begins a new paragraph.",
    )
    seen = HiddenField()

    def hold(self, names: Iterable[str]) -> "MastheadForm":
        """Shuts what the environment has the last word on."""
        for name in names:
            field = self[OF_FORM.get(name, name)]
            field.render_kw = {"disabled": True}
            field.description = f"Set by the environment ({variable(name)}); change it there."
        return self

    @property
    def version(self) -> int:
        said = str(self.seen.data)
        return int(said) if re.fullmatch("[0-9]{1,9}", said) else -1

    def choice(self) -> Choice:
        words = {name: self[name].data or "" for name in Choice.__dataclass_fields__ if name != "send_hour"}
        return Choice(**words, send_hour=self.send_hour.data)


class SenderForm(Form):
    address = StringField(
        "Sender's address",
        [InputRequired("Enter an email address.")],
        description="A code goes there. Mail leaves from it once you have entered the code here.",
    )


class CodeForm(Form):
    code = StringField("Code from the mail", [InputRequired("Enter the eight digits of the mail.")])
