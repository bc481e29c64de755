"""The manuscript's fields beside its body, and the publish dialog."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import (
    BooleanField,
    DateTimeLocalField,
    Form,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, Optional

from blog.posts.drafts import Draft
from blog.posts.publishing import TOO_FAR
from blog.refusals import Invalid
from blog.web.studio.forms import VersionField, options
from blog.web.studio.forms.manuscripts import TEXTS


class PostForm(Form):
    version = VersionField()
    title = TextAreaField("Title", [Length(max=200)])
    dek = TextAreaField(
        "Dek", [Length(max=500)], description="One or two sentences under the title, in lists and in mails."
    )
    slug = StringField(
        "Address",
        [Length(max=90)],
        description="The last part of the story's address. Left empty, it is made from the title.",
    )
    author_ids = SelectMultipleField("Authors", coerce=int)
    topic_ids = SelectMultipleField("Topics", coerce=int)
    author_ids_up = StringField()
    topic_ids_up = StringField()
    in_digest = BooleanField("In the daily digest")
    search_title = StringField(
        "Title for search engines", [Length(max=200)], description="Left empty, it is the title."
    )
    search_description = TextAreaField(
        "Description for search engines", [Length(max=300)], description="Left empty, it is the dek."
    )
    social_title = StringField("Title for cards", [Length(max=200)])
    social_description = TextAreaField("Text for cards", [Length(max=300)])
    canonical_url = StringField("Canonical address", [Length(max=500)])
    lead_image = HiddenField()

    def offer(self, authors: list[tuple[int, str]], topics: list[tuple[int, str]]) -> None:
        """The chosen ones stand first and in their order, which is the order that a save of the page keeps."""
        for field, pairs in ((self.author_ids, authors), (self.topic_ids, topics)):
            places = {chosen: place for place, chosen in enumerate(field.data or ())}
            field.choices = options(sorted(pairs, key=lambda pair: places.get(pair[0], len(places))))

    def over(self, draft: Draft) -> Draft:
        """The draft with these words in it; its body and lead picture stay."""
        words: dict[str, Any] = {name: self[name].data or "" for name in TEXTS}
        return replace(
            draft, **words, author_ids=_raised(self.author_ids.data or (), self.author_ids_up.data),
            topic_ids=_raised(self.topic_ids.data or (), self.topic_ids_up.data), in_digest=bool(self.in_digest.data),
        )  # fmt: skip


def _raised(ids: Iterable[int], up: str | None) -> tuple[int, ...]:
    """With the one whose button was pressed a place higher."""
    order = list(ids)
    place = next((n for n, one in enumerate(order) if str(one) == up), 0)
    if place:
        order[place - 1], order[place] = order[place], order[place - 1]
    return tuple(order)


def of(draft: Draft, version: int) -> PostForm:
    words = {name: getattr(draft, name) for name in TEXTS}
    return PostForm(
        **words, version=version, author_ids=list(draft.author_ids), topic_ids=list(draft.topic_ids),
        in_digest=draft.in_digest, lead_image=draft.lead_image or "",
    )  # fmt: skip


class TimeForm(Form):
    """One moment, in the publication's zone."""

    at = DateTimeLocalField("Date and time", [Optional()], format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])

    def moment(self, zone: ZoneInfo) -> datetime:
        """In UTC. Raises Invalid where there is none."""
        if not self.validate() or self.at.data is None:
            raise Invalid("Choose the date and the time.", {"publish_at": ["Choose the date and the time."]})
        return in_utc(self.at.data, zone)


def in_utc(typed: datetime, zone: ZoneInfo) -> datetime:
    """An hour that a clock change skips or repeats is its first possible moment. Raises Invalid at the end of all calendars."""
    try:
        return typed.replace(tzinfo=zone).astimezone(UTC)
    except OverflowError:
        raise Invalid(TOO_FAR, {"at": [TOO_FAR]}) from None


class PublishForm(Form):
    version = VersionField()
    what = RadioField(
        "What",
        choices=options([("digest", "The site and the next digest"), ("site", "The site only")]),
        default="digest",
    )
    when = RadioField("When", choices=options([("now", "Now"), ("later", "At a set time")]), default="now")
    at = DateTimeLocalField("Date and time", [Optional()], format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])

    reason = StringField(
        "Why it goes out all the same",
        [Length(max=500)],
        description="It stands in the log with your name, and counts for these words alone.",
    )

    def moment(self, zone: ZoneInfo) -> datetime | None:
        """The set time in UTC, None for "now". An hour that a clock change skips or repeats is its first possible moment.
        Raises Invalid for one at the end of all calendars.
        """
        if self.when.data != "later" or self.at.data is None:
            return None
        return in_utc(self.at.data, zone)

    def validate(self, extra_validators: object = None) -> bool:
        fine = bool(super().validate())
        if fine and self.when.data == "later" and self.at.data is None:
            self.at.errors = ["Choose the date and the time."]
            return False
        return fine
