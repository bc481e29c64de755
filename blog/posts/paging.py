"""One page of a long list."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from blog.posts.views import Page
from blog.refusals import NotFound

T = TypeVar("T")


def paged(
    s: Session,
    rows: Select[*tuple[Any, ...]],
    number: int,
    size: int,
    show: Callable[[Session, Sequence[Row[*tuple[Any, ...]]]], tuple[T, ...]],
) -> Page[T]:
    """Page ``number`` of ``rows``, counted from 1; ``show`` makes views of one page's rows. NotFound beyond the last page."""
    total = s.scalar(select(func.count()).select_from(rows.order_by(None).subquery())) or 0
    check_number(number, size, total)
    found = s.execute(rows.limit(size).offset((number - 1) * size)).all()
    return Page(show(s, found), number, size, total)


def check_number(number: int, size: int, total: int) -> None:
    if number != 1 and not 1 <= number <= max(1, -(-total // size)):
        raise NotFound("There is no such page.")
