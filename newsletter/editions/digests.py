"""The composer of digests: for each reader their share of the edition in their own order, written once for all who get the same.

``composing`` hands it to the sender. What is one reader's own (links, marks) is set into a variant's bytes. Whatever is done here for
each letter is done a million times for a large list: a few look-ups, three signatures and a join.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy.orm import Session

from blog.posts.reading import Subjects, public_among, subjects
from newsletter.delivery.model import LetterId
from newsletter.delivery.parcels import LetterView, Parcel, Skip
from newsletter.editions import digest
from newsletter.editions.desk import GAVE_UP, Desk, stopped
from newsletter.editions.envelope import Form
from newsletter.editions.ranking import Ranked, ranked
from newsletter.editions.remembering import Remembered
from newsletter.editions.sharing import shares, whole_of
from newsletter.editions.telling import told
from newsletter.subscribers.model import SubscriberState
from newsletter.subscribers.served import Batch, Served, Weights, served_by, weights

KEPT = 128
"""Variants whose bytes are kept ready in memory, some 100 KB each."""
WITHDRAWN = Skip("its stories were withdrawn")
_CONFIRMED = SubscriberState.CONFIRMED.value


@dataclass(frozen=True)
class Variant:
    """What makes one reader's mail differ from another's, save for their links."""

    edition_id: int
    stories: tuple[Ranked, ...]
    pictures: bool
    counted: bool
    """With marks behind the stories' addresses."""
    opens: bool
    """With the tiny picture by which opens are guessed at."""


class Written(NamedTuple):
    form: Form
    lead: int
    """The post that the reader can weigh; 0 where there is none."""


_Alike = tuple[tuple[int, ...], Weights, Served]
"""What two readers of one edition have in common who get the same mail: their share, and what they chose."""
_Writer = Callable[[LetterView], Parcel | Skip]
"""Writes the letters of all who are alike."""


class Digests:
    """``about_id`` of a letter is the edition, ``reader_id`` the subscriber."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._written: Remembered[Variant, Written] = Remembered(KEPT)
        self._about: Remembered[tuple[int, ...], Mapping[int, Subjects]] = Remembered(KEPT)

    def __call__(self, s: Session, letters: Sequence[LetterView]) -> Mapping[LetterId, Parcel | Skip]:
        by_edition: dict[int, list[LetterView]] = {}
        for letter in letters:
            by_edition.setdefault(letter.about_id, []).append(letter)
        done: dict[LetterId, Parcel | Skip] = {}
        for edition_id, some in by_edition.items():
            done |= self._of_edition(s, edition_id, some)
        self.desk.catch_up()
        return done

    def _of_edition(
        self, s: Session, edition_id: int, letters: list[LetterView]
    ) -> dict[LetterId, Parcel | Skip]:
        batch = Batch([letter.reader_id for letter in letters])
        list_id, whole = whole_of(s, edition_id)
        own, weighed = shares(s, edition_id, batch), weights(s, batch)
        readers = served_by(s, list_id, batch)
        public = public_among(s, {post for share in (whole, *own.values()) for post in share})
        # What is found for one serves all of the batch who chose alike.
        writers: dict[_Alike, _Writer] = {}
        done: dict[LetterId, Parcel | Skip] = {}
        for letter in letters:
            reader_id = letter.reader_id
            reader = readers.get(reader_id)
            if reader is None or reader.state != _CONFIRMED:
                done[letter.id] = stopped(SubscriberState(reader.state) if reader else None) or GAVE_UP
            elif not reader.has_list:
                done[letter.id] = GAVE_UP
            else:
                alike = own.get(reader_id, whole), weighed.get(reader_id, ()), reader
                if (write := writers.get(alike)) is None:
                    write = writers[alike] = self._writer(s, edition_id, alike, public)
                done[letter.id] = write(letter)
        return done

    def _writer(self, s: Session, edition_id: int, alike: _Alike, public: frozenset[int]) -> _Writer:
        share, choice, (_, pictures, clicks, _) = alike
        posts = tuple(filter(public.__contains__, share))
        if share and not posts:
            return lambda letter: WITHDRAWN
        about = self._about.get(posts, lambda: subjects(s, posts)) if choice else {}
        weight_of = {(subject, subject_id): weight for subject, subject_id, weight in choice}
        opens = self.desk.settings.count_opens and clicks and pictures
        variant = Variant(edition_id, ranked(posts, about, weight_of), bool(pictures), bool(clicks), opens)
        written = self._written.get(variant, lambda: self._write(s, variant))
        return self.desk.writer(written.form, edition_id=edition_id, lead=written.lead)

    def _write(self, s: Session, variant: Variant) -> Written:
        desk, ids = self.desk, [one.post_id for one in variant.stories]
        edition = told(s, variant.edition_id, ids)
        urls = [
            desk.story_url(story.path, place, story.post_id, counted=variant.counted)
            for place, story in enumerate(edition.stories, 1)
        ]
        reasons = [one.reason for one in variant.stories]
        mail = digest.of_share(edition, reasons, urls, desk.settings, pictures=variant.pictures)
        lead = next(
            (post for post, about in subjects(s, ids[:1]).items() if about.topics or about.authors), 0
        )
        words = desk.pen.write(
            "digest",
            mail=mail,
            is_test=False,
            leave=desk.leave_url,
            manage=desk.manage_url,
            opened=desk.opened_url if variant.opens else "",
            **(desk.taste_urls if lead else {}),
        )
        headers = desk.list_header(edition.list_name, edition.list_slug)
        form = Form(words, desk.sender(edition.sender), headers, desk.leave_url)
        return Written(form, lead)
