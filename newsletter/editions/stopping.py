"""Stopping an edition while it goes out, for good. Called by the desk."""

from datetime import datetime

from sqlalchemy import select

from blog.db import Database
from blog.refusals import Conflict, NotFound
from newsletter.delivery import intervening
from newsletter.editions.compiling import KIND
from newsletter.editions.model import Edition, EditionState
from newsletter.lists import reading as lists


def stop(db: Database, edition_id: int, by: str, at: datetime) -> int:
    """No letter of it leaves any more, and none is written for readers whose moment is still to come; its stories are not told
    to them again. Returns how many letters were stopped. Raises NotFound, and Conflict for one that has not left.
    """
    with db.transaction() as s:
        list_id = s.scalar(select(Edition.list_id).where(Edition.id == edition_id))
        if list_id is None:
            raise NotFound("There is no such edition.")
        # Whoever writes letters about it just now holds the list; after that nobody does.
        lists.hold(s, list_id)
        edition = s.get_one(Edition, edition_id, populate_existing=True)
        if edition.state == EditionState.OPEN:
            raise Conflict("That edition has not left yet; hold it instead.")
        edition.stopped_at = edition.stopped_at or at
        return intervening.stop(s, KIND, edition_id, by, at)
