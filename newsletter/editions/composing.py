"""From a letter in the ledger to the mail on the wire: one composer for each kind of letter. ``app.py`` hands them to the sender."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from sqlalchemy.orm import Session

from blog import links
from blog.settings import Settings
from newsletter.delivery.dkim import Signer
from newsletter.delivery.model import LetterId
from newsletter.delivery.parcels import Composer, LetterView, Parcel, Skip
from newsletter.editions import archive, digest, reading
from newsletter.editions.corrections import Corrections
from newsletter.editions.desk import AUTO, Desk, desk, nobody, stopped
from newsletter.editions.digests import Digests
from newsletter.editions.envelope import Form, Words
from newsletter.editions.expecting import next_time
from newsletter.editions.stories import Stories
from newsletter.subscribers import reading as readers
from newsletter.subscribers.model import SubscriberState
from newsletter.subscribers.tokens import Tokens

KINDS = ("digest", "story", "correction", "confirmation", "welcome", "notice", "test", "message")
Composed = Mapping[LetterId, Parcel | Skip]


def composers(
    settings: Settings, tokens: Tokens, signer: Callable[[], Signer | None] = nobody
) -> dict[str, Composer]:
    """By kind of letter. Keep them for as long as the process sends: what many readers share is written once."""
    at_hand = desk(settings, tokens, signer)
    single = _Single(at_hand)
    return {
        "digest": Digests(at_hand),
        "story": Stories(at_hand),
        "correction": Corrections(at_hand),
        "confirmation": single.confirmations,
        "welcome": single.welcomes,
        "notice": single.notices,
        "test": single.tests,
        "message": single.messages,
    }


def following(
    read: Callable[[Session], Settings],
    tokens: Tokens,
    keyring: Callable[[Settings], Callable[[], Signer | None]],
) -> dict[str, Composer]:
    """Composers that write by the settings of the moment at which they are asked, which ``read`` finds in their transaction."""

    @lru_cache(maxsize=2)
    def made(settings: Settings) -> dict[str, Composer]:
        return composers(settings, tokens, keyring(settings))

    def by_kind(kind: str) -> Composer:
        return lambda s, letters: made(read(s))[kind](s, letters)

    return {kind: by_kind(kind) for kind in KINDS}


@dataclass(frozen=True)
class _Single:
    """Mails that are written for one person."""

    desk: Desk

    def confirmations(self, s: Session, letters: Sequence[LetterView]) -> Composed:
        """``about_id`` is the second at which it was asked for, ``reader_id`` the subscriber. So for notices and welcomes."""
        return {letter.id: self._confirmation(s, letter) for letter in letters}

    def welcomes(self, s: Session, letters: Sequence[LetterView]) -> Composed:
        return {letter.id: self._to_reader(s, letter, "welcome") for letter in letters}

    def notices(self, s: Session, letters: Sequence[LetterView]) -> Composed:
        return {letter.id: self._to_reader(s, letter, "notice") for letter in letters}

    def tests(self, s: Session, letters: Sequence[LetterView]) -> Composed:
        """``payload`` holds the words, written when the test was asked for."""
        return {letter.id: self._from_payload(letter) for letter in letters}

    def messages(self, s: Session, letters: Sequence[LetterView]) -> Composed:
        """``payload`` holds ``subject`` and ``text``; blank lines part paragraphs."""
        return {letter.id: self._message(letter) for letter in letters}

    def _confirmation(self, s: Session, letter: LetterView) -> Parcel | Skip:
        reader = readers.find_in(s, letter.reader_id)
        if reader is None or reader.state == SubscriberState.CONFIRMED:
            return Skip("confirmed already" if reader else "no longer on record")
        token = self.desk.tokens.confirm(letter.reader_id, datetime.fromtimestamp(letter.about_id, UTC))
        words = self.desk.pen.write(
            "confirmation",
            confirm=links.absolute(self.desk.settings.site, links.confirm(token)),
            next_time=next_time(s, letter.reader_id, letter.created_at, self.desk.settings),
            left_in=f"{reader.left_at:%B}" if reader.left_at else "",
            leave=self.desk.leave_url,
        )
        return self._personal(words, letter)

    def _to_reader(self, s: Session, letter: LetterView, name: str) -> Parcel | Skip:
        if why := stopped(readers.states(s, {letter.reader_id}).get(letter.reader_id)):
            return why
        last = archive.latest(s)
        words = self.desk.pen.write(
            name,
            next_time=next_time(s, letter.reader_id, letter.created_at, self.desk.settings),
            last_url=links.absolute(self.desk.settings.site, last.path) if last else "",
            last_subject=last.subject if last else "",
            last_stories=digest.headlines(s, last.id, self.desk.settings) if last else (),
            leave=self.desk.leave_url,
            manage=self.desk.manage_url,
        )
        return self._personal(words, letter)

    def _from_payload(self, letter: LetterView) -> Parcel | Skip:
        given = letter.payload or {}
        words = Words(str(given["subject"]), str(given["text"]), str(given["html"]))
        return self.desk.parcel(Form(words, self.desk.sender(), AUTO | self.desk.answers), letter)

    def _message(self, letter: LetterView) -> Parcel | Skip:
        given = letter.payload or {}
        subject, text = str(given["subject"]), str(given["text"])
        words = self.desk.pen.write(
            "message", subject=subject, text=text, paragraphs=reading.paragraphs(text)
        )
        return self.desk.parcel(Form(words, self.desk.sender(), AUTO | self.desk.answers), letter)

    def _personal(self, words: Words, letter: LetterView) -> Parcel | Skip:
        headers = AUTO | self.desk.list_header()
        form = Form(words, self.desk.sender(), headers, self.desk.leave_url)
        return self.desk.parcel(form, letter)
