"""The composer of digests: for each reader their share of the edition in their own order, written once for all who get the same.

``composing`` hands it to the sender. What is one reader's own (links, marks) is set into a variant's bytes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from blog.posts.reading import Subjects, digest_story, subjects
from newsletter.delivery.marks import Mark
from newsletter.delivery.model import LetterId
from newsletter.delivery.parcels import LetterView, Parcel, Skip
from newsletter.editions import digest
from newsletter.editions.desk import GAVE_UP, Desk, stopped
from newsletter.editions.envelope import LEAVE, Form, slot
from newsletter.editions.model import Edition
from newsletter.editions.ranking import Ranked, ranked
from newsletter.editions.remembering import Remembered
from newsletter.editions.sharing import shares
from newsletter.editions.telling import told
from newsletter.subscribers.model import SubscriberState
from newsletter.subscribers.served import Served, served

KEPT = 128
"""Variants whose bytes are kept ready in memory, some 40 KB each."""
KIND = "digest"


@dataclass(frozen=True)
class Variant:
    """What makes one reader's mail differ from another's, save for their links."""

    edition_id: int
    stories: tuple[Ranked, ...]
    pictures: bool
    opens: bool
    """With the tiny picture by which opens are guessed at."""


@dataclass(frozen=True)
class Written:
    form: Form
    paths: tuple[str, ...]
    """Of the stories, in the mail's order."""
    has_tastes: bool


class Digests:
    """``about_id`` of a letter is the edition, ``reader_id`` the subscriber."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._written: Remembered[Variant, Written] = Remembered(KEPT)

    def __call__(self, s: Session, letters: Sequence[LetterView]) -> Mapping[LetterId, Parcel | Skip]:
        readers = served(s, {letter.reader_id for letter in letters})
        in_order = sorted(letters, key=lambda letter: letter.about_id)
        done: dict[LetterId, Parcel | Skip] = {}
        for edition_id, group in groupby(in_order, key=lambda letter: letter.about_id):
            done |= dict(self._of_edition(s, edition_id, list(group), readers))
        return done

    def _of_edition(
        self, s: Session, edition_id: int, letters: list[LetterView], readers: Mapping[int, Served]
    ) -> Iterator[tuple[LetterId, Parcel | Skip]]:
        list_id = s.scalar(select(Edition.list_id).where(Edition.id == edition_id))
        given = shares(s, edition_id, [letter.reader_id for letter in letters])
        posts = {post for share in given.values() for post in share}
        public, about = digest_story(s, posts), subjects(s, posts)
        still = {share: tuple(filter(public.__contains__, share)) for share in set(given.values())}
        for letter in letters:
            reader, share = readers.get(letter.reader_id), given[letter.reader_id]
            if reader is None or reader.state != SubscriberState.CONFIRMED:
                yield letter.id, stopped(reader.state if reader else None) or GAVE_UP
            elif list_id not in reader.lists:
                yield letter.id, GAVE_UP
            elif share and not still[share]:
                yield letter.id, Skip("its stories were withdrawn")
            else:
                variant = self._variant(edition_id, still[share], about, reader)
                yield letter.id, self._parcel(s, letter, reader, variant)

    def _variant(
        self, edition_id: int, posts: tuple[int, ...], about: Mapping[int, Subjects], reader: Served
    ) -> Variant:
        opens = self.desk.settings.count_opens and reader.clicks and reader.pictures
        return Variant(edition_id, ranked(posts, about, reader.weights), reader.pictures, opens)

    def _parcel(self, s: Session, letter: LetterView, reader: Served, variant: Variant) -> Parcel:
        desk, edition_id, reader_id = self.desk, letter.about_id, letter.reader_id
        written = self._written.get(variant, lambda: self._write(s, variant))
        counted = reader_id if reader.clicks else 0
        own = desk.manage(reader_id, edition_id)
        if written.has_tastes:
            own |= desk.tastes(reader_id, variant.stories[0].post_id)
        if variant.opens:
            own |= desk.opened(Mark(KIND, edition_id, 0, 0, reader_id))
        for place, (path, one) in enumerate(zip(written.paths, variant.stories, strict=True), 1):
            via = Mark(KIND, edition_id, one.post_id, place, counted)
            own[f"story-{place}"] = desk.story_url(path, via)
        return desk.parcel(written.form, letter, desk.leave_url(reader_id, edition_id), own)

    def _write(self, s: Session, variant: Variant) -> Written:
        edition = told(s, variant.edition_id, [one.post_id for one in variant.stories])
        reasons = [one.reason for one in variant.stories]
        mail = digest.of_share(edition, reasons, self.desk.settings, pictures=variant.pictures)
        lead = [one.post_id for one in variant.stories[:1]]
        has_tastes = any(about.topics or about.authors for about in subjects(s, lead).values())
        words = self.desk.pen.write(
            "digest",
            mail=mail,
            is_test=False,
            leave=LEAVE,
            manage=slot("manage"),
            opened=slot("opened") if variant.opens else "",
            **(TASTES if has_tastes else {}),
        )
        headers = self.desk.list_header(edition.list_name, edition.list_slug)
        form = Form(words, self.desk.sender(edition.sender), headers)
        return Written(form, tuple(story.path for story in edition.stories), has_tastes)


TASTES = {"more": slot("more"), "less": slot("less")}
"""Written where a reader's own two addresses will stand; left out where a story has nothing to be weighed by."""
