"""The composer of stories that are mailed at once. ``composing`` hands it to the sender."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from blog.images.reading import pictures
from blog.posts.reading import digest_story, subjects
from blog.posts.views import DigestStory
from newsletter.delivery.model import LetterId
from newsletter.delivery.parcels import LetterView, Parcel, Skip
from newsletter.editions import digest
from newsletter.editions.desk import GAVE_UP, Desk, stopped
from newsletter.editions.digest import MailStory
from newsletter.editions.envelope import Form
from newsletter.editions.model import Announcement
from newsletter.editions.remembering import Remembered
from newsletter.lists.model import Design, MailingList
from newsletter.subscribers.model import SubscriberState, Subscription
from newsletter.subscribers.served import served

KEPT = 32


@dataclass(frozen=True)
class _Through:
    """The list that brings somebody a story."""

    slug: str
    name: str
    sender: str
    is_plain: bool


@dataclass(frozen=True)
class _Variant:
    """What makes one reader's mail differ from another's, save for their links. An edited story is another one."""

    story: DigestStory
    through: _Through
    pictures: bool
    counted: bool
    """With a mark behind the story's address."""


class Stories:
    """``about_id`` of a letter is the post, ``reader_id`` the subscriber."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._written: Remembered[_Variant, Form] = Remembered(KEPT)

    def __call__(self, s: Session, letters: Sequence[LetterView]) -> Mapping[LetterId, Parcel | Skip]:
        readers = served(s, {letter.reader_id for letter in letters})
        public = digest_story(s, {letter.about_id for letter in letters})
        through = _lists(s, letters)
        writers: dict[_Variant, Callable[[LetterView], Parcel | Skip]] = {}
        done: dict[LetterId, Parcel | Skip] = {}
        for letter in letters:
            reader, story = readers.get(letter.reader_id), public.get(letter.about_id)
            by = through.get((letter.about_id, letter.reader_id))
            if reader is None or reader.state != SubscriberState.CONFIRMED:
                done[letter.id] = stopped(SubscriberState(reader.state) if reader else None) or GAVE_UP
            elif by is None:
                done[letter.id] = GAVE_UP
            elif story is None:
                done[letter.id] = Skip("the story was withdrawn")
            else:
                variant = _Variant(story, by, reader.pictures and not by.is_plain, bool(reader.clicks))
                if (write := writers.get(variant)) is None:
                    write = writers[variant] = self._writer(s, variant)
                done[letter.id] = write(letter)
        self.desk.catch_up()
        return done

    def _writer(self, s: Session, variant: _Variant) -> Callable[[LetterView], Parcel | Skip]:
        form = self._written.get(variant, lambda: self._write(s, variant))
        return self.desk.writer(form, lead=variant.story.id)

    def _write(self, s: Session, variant: _Variant) -> Form:
        desk, story, by = self.desk, variant.story, variant.through
        seen = pictures(s, [story.image_id]).get(story.image_id or 0) if variant.pictures else None
        url = desk.story_url(story.path, 1, story.id, counted=variant.counted)
        told = MailStory(
            story.title, story.dek, url, story.topic, story.byline, story.minutes,
            digest.wide(seen, desk.settings) if seen else None,
        )  # fmt: skip
        about = subjects(s, [story.id])[story.id]
        has_tastes = bool(about.topics or about.authors)
        words = desk.pen.write(
            "story",
            story=told,
            list_name=by.name,
            leave=desk.leave_url,
            manage=desk.manage_url,
            **(desk.taste_urls if has_tastes else {}),
        )
        headers = desk.list_header(by.name, by.slug)
        return Form(words, desk.sender(by.sender), headers, desk.leave_url)


def _lists(s: Session, letters: Sequence[LetterView]) -> dict[tuple[int, int], _Through]:
    """By (post, reader) the list through which a reader gets a story; nothing where they gave it up meanwhile."""
    through = (
        select(Announcement.post_id, Subscription.subscriber_id, MailingList)
        .join(Announcement, Announcement.list_id == MailingList.id)
        .join(Subscription, Subscription.list_id == MailingList.id)
        .where(
            Announcement.post_id.in_({letter.about_id for letter in letters}),
            Subscription.subscriber_id.in_({letter.reader_id for letter in letters}),
        )
        .order_by(Subscription.at_once.desc(), MailingList.id)
    )
    found: dict[tuple[int, int], _Through] = {}
    for post_id, reader_id, row in s.execute(through):
        by = _Through(row.slug, row.name, row.sender, row.design == Design.PLAIN)
        found.setdefault((post_id, reader_id), by)
    return found
