"""A newsroom whose letters are composed and read again, as a mail program would read them."""

import email
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.message import EmailMessage

from sqlalchemy import select

from blog.settings import Settings
from newsletter.delivery import outbox
from newsletter.delivery.marks import Mark, read_mark
from newsletter.delivery.model import Letter, LetterId
from newsletter.delivery.parcels import Composer, LetterView, Parcel, Skip
from newsletter.editions import composing
from newsletter.lists.model import MailingList
from newsletter.subscribers import serving
from newsletter.subscribers.model import Follow, Subscriber, Subscription
from newsletter.subscribers.tokens import Tokens
from tests.cast import Newsroom

SITE = "https://news.example.org"
HOME = f"{SITE}/"
SECRET = "a-key-for-tests-only"
OWN = re.compile(r"(?<=/unsubscribe/)[\w.-]+|(?<=/preferences/)[\w./-]+|[?]via=[\w-]+")
"""What in a mail is one reader's own."""


@dataclass
class PostOffice:
    room: Newsroom
    composers: dict[str, Composer] = field(init=False)

    def __post_init__(self) -> None:
        self.set(site_url=SITE, postal_address="12 Orbit Lane", sender="Perijove <digest@news.example.org>")

    @property
    def settings(self) -> Settings:
        return self.room.settings

    def set(self, **settings: object) -> None:
        """The same publication with other settings, and a sender that has written nothing yet."""
        self.room.settings = self.room.settings.model_copy(update=settings)
        self.composers = composing.composers(self.room.settings, Tokens(SECRET))

    def choose(
        self, reader_id: int, at: datetime, days: int = 127, at_once: bool = False, **choices: object
    ) -> None:
        with self.room.db.transaction() as s:
            reader = s.get_one(Subscriber, reader_id)
            for name, value in choices.items():
                setattr(reader, name, value)
            for one in s.scalars(select(Subscription).where(Subscription.subscriber_id == reader_id)):
                one.days, one.at_once = days, at_once
            serving.settle(s, reader, at, self.settings)

    def weigh(self, reader_id: int, subject: str, subject_id: int, weight: int = 2) -> None:
        with self.room.db.transaction() as s:
            s.add(Follow(subscriber_id=reader_id, subject=subject, subject_id=subject_id, weight=weight))

    def put(self, kind: str, reader_id: int, at: datetime, payload: Mapping[str, str] | None = None) -> None:
        with self.room.db.transaction() as s:
            outbox.put(s, kind, int(at.timestamp()), reader_id, "reader@example.org", at, payload=payload)

    def arrange(self, **fields: object) -> None:
        """Sets up the daily list anew."""
        with self.room.db.transaction() as s:
            (mailing,) = s.scalars(select(MailingList))
            for name, value in fields.items():
                setattr(mailing, name, value)

    def compose(self, kind: str) -> dict[LetterId, Parcel | Skip]:
        letters = [_view(letter) for letter in self.room.letters(kind)]
        with self.room.db.reading() as s:
            return dict(self.composers[kind](s, letters))

    def messages(self, kind: str) -> dict[LetterId, bytes]:
        return {id_: one.message for id_, one in self.compose(kind).items() if isinstance(one, Parcel)}

    def parcels(self, kind: str) -> dict[int, Parcel | Skip]:
        """The last of each reader."""
        composed = self.compose(kind)
        return {letter.reader_id: composed[LetterId(letter.id)] for letter in self.room.letters(kind)}

    def mail(self, kind: str, reader_id: int = 0) -> EmailMessage:
        """The last one, or a reader's last one."""
        parcels = self.parcels(kind)
        parcel = parcels[reader_id or list(parcels)[-1]]
        assert isinstance(parcel, Parcel)
        return read(parcel)


def read(parcel: Parcel) -> EmailMessage:
    """Fails for whatever is not fit for the wire."""
    raw = parcel.message
    message = email.message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage) and not message.defects
    assert raw.isascii() and raw.endswith(b"\r\n")
    assert raw.count(b"\n") == raw.count(b"\r") == raw.count(b"\r\n")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"of-this-reader-xx" not in raw.replace(b"=\r\n", b"")
    for header in ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version"):
        assert len(message.get_all(header)) == 1, header
    assert message["To"] == parcel.recipient
    return message


def parts(message: EmailMessage) -> tuple[str, str]:
    """The text and the HTML."""
    text, html = (part.get_content().replace("\r\n", "\n") for part in message.iter_parts())  # type: ignore[attr-defined]
    return text, html


def told(text: str) -> list[str]:
    """The addresses in the text part, in order."""
    return re.findall(r"https://\S+", text)


def linked(html: str) -> set[str]:
    """Where the HTML part leads, but for the home page behind the name."""
    return set(re.findall(r'href="([^"]+)"', html)) - {HOME}


def marks(text: str) -> list[Mark]:
    """What the links of a text part say of themselves, in order."""
    return [made for via in re.findall(r"[?]via=(\S+)", text) if (made := read_mark(SECRET, via))]


def tokens_in(text: str) -> set[str]:
    return set(re.findall(r"/(?:unsubscribe|preferences|preferences/taste)/([\w-]+\.[\w.-]+)", text))


def _view(letter: Letter) -> LetterView:
    return LetterView(
        LetterId(letter.id), letter.kind, letter.about_id, letter.reader_id, letter.address, letter.payload, letter.created_at
    )  # fmt: skip
