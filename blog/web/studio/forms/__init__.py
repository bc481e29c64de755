"""The studio's forms, a file for each noun. Tokens against forgery are the guard's business, so these are plain WTForms."""

import re
from collections.abc import Iterable, Mapping

from wtforms import Form, HiddenField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.form import BaseForm
from wtforms.validators import StopValidation

from blog.refusals import Invalid

NO_VERSION = "This page didn't say which version of the story it shows, so nothing was done. Look it over, then try again."


class VersionField(HiddenField):
    """Which version of a manuscript the page shows. A form without it is refused, lest it act on words that nobody read;
    it comes back with the version that it was made with.
    """

    def pre_validate(self, form: BaseForm) -> None:
        if not re.fullmatch("[0-9]{1,18}", str(self.raw_data[0]) if self.raw_data else ""):
            self.data = self.object_data
            form.form_errors.append(NO_VERSION)
            raise StopValidation(NO_VERSION)

    @property
    def number(self) -> int:
        """Once the form was validated."""
        return int(self.data or 0)


def options(pairs: Iterable[tuple[object, str]]) -> list[SelectChoice]:
    """The ``(value, label)`` pairs as a field to choose from takes them."""
    return [SelectChoice(str(value), label) for value, label in pairs]


def told(form: Form, refusal: Invalid, names: Mapping[str, str] | None = None) -> None:
    """Puts a room's sentences beside the fields they are about, the rest above the form. ``names`` are those of the form
    where the room has others.
    """
    for given, sentences in refusal.fields.items():
        name = (names or {}).get(given, given)
        if name in form:
            field = form[name]
            field.errors = [*field.errors, *sentences]
        else:
            form.form_errors.extend(sentences)
    if not refusal.fields:
        form.form_errors.append(str(refusal))
