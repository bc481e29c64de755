"""From a letter in the ledger to the mail on the wire: one composer for each kind of letter. ``app.py`` hands them to the sender."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from blog import links
from blog.settings import Settings
from newsletter.delivery.model import LetterId
from newsletter.delivery.parcels import Composer, LetterView, Parcel, Skip, message_id
from newsletter.editions import digest, lists, reading
from newsletter.editions.envelope import LEAVE, Form, Personal, Words, domain_of
from newsletter.editions.model import EditionId
from newsletter.editions.opening import due_for
from newsletter.editions.planning import Due, next_due
from newsletter.editions.rendering import Pen
from newsletter.subscribers import reading as readers
from newsletter.subscribers.model import SubscriberState
from newsletter.subscribers.tokens import Tokens

KEPT = 4
"""Editions whose shared parts are kept ready in memory."""
AUTO = {"Auto-Submitted": "auto-generated"}
Composed = Mapping[LetterId, Parcel | Skip]


def composers(settings: Settings, tokens: Tokens) -> dict[str, Composer]:
    """By kind of letter. Keep them for as long as the process sends: an edition's shared parts are written once."""
    desk = _Desk(settings, tokens, Pen(settings), domain_of(settings.sender), {})
    return {
        "digest": desk.digests,
        "confirmation": desk.confirmations,
        "welcome": desk.welcomes,
        "notice": desk.notices,
        "test": desk.tests,
        "message": desk.messages,
    }


@dataclass(frozen=True)
class _Desk:
    settings: Settings
    tokens: Tokens
    pen: Pen
    domain: str
    forms: dict[int, Form]

    def digests(self, s: Session, letters: Sequence[LetterView]) -> Composed:
        """``about_id`` is the edition, ``reader_id`` the subscriber."""
        states = readers.states(s, {letter.reader_id for letter in letters})
        return {letter.id: self._digest(s, letter, states.get(letter.reader_id)) for letter in letters}

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

    def _digest(self, s: Session, letter: LetterView, state: SubscriberState | None) -> Parcel | Skip:
        if state != SubscriberState.CONFIRMED:
            return Skip("left the list")
        token = self.tokens.leave(letter.reader_id, letter.about_id)
        return self._parcel(self._form(s, letter), letter, links.leave(token))

    def _form(self, s: Session, letter: LetterView) -> Form:
        form = self.forms.get(letter.about_id)
        if form is None:
            view = reading.edition_view(s, EditionId(letter.about_id))
            words = self.pen.write(
                "digest", mail=digest.of_edition(view, self.settings), leave=LEAVE, is_test=False
            )
            headers = {"List-Id": self._list_id(view.list_name)}
            form = Form(words, self.settings.sender, view.closed_at or letter.created_at, headers)
            while len(self.forms) >= KEPT:
                self.forms.pop(next(iter(self.forms)), None)
            self.forms[letter.about_id] = form
        return form

    def _confirmation(self, s: Session, letter: LetterView) -> Parcel | Skip:
        reader = readers.find_in(s, letter.reader_id)
        if reader is None or reader.state == SubscriberState.CONFIRMED:
            return Skip("confirmed already" if reader else "no longer on record")
        token = self.tokens.confirm(letter.reader_id, datetime.fromtimestamp(letter.about_id, UTC))
        words = self.pen.write(
            "confirmation",
            confirm=links.absolute(self.settings.site, links.confirm(token)),
            next_time=self._next_time(s, letter.created_at),
            left_in=f"{reader.left_at:%B}" if reader.left_at else "",
            leave=LEAVE,
        )
        return self._personal(words, letter)

    def _to_reader(self, s: Session, letter: LetterView, name: str) -> Parcel | Skip:
        if readers.states(s, {letter.reader_id}).get(letter.reader_id) != SubscriberState.CONFIRMED:
            return Skip("left the list")
        last = reading.latest(s)
        words = self.pen.write(
            name,
            next_time=self._next_time(s, letter.created_at),
            last_url=links.absolute(self.settings.site, last.path) if last else "",
            last_subject=last.subject if last else "",
            leave=LEAVE,
        )
        return self._personal(words, letter)

    def _from_payload(self, letter: LetterView) -> Parcel | Skip:
        given = letter.payload or {}
        words = Words(str(given["subject"]), str(given["text"]), str(given["html"]))
        return self._parcel(Form(words, self.settings.sender, letter.created_at, AUTO), letter, "")

    def _message(self, letter: LetterView) -> Parcel:
        given = letter.payload or {}
        subject, text = str(given["subject"]), str(given["text"])
        words = self.pen.write("message", subject=subject, text=text, paragraphs=reading.paragraphs(text))
        return self._parcel(Form(words, self.settings.sender, letter.created_at, AUTO), letter, "")

    def _personal(self, words: Words, letter: LetterView) -> Parcel | Skip:
        headers = {**AUTO, "List-Id": self._list_id("Daily digest")}
        form = Form(words, self.settings.sender, letter.created_at, headers)
        return self._parcel(form, letter, links.leave(self.tokens.leave(letter.reader_id)))

    def _parcel(self, form: Form, letter: LetterView, leave_path: str) -> Parcel:
        leave_url = links.absolute(self.settings.site, leave_path) if leave_path else ""
        personal = Personal(letter.address, message_id(letter, self.domain), leave_url)
        return Parcel(form.sender, letter.address, form.fill(personal))

    def _list_id(self, name: str) -> str:
        host = urlsplit(self.settings.site).hostname or "localhost"
        return f"{name} <{lists.DAILY}.{host}>"

    def _next_time(self, s: Session, at: datetime) -> str:
        mailing = lists.find_list(s)
        rhythm = lists.rhythm(mailing, self.settings)
        coming = due_for(s, mailing, at, self.settings) if mailing else None
        if coming is None or coming.due_at <= at:
            coming = next_due(at, rhythm.zone, rhythm.hour)
        return time_words(coming, at, rhythm)


def time_words(due: Due, at: datetime, rhythm: lists.Rhythm) -> str:
    """``tomorrow at 07:00 (Lagos time)``."""
    local, today = due.due_at.astimezone(rhythm.zone), at.astimezone(rhythm.zone).date()
    day = {0: "today", 1: "tomorrow"}.get((local.date() - today).days, f"on {digest.short_day(local.date())}")
    place = rhythm.zone.key.rpartition("/")[2].replace("_", " ")
    return f"{day} at {local:%H:%M} ({place if place == 'UTC' else place + ' time'})"
