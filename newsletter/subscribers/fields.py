"""Custom fields inside the database: reading one and writing one for many readers. The two dialects differ here.

A field is a name and a line of text; one that holds several words, such as ``tag``, has them joined by ", ".
"""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func, literal, or_, type_coerce, update
from sqlalchemy.orm import Session

from blog.db import Json
from newsletter.subscribers.model import Subscriber

TAG = "tag"
JOINT = ", "
LONGEST_NAME, LONGEST = 40, 300
_NAME = re.compile(rf"[^\W_][\w .-]{{0,{LONGEST_NAME - 1}}}")


def is_name(text: str) -> bool:
    """Letters, digits, spaces, dots, hyphens and underscores; a letter or digit first."""
    return bool(_NAME.fullmatch(text)) and text == text.strip()


def text_of(name: str) -> ColumnElement[str]:
    """The field's text; NULL where a reader has no such field. ``name`` must be one (see ``is_name``)."""
    text: ColumnElement[str] = Subscriber.fields[name].as_string()
    return text


def holds(name: str, value: str) -> ColumnElement[bool]:
    """The field is ``value``, or has it among its words. Letters' case does not count where they are ASCII."""
    words = func.lower(literal(JOINT) + text_of(name) + literal(","))
    return words.contains(f"{JOINT}{value.strip()},".lower(), autoescape=True)


def add_word(s: Session, name: str, word: str, ids: Sequence[int]) -> int:
    """Puts ``word`` among the words of the field for those of ``ids`` who lack it; returns for how many."""
    text = text_of(name)
    lacks = or_(text.is_(None), ~holds(name, word))
    joined = func.coalesce(func.nullif(text, "") + literal(JOINT), "") + literal(word)
    change = update(Subscriber).where(Subscriber.id.in_(ids), lacks).returning(Subscriber.id)
    done = s.scalars(
        change.values(fields=_with(s, name, joined)).execution_options(synchronize_session=False)
    )
    return len(done.all())


def _with(s: Session, name: str, text: ColumnElement[str]) -> ColumnElement[Any]:
    pair = (cast(literal(name), Text), cast(text, Text))
    if s.get_bind().dialect.name == "postgresql":
        return Subscriber.fields.op("||")(func.jsonb_build_object(*pair))
    # The driver stores what a JSON function makes as it is, so SQLAlchemy must not make JSON of it again.
    return type_coerce(func.json_patch(Subscriber.fields, func.json_object(*pair)), Json)
