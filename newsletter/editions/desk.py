"""What every composer has at hand: the templates, the keys, and how a written mail becomes one reader's parcel."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from urllib.parse import urlsplit

from blog import links
from blog.secret import secret_key
from blog.settings import Settings
from newsletter.delivery.dkim import Signer
from newsletter.delivery.marks import letter_marks, story_mark
from newsletter.delivery.parcels import LetterView, Parcel, Skip, message_ids
from newsletter.delivery.paths import return_path
from newsletter.editions.envelope import Form, is_bare, slot
from newsletter.editions.rendering import Pen
from newsletter.lists import reading as lists
from newsletter.subscribers.model import SubscriberState
from newsletter.subscribers.stopping import WHY
from newsletter.subscribers.tokens import Tokens

GAVE_UP = Skip("gave up this list")
NO_ADDRESS = Skip("the address cannot be written in a mail")
AUTO = {"Auto-Submitted": "auto-generated"}
_PHRASE = re.compile(r"[\w !#$%&'*+/=?^`{|}~-]+")


def stopped(state: SubscriberState | None) -> Skip | None:
    """Why nothing goes to a reader in this state; None where mail does. Without a state there is no such reader any more."""
    if state == SubscriberState.CONFIRMED:
        return None
    return Skip(WHY.get(state, "has not confirmed") if state else "no longer on record")


def nobody() -> None:
    """Signs nothing."""


@dataclass(frozen=True)
class Desk:
    settings: Settings
    tokens: Tokens
    pen: Pen
    secret: str
    signer: Callable[[], Signer | None] = nobody
    """Who signs mails now; None where the relay does."""

    def list_header(self, name: str = "Daily digest", slug: str = lists.DAILY) -> dict[str, str]:
        """RFC 2919: a phrase, then the identifier in angle brackets."""
        host = urlsplit(self.settings.site).hostname or "localhost"
        phrase = name if _PHRASE.fullmatch(name) else '"' + re.sub(r'[\\"]', "", name) + '"'
        return {"List-Id": f"{phrase} <{slug}.{host}>", **self.answers}

    @property
    def answers(self) -> dict[str, str]:
        """Where answers go, where they do not go to the sender."""
        return {"Reply-To": self.settings.reply_to} if self.settings.reply_to else {}

    def sender(self, of_list: str = "") -> str:
        """``Name <address>``: the list's own, or the publication's."""
        return of_list or self.settings.sender

    @property
    def leave_url(self) -> str:
        """Where a reader leaves, with the slot ``leave``."""
        return self.absolute(links.leave(slot("leave")))

    @property
    def manage_url(self) -> str:
        """The doorstep of a reader's preference page, with the slot ``manage``."""
        return self.absolute(links.preferences(slot("manage")))

    @property
    def taste_urls(self) -> dict[str, str]:
        """Where a reader says what they think of a story, with the slots ``more`` and ``less``."""
        return {name: self.absolute(links.taste(slot(name))) for name in ("more", "less")}

    @property
    def opened_url(self) -> str:
        """The tiny picture by which opens are guessed at, with the slot ``mark``."""
        return self.absolute(f"/o/{slot('mark')}{story_mark(0, 0)}.gif")

    def story_url(self, path: str, place: int, post_id: int, *, counted: bool) -> str:
        """A story's address; it says by the slot ``mark`` which mail it stood in, unless that is not to be counted."""
        own = self.absolute(path)
        return f"{own}?via={slot('mark')}{story_mark(place, post_id)}" if counted else own

    def catch_up(self) -> None:
        """Waits until what was written is signed, so that nothing is handed on that somebody else would have to wait for."""
        if signer := self.signer():
            signer.catch_up()

    def parcel(self, form: Form, letter: LetterView) -> Parcel | Skip:
        return self.writer(form)(letter)

    def writer(
        self, form: Form, *, edition_id: int = 0, lead: int = 0
    ) -> Callable[[LetterView], Parcel | Skip]:
        """What makes the parcels of letters of this form: got once for a batch, so that a letter costs little and new keys are heeded.

        The ways out are those of that edition, the tastes about the story ``lead``. A parcel bears the moment at which the letter was
        written into the books, so every copy of it is the same to the byte. Where a bounce address is set, what comes back says
        which letter it was. Nothing goes to an address that could not stand in a header as it is.
        """
        secret, back, usual, fill = self.secret, self.settings.bounce_address, form.sender, form.fill
        ways_out, tastes = self.tokens.ways_out, self.tokens.tastes
        has_ways, has_tastes, is_marked = (name in form.slots for name in ("leave", "more", "mark"))
        name, mark, signer = message_ids(form.domain, secret), letter_marks(secret), self.signer()
        is_tidy = bool(is_bare(back or usual))
        speaks = signer if signer and signer.speaks_for(form.domain) else None

        def write(letter: LetterView) -> Parcel | Skip:
            id_, kind, about_id, reader_id, address, _, at = letter
            if not is_bare(address):
                return NO_ADDRESS
            own = {"to": address.encode(), "date": date_line(at), "message-id": name(letter).encode()}
            if has_ways:
                leave, manage = ways_out(reader_id, edition_id)
                own["leave"], own["manage"] = leave.encode(), manage.encode()
            if has_tastes:
                more, less = tastes(reader_id, lead)
                own["more"], own["less"] = more.encode(), less.encode()
            if is_marked:
                own["mark"] = mark(kind, about_id, reader_id).encode()
            sender = return_path(back, secret, id_) if back else usual
            return Parcel(sender, address, fill(own, speaks), is_tidy)

        return write

    def absolute(self, path: str) -> str:
        return links.absolute(self.settings.site, path)


def desk(settings: Settings, tokens: Tokens, signer: Callable[[], Signer | None] = nobody) -> Desk:
    return Desk(settings, tokens, Pen(settings), secret_key(settings), signer)


@lru_cache(maxsize=16)
def date_line(at: datetime) -> bytes:
    """As RFC 5322 writes it. The letters of an edition share theirs."""
    return format_datetime(at).encode()
