"""The studio's forms, a file for each noun. Tokens against forgery are the guard's business, so these are plain WTForms."""

from collections.abc import Iterable

from wtforms import Form
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from blog.refusals import Invalid


def options(pairs: Iterable[tuple[object, str]]) -> list[SelectChoice]:
    """The ``(value, label)`` pairs as a field to choose from takes them."""
    return [SelectChoice(str(value), label) for value, label in pairs]


def told(form: Form, refusal: Invalid) -> None:
    """Puts a room's sentences beside the fields they are about, the rest above the form."""
    for name, sentences in refusal.fields.items():
        if name in form:
            field = form[name]
            field.errors = [*field.errors, *sentences]
        else:
            form.form_errors.extend(sentences)
    if not refusal.fields:
        form.form_errors.append(str(refusal))
