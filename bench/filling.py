"""Worlds to send in: the demonstration's stories as one digest of about 30 KiB, and as many readers as are wanted, by bulk SQL."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Select, String, cast, func, insert, literal, select, text, update
from sqlalchemy.orm import Session

from app import open_house
from bench.databases import Place
from blog import clock
from blog.db import Database, UtcDateTime
from blog.demo import loading, script
from blog.demo.script import ArticleEntry, Part, Script
from blog.settings import Settings, build
from blog.upgrading import upgrade
from newsletter.editions import compiling
from newsletter.lists import reading as lists
from newsletter.lists.model import MailingList
from newsletter.subscribers.model import Subscriber, SubscriberState, Subscription

STORIES = 6
"""So many, all told in full with deks as editors write them, make a mail of about 30 KiB."""
DOMAINS = 50


@dataclass(frozen=True)
class World:
    """A publication whose edition is ready to be closed."""

    settings: Settings
    readers: int


def furnish(place: Place, data: Path, readers: int) -> World:
    """Stories and readers; no edition has left yet."""
    data.mkdir(parents=True)
    settings = build(
        data=data, database_url=place.url, secret_key="bench", sender="Perijove <digest@example.org>", log_level="error",
    )  # fmt: skip
    house, at = open_house(settings), clock.now()
    upgrade(house.db)
    compiling.compile_due(house.db, at, settings)
    loading.load(house.db, house.storage, at, whole=_stories(script.read()))
    with house.db.transaction() as s:
        s.execute(update(MailingList).values(most=STORIES))
        add_readers(s, readers, at)
    _look(house.db)
    house.db.close()
    return World(settings, readers)


def freeze(world: World) -> int:
    """Closes the edition: from now on its letters are due. Returns its id."""
    house = open_house(world.settings)
    edition = compiling.send_now(house.db, clock.now(), world.settings)
    house.db.close()
    return edition


def add_readers(s: Session, many: int, at: datetime) -> None:
    """Confirmed readers of the daily list, ``reader1@…`` to ``reader<many>@…``, in two statements."""
    list_id = lists.default_list(s, at).id
    number = _numbers(s, many).c.n
    name = cast(number, String)
    address = (
        literal("reader") + name + literal("@list") + cast(number % DOMAINS, String) + literal(".example.org")
    )
    when = literal(at, UtcDateTime)
    rows = select(address, address, literal(SubscriberState.CONFIRMED.value), when, when, when)
    columns = ["address", "address_key", "state", "created_at", "asked_at", "confirmed_at"]
    s.execute(insert(Subscriber).from_select(columns, rows))
    taken = select(Subscriber.id, literal(list_id), when).order_by(Subscriber.id)
    s.execute(insert(Subscription).from_select(["subscriber_id", "list_id", "since"], taken))


def _numbers(s: Session, many: int) -> Any:
    """A table of one column ``n``, from 1 to ``many``."""
    if s.get_bind().dialect.name == "postgresql":
        counted: Select[Any] = select(func.generate_series(1, many).label("n"))
        return counted.subquery()
    counting = select(literal(1).label("n")).cte("numbers", recursive=True)
    return counting.union_all(select(counting.c.n + 1).where(counting.c.n < many))


def _look(db: Database) -> None:
    """PostgreSQL looks at full tables by itself after a minute; here it does at once. SQLite never does."""
    if not db.is_sqlite:
        with db.transaction() as s:
            s.execute(text("ANALYZE"))


def _stories(whole: Script) -> Script:
    """The newest stories, all of today, in two photographs and without their bodies: only their mail is looked at here."""
    photographs = [picture for picture in whole.pictures if picture.file][:2]
    keys = [picture.key for picture in photographs]
    chosen = enumerate(whole.articles[-STORIES:])
    articles = tuple(
        replace(entry, days_ago=0.01 * (STORIES - number), lead=keys[number % 2], parts=_begun(entry))
        for number, entry in chosen
    )
    authors = tuple(replace(author, picture=keys[0]) for author in whole.authors)
    return replace(whole, articles=articles, authors=authors, pictures=tuple(photographs))


def _begun(entry: ArticleEntry) -> tuple[Part, ...]:
    return tuple(part for part in entry.parts if not part.kind)[:1]
