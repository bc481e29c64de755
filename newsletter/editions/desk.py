"""What every composer has at hand: the templates, the keys, and how a written mail becomes one reader's parcel."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from blog import links
from blog.secret import secret_key
from blog.settings import Settings
from newsletter.delivery.marks import Mark, mark
from newsletter.delivery.parcels import LetterView, Parcel, Skip, message_id
from newsletter.delivery.paths import return_path
from newsletter.editions.envelope import Form, Personal, domain_of
from newsletter.editions.rendering import Pen
from newsletter.lists import reading as lists
from newsletter.subscribers.model import SubscriberState
from newsletter.subscribers.stopping import WHY
from newsletter.subscribers.tokens import Tokens

GAVE_UP = Skip("gave up this list")
AUTO = {"Auto-Submitted": "auto-generated"}
_PHRASE = re.compile(r"[\w !#$%&'*+/=?^`{|}~-]+")


def stopped(state: SubscriberState | None) -> Skip | None:
    """Why nothing goes to a reader in this state; None where mail does. Without a state there is no such reader any more."""
    if state == SubscriberState.CONFIRMED:
        return None
    return Skip(WHY.get(state, "has not confirmed") if state else "no longer on record")


@dataclass(frozen=True)
class Desk:
    settings: Settings
    tokens: Tokens
    pen: Pen
    secret: str

    def list_header(self, name: str = "Daily digest", slug: str = lists.DAILY) -> dict[str, str]:
        """RFC 2919: a phrase, then the identifier in angle brackets."""
        host = urlsplit(self.settings.site).hostname or "localhost"
        phrase = name if _PHRASE.fullmatch(name) else '"' + re.sub(r'[\\"]', "", name) + '"'
        return {"List-Id": f"{phrase} <{slug}.{host}>"}

    def sender(self, of_list: str = "") -> str:
        """``Name <address>``: the list's own, or the publication's."""
        return of_list or self.settings.sender

    def leave_url(self, reader_id: int, edition_id: int = 0) -> str:
        return self.absolute(links.leave(self.tokens.leave(reader_id, edition_id)))

    def manage(self, reader_id: int, edition_id: int = 0) -> dict[str, str]:
        """For the slot ``manage``: the doorstep of the reader's preference page."""
        return {"manage": self.absolute(links.preferences(self.tokens.manage(reader_id, edition_id)))}

    def tastes(self, reader_id: int, post_id: int) -> dict[str, str]:
        """For the slots ``more`` and ``less``: what the reader thinks of that story."""
        return {
            "more": self.absolute(links.taste(self.tokens.taste(reader_id, post_id, True))),
            "less": self.absolute(links.taste(self.tokens.taste(reader_id, post_id, False))),
        }

    def story_url(self, path: str, via: Mark) -> str:
        """A story's address; it says which mail it stood in, unless the reader does not want to be counted (number 0)."""
        own = self.absolute(path)
        return f"{own}?via={self.mark(via)}" if via.reader_id else own

    def opened(self, via: Mark) -> dict[str, str]:
        """For the slot ``opened``: the tiny picture, where opens are counted."""
        return {"opened": self.absolute(f"/o/{self.mark(via)}.gif")} if self.settings.count_opens else {}

    def mark(self, via: Mark) -> str:
        return mark(self.secret, via.edition_id, via.post_id, via.slot, via.reader_id, kind=via.kind)

    def parcel(
        self, form: Form, letter: LetterView, leave_url: str = "", slots: Mapping[str, str] | None = None
    ) -> Parcel:
        """It bears the moment at which the letter was written into the books, so every copy of it is the same to the byte.

        Where a bounce address is set, what comes back says which letter it was.
        """
        own = message_id(letter, domain_of(form.sender), self.secret)
        back = self.settings.bounce_address
        sender = return_path(back, self.secret, letter.id) if back else form.sender
        mine = Personal(letter.address, own, letter.created_at, leave_url, slots or {})
        return Parcel(sender, letter.address, form.fill(mine))

    def absolute(self, path: str) -> str:
        return links.absolute(self.settings.site, path)


def desk(settings: Settings, tokens: Tokens) -> Desk:
    return Desk(settings, tokens, Pen(settings), secret_key(settings))
