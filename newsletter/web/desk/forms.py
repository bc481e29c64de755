"""The desk's forms: the words of an edition, what may be done to a story, lists, special editions, corrections."""

from collections.abc import Iterable

from wtforms import (
    BooleanField,
    EmailField,
    Form,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)  # fmt: skip
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, Optional

from blog.refusals import Invalid
from newsletter.lists.keeping import ListWords

SUBJECT, PREHEADER = 60, 90
"""Characters that mail programs show; more are allowed."""
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
BIG = 2**63


def options(pairs: Iterable[tuple[object, str]]) -> list[SelectChoice]:
    """The ``(value, label)`` pairs as a field to choose from takes them."""
    return [SelectChoice(str(value), label) for value, label in pairs]


class WordsForm(Form):
    subject = StringField("Subject", [Length(max=200)])
    preheader = StringField("Preheader", [Length(max=200)])
    note = TextAreaField("A few words above the stories", [Length(max=2000)])


class TitleForm(Form):
    title = StringField("Title in the mail", [Length(max=200)])


class PictureForm(Form):
    image = IntegerField(validators=[Optional()])
    """0: the story's own."""

    @property
    def image_id(self) -> int | None:
        return self.image.data if self.image.data and 0 < self.image.data < BIG else None


class AddForm(Form):
    story = IntegerField()

    @property
    def post_id(self) -> int:
        return self.story.data if self.story.data and 0 < self.story.data < BIG else 0


class TestForm(Form):
    email = EmailField("Send a test to")


class SureForm(Form):
    sure = BooleanField("It may leave although mail programs cut it")


class DepartureForm(SureForm):
    edition = IntegerField()
    """The edition that the page spoke of when it asked."""

    @property
    def edition_id(self) -> int:
        return self.edition.data if self.edition.data and 0 < self.edition.data < BIG else 0


class SpecialForm(Form):
    list_id = SelectField("To the readers of", coerce=int)
    subject = StringField("Subject", [Length(max=200)])


class CorrectionForm(Form):
    story = HiddenField()
    subject = StringField("Subject", [Length(max=200)])
    text = TextAreaField("What was wrong, and what is right", [Length(max=5000)])

    @property
    def post_id(self) -> int:
        """0 for the whole edition."""
        text = str(self.story.data or "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


class ListForm(Form):
    name = StringField("Name", [Length(max=120)])
    description = StringField(
        "Description", [Length(max=300)], description="One sentence for whoever wonders whether to subscribe."
    )
    days = SelectMultipleField(
        "Days", coerce=int, choices=options((1 << place, day) for place, day in enumerate(DAYS)),
        description="On these an edition leaves. No day at all: each story is mailed at once, when it is published.",
    )  # fmt: skip
    hour = SelectField(
        "Hour", choices=options([("", "The publication’s"), *((n, f"{n:02}:00") for n in range(24))])
    )
    zone = StringField(
        "Time zone", [Length(max=64)], description="Like Europe/Lisbon. Empty: the publication’s."
    )
    cut_off = IntegerField(
        "Cut-off", [InputRequired("Give a number of minutes; 0 for none.")],
        description="Minutes before the hour. What is published later waits for the next edition, and nothing can be changed any more.",
    )  # fmt: skip
    topics = SelectMultipleField("Topics", coerce=int, description="None chosen: it is about everything.")
    sender = StringField("Sender", [Length(max=200)], description="Name <address>. Empty: the publication’s.")
    relay = SelectField("Leaves by", default="", description="The way out, as the settings name them.")
    design = RadioField("Design", choices=options([("pictures", "With pictures"), ("plain", "Words alone")]))
    ranking = RadioField(
        "Order of the stories",
        choices=options([("newest", "Newest first"), ("clicks", "Most clicked first")]),
    )
    most = IntegerField(
        "Told in full", [InputRequired("Give a number from 1 to 50.")],
        description="So many stories with dek and picture; the others by their titles.",
    )  # fmt: skip
    needs_approval = BooleanField("An edition leaves only when an editor approved it")
    is_offered = BooleanField("Readers find it on the sign-up form and the preference page")

    @property
    def words(self) -> ListWords:
        """Once the form was validated."""
        hour = self.hour.data
        return ListWords(
            self.name.data or "", self.description.data or "", sum(set(self.days.data or ())), int(hour) if hour else None,
            (self.zone.data or "").strip(), self.cut_off.data or 0, tuple(self.topics.data or ()), self.sender.data or "",
            self.design.data, self.ranking.data, self.most.data or 0, self.needs_approval.data, self.is_offered.data,
            self.relay.data or "",
        )  # fmt: skip


def tell(form: Form, refusal: Invalid) -> None:
    """Puts a room's sentences beside the fields they are about, the rest above the form."""
    for name, sentences in refusal.fields.items():
        if name in form:
            form[name].errors = [*form[name].errors, *sentences]
        else:
            form.form_errors.extend(sentences)
    if not refusal.fields:
        form.form_errors.append(str(refusal))
