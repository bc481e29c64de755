"""Sentences that rooms make for readers: English as they stand, and turned into the reader's language where a template prints them."""

from datetime import date
from typing import Any, Self

from blog.language.speech import Speech, speech


class Said(str):
    """Reads, compares and travels as the English sentence; remembers the words and values it was made of."""

    words: str
    values: dict[str, Any]

    def __new__(cls, words: str, values: dict[str, Any]) -> Self:
        made = super().__new__(cls, _fill(words, values, speech("en")) if values else words)
        made.words, made.values = words, values
        return made

    def __str__(self) -> str:
        # So that the sentence of an error keeps its words: str(error) hands on what was raised.
        return self

    def __getnewargs__(self) -> tuple[str, dict[str, Any]]:  # type: ignore[override]
        return self.words, self.values


def said(words: str, **values: Any) -> Said:
    """``words`` with ``%(name)s`` for each value; a value that is a day is written as ``Sun 22 Nov``.

    The words must stand here as they are: the catalogues are filled with what this is called with.
    """
    return Said(words, values)


def tell(sentence: Said, spoken: Speech) -> str:
    """``sentence`` in the language of ``spoken``."""
    words = spoken.words.gettext(sentence.words)
    return _fill(words, sentence.values, spoken) if sentence.values else words


def _fill(words: str, values: dict[str, Any], spoken: Speech) -> str:
    return words % {name: _part(value, spoken) for name, value in values.items()}


def _part(value: Any, spoken: Speech) -> Any:
    if isinstance(value, Said):
        return tell(value, spoken)
    return spoken.on(value, "MMMEd") if isinstance(value, date) else value
