"""Stories by month and year, as their addresses tell: the month of first publication in the publication's own zone. Asked through
``reading``.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from blog.db import Database
from blog.posts.cards import cards, published
from blog.posts.model import Post, PostAuthor, PostState
from blog.posts.paging import paged
from blog.posts.views import Card, Month, Page, YearOf
from blog.refusals import NotFound

PAGE = 24


def months(db: Database) -> tuple[Month, ...]:
    """Months with a public story, newest first."""
    start = func.substr(Post.path, 2, 7)
    with db.reading() as s:
        rows = s.execute(_counted(start))
        return tuple(Month(int(row.start[:4]), int(row.start[5:]), row.stories) for row in rows)


def month(db: Database, year: int, number: int, page: int = 1) -> Page[Card]:
    """NotFound for a month without a story."""
    with db.reading() as s:
        found = paged(s, published().where(_under(f"/{year:04}/{number:02}/")), page, PAGE, cards)
    if not found.total:
        raise NotFound("Nothing was published in that month.")
    return found


def years(author_id: int) -> Select[*tuple[Any, ...]]:
    """Selects the author's years as ``start``, with ``stories``, newest first."""
    written = select(PostAuthor.post_id).where(PostAuthor.author_id == author_id)
    return _counted(func.substr(Post.path, 2, 4)).where(Post.id.in_(written))


def years_of(rows: Any) -> tuple[YearOf, ...]:
    return tuple(YearOf(int(row.start), row.stories) for row in rows)


def in_year(year: int) -> ColumnElement[bool]:
    return _under(f"/{year:04}/")


def _under(start: str) -> ColumnElement[bool]:
    return func.substr(Post.path, 1, len(start)) == start


def _counted(start: ColumnElement[str]) -> Select[*tuple[Any, ...]]:
    return (
        select(start.label("start"), func.count().label("stories"))
        .where(Post.state == PostState.PUBLISHED)
        .group_by(start)
        .order_by(start.desc())
    )
