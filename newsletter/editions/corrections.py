"""The composer of corrections: a few words to those whose digest carried a story. ``composing`` hands it to the sender."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from blog import links
from blog.posts.reading import digest_story
from newsletter.delivery.model import LetterId
from newsletter.delivery.parcels import LetterView, Parcel, Skip
from newsletter.editions.desk import GAVE_UP, Desk, stopped
from newsletter.editions.digest import short_day
from newsletter.editions.envelope import Form, Words
from newsletter.editions.model import Correction, Edition
from newsletter.editions.reading import paragraphs
from newsletter.lists.model import MailingList
from newsletter.subscribers.model import SubscriberState
from newsletter.subscribers.served import served


class Corrections:
    """``about_id`` of a letter is the correction, ``reader_id`` the subscriber."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def __call__(self, s: Session, letters: Sequence[LetterView]) -> Mapping[LetterId, Parcel | Skip]:
        readers = served(s, {letter.reader_id for letter in letters})
        forms = {about_id: self._form(s, about_id) for about_id in {letter.about_id for letter in letters}}
        done: dict[LetterId, Parcel | Skip] = {}
        for letter in letters:
            reader = readers.get(letter.reader_id)
            if reader is None or reader.state != SubscriberState.CONFIRMED:
                done[letter.id] = stopped(SubscriberState(reader.state) if reader else None) or GAVE_UP
                continue
            done[letter.id] = self.desk.parcel(forms[letter.about_id], letter)
        return done

    def _form(self, s: Session, correction_id: int) -> Form:
        correction = s.get_one(Correction, correction_id)
        edition = s.get_one(Edition, correction.edition_id)
        mailing = s.get_one(MailingList, edition.list_id)
        words = write(s, self.desk, correction, edition, mailing)
        headers = self.desk.list_header(mailing.name, mailing.slug)
        return Form(words, self.desk.sender(mailing.sender), headers, self.desk.leave_url)


def write(s: Session, desk: Desk, correction: Correction, edition: Edition, mailing: MailingList) -> Words:
    """The words of a correction; personal links are slots."""
    story = digest_story(s, [correction.post_id]).get(correction.post_id) if correction.post_id else None
    site = desk.settings.site
    return desk.pen.write(
        "correction",
        subject=correction.subject,
        paragraphs=paragraphs(correction.text),
        story_url=links.absolute(site, story.path) if story else "",
        story_title=story.title if story else "",
        edition_url=links.absolute(site, links.edition_of(mailing.slug, edition.slug)),
        edition_day=short_day(edition.local_date),
        list_name=mailing.name,
        leave=desk.leave_url,
        manage=desk.manage_url,
    )


def find(s: Session, edition_id: int) -> Sequence[Correction]:
    """Newest first."""
    of_edition = select(Correction).where(Correction.edition_id == edition_id)
    return s.scalars(of_edition.order_by(Correction.id.desc())).all()
