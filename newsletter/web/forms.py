"""The one public form: an address. Its hidden fields come back as they were given, and each is read with care."""

from wtforms import EmailField, Form, HiddenField, SelectMultipleField, StringField

from newsletter.subscribers import origins
from newsletter.subscribers import wishes as wished
from newsletter.subscribers.origins import Origin
from newsletter.subscribers.wishes import Wishes

LONGEST = 1000
"""Characters of an address that are read at all; the longest valid one has 254."""


class SignUpForm(Form):
    email = EmailField("Email address")
    source = HiddenField()
    """The path of the page whose form it is; for an embedded one, the other site's page."""
    form = HiddenField()
    """Which of our forms it is: band, page or embed."""
    campaign = HiddenField()
    tag = HiddenField()
    """What a form on another site calls its campaign."""
    stamp = HiddenField()
    ticket = HiddenField()
    nonce = HiddenField()
    """What was handed out while very many signed up, and what a script found for it."""
    timezone = HiddenField()
    """Where the browser's clock stands; the script fills it in."""
    follow = HiddenField()
    """``author:7`` or ``topic:7``: whose stories the page offered by mail."""
    lists = SelectMultipleField(choices=[], validate_choice=False)
    choosing = HiddenField()
    """Set where the lists could be ticked, so that none ticked means none."""
    website = StringField("Leave this empty")
    """A trap: people do not see it."""
    choice = HiddenField()
    """``fix``, ``keep`` or ``change``: which of the small buttons was pressed."""
    frame = HiddenField()
    """Set in the small page that stands in a frame of another site."""

    @property
    def typed(self) -> str:
        return (self.email.data or "").replace("\x00", "\ufffd")[:LONGEST]

    @property
    def is_embedded(self) -> bool:
        return self.form.data == origins.EMBED

    @property
    def origin(self) -> Origin:
        """A page of another site counts for embedded forms alone: on ours the source is a path, or nothing."""
        read = origins.page_elsewhere if self.is_embedded else origins.path
        form = self.form.data if self.form.data in (*origins.OURS, origins.EMBED) else origins.BAND
        tag = self.campaign.data or self.tag.data or ""
        return Origin(read(self.source.data or ""), form, origins.campaign(tag))

    @property
    def wishes(self) -> Wishes:
        slugs = tuple(slug for slug in self.lists.data or () if slug.isprintable())[:20]
        return Wishes((self.timezone.data or "")[:64], slugs, wished.read_follow(self.follow.data or ""))
