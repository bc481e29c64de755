"""The opened house: what ``app.py`` builds once and hands to every door."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from markupsafe import Markup
from sqlalchemy.orm import Session

from blog import fetching
from blog.accounts import staffing
from blog.db import Database
from blog.images.storage import Storage
from blog.settings import Settings

Panel = Callable[[str], Markup]
"""Draws a piece of another house's page; its argument is the path of the page it stands on."""
Fetch = Callable[[str, fetching.Rules], fetching.Fetched]
PostMail = Callable[[str, str, str], None]
"""Posts a plain mail: address, subject, text."""


@dataclass(frozen=True)
class House:
    settings: Settings
    db: Database
    storage: Storage
    post_mail: PostMail
    panels: Mapping[str, Panel] = field(default_factory=dict)
    """By name; only the web has any."""
    is_mailed: Callable[[Session, int], bool] = lambda _s, _post_id: False
    """Whether readers have, or are about to get, this post by mail."""
    has_rehearsed: Callable[[], bool] | None = None
    """Whether a test digest was taken by a mail server; None in a house without a post office."""
    fetch: Fetch = fetching.fetch
    """The one way to something on the web."""

    def alarm(self, subject: str, text: str) -> None:
        """Writes to every administrator."""
        for address in staffing.administrators(self.db):
            self.post_mail(address, subject, text)
