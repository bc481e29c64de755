"""Search of published words: FTS5 on SQLite, tsvector on PostgreSQL. The only file of this room that knows the difference.

What a reader types is never syntax: it is taken apart into words, and each word is quoted. The last one matches beginnings.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape
from sqlalchemy import Float, Select, Subquery, TextClause, bindparam, column, func, select, text
from sqlalchemy.orm import Session

from blog.db import BigId, Database
from blog.posts.cards import CARD, cards
from blog.posts.model import Post, PostState
from blog.posts.narrowing import Choices, Wanted, choices, conditions
from blog.posts.paging import check_number
from blog.posts.views import Hit, Page
from blog.posts.vocabulary import fold, nearest

PAGE = 10
MOST_WORDS = 12
ANYTHING = Wanted()
_UTC = ZoneInfo("UTC")
_START, _STOP = "\x02", "\x03"
"""Around a found word until the snippet is escaped; no stored text holds them."""


@dataclass(frozen=True)
class Found:
    page: Page[Hit]
    choices: Choices = Choices()
    """What the found stories may be narrowed by."""
    meant: str = ""
    """Words that find something, where these find nothing."""
    elsewhere: int = 0
    """How many stories there would be without the narrowing, where with it there are none."""


def find(
    db: Database, words: str, page: int = 1, wanted: Wanted = ANYTHING, *, zone: ZoneInfo = _UTC
) -> Found:
    """The published posts that hold all the words, best first; nothing where there is no word in ``words``.

    ``zone`` is the publication's: years go by it.
    """
    tokens = _tokens(words)
    if not tokens:
        return Found(Page((), 1, PAGE, 0))
    dialect = _SQLITE if db.is_sqlite else _POSTGRESQL
    with db.reading() as s:
        asked = dialect.quote(tokens)
        hits = _matching(dialect, asked).where(*conditions(wanted, zone))
        total = _count(s, hits)
        if not total:
            elsewhere = _count(s, _matching(dialect, asked)) if wanted else 0
            meant = "" if elsewhere else _meant(s, dialect, words, tokens)
            check_number(page, PAGE, total)
            return Found(Page((), page, PAGE, 0), meant=meant, elsewhere=elsewhere)
        check_number(page, PAGE, total)
        ids = s.scalars(hits.limit(PAGE).offset((page - 1) * PAGE)).all()
        shown = Page(_hits(s, dialect, asked, ids), page, PAGE, total)
        return Found(shown, choices(s, hits, total, zone))


@dataclass(frozen=True)
class _Dialect:
    prefix: str
    """How the last word says that it may go on."""
    joint: str
    matches: TextClause
    """Ids of the posts that match ``:asked``, with a rank; the smallest is the best."""
    snippets: TextClause

    def quote(self, tokens: Sequence[str]) -> str:
        """Each token stands in quotes, and none holds a quote: ``Crab neb`` -> ``"Crab" "neb"*``."""
        mark = '"' if self.joint == " " else "'"
        return self.joint.join(f"{mark}{token}{mark}" for token in tokens) + self.prefix


def _tokens(words: str) -> list[str]:
    return re.findall(r"[^\W_]+", fold(words[:400]))[:MOST_WORDS]


def _matching(dialect: _Dialect, asked: str) -> Select[*tuple[Any, ...]]:
    """Ids of the public posts, best first."""
    found: Subquery = (
        dialect.matches.bindparams(asked=asked)
        .columns(column("id", BigId), column("rank", Float))
        .subquery("found")
    )
    return (
        select(Post.id)
        .join(found, found.c.id == Post.id)
        .where(Post.state == PostState.PUBLISHED)
        .order_by(found.c.rank, Post.published_at.desc(), Post.id.desc())
    )


def _count(s: Session, hits: Select[*tuple[Any, ...]]) -> int:
    return s.scalar(select(func.count()).select_from(hits.order_by(None).subquery())) or 0


def _meant(s: Session, dialect: _Dialect, words: str, tokens: Sequence[str]) -> str:
    """``words`` with each word that is nowhere in the stories put right; empty where that finds nothing either."""
    better: dict[str, str] = {}
    for token in dict.fromkeys(tokens):
        if len(token) > 2 and not _count(s, _matching(dialect, dialect.quote([token]))):
            better[token] = nearest(s, token) or token
    asked = dialect.quote(_tokens(" ".join(better.get(token, token) for token in tokens)))
    if all(old == new for old, new in better.items()) or not _count(s, _matching(dialect, asked)):
        return ""
    return re.sub(r"[^\W_]+", lambda one: better.get(fold(one[0]), one[0]), words[:400])


def _hits(s: Session, dialect: _Dialect, asked: str, ids: Sequence[int]) -> tuple[Hit, ...]:
    """Snippets are made for these few rows alone: for all that match they would cost more than the search."""
    asked_of = {"asked": asked, "start": _START, "stop": _STOP}
    told = {row.id: row for row in s.execute(dialect.snippets, asked_of | {"ids": ids})}
    rows = {row.id: row for row in s.execute(select(*CARD).where(Post.id.in_(ids)))}
    shown = cards(s, [rows[i] for i in ids if i in rows])
    return tuple(Hit(card, _marked(_unfolded(told[card.id].snippet, told[card.id].whole))) for card in shown)


def _unfolded(snippet: str, whole: str) -> str:
    """The snippet of a text without diacritics as it stands in the ``whole`` text, with the same words marked."""
    bare = snippet.replace(_START, "").replace(_STOP, "")
    at = fold(whole).find(bare)
    if not whole or at < 0 or len(fold(whole)) != len(whole):
        return snippet
    letters = iter(whole[at : at + len(bare)])
    return "".join(one if one in (_START, _STOP) else next(letters) for one in snippet)


def _marked(snippet: str) -> Markup:
    html = str(escape(" ".join(snippet.split())))
    return Markup(html.replace(_START, "<mark>").replace(_STOP, "</mark>"))


_SQLITE = _Dialect(
    "*",
    " ",
    # A word in the title weighs ten times one in the text, one in the dek four times.
    text(
        "SELECT rowid AS id, bm25(post_search, 10.0, 4.0, 1.0) AS rank FROM post_search WHERE post_search MATCH :asked"
    ),
    text("""SELECT rowid AS id, snippet(post_search, -1, :start, :stop, '…', 28) AS snippet, '' AS whole FROM post_search
        WHERE post_search MATCH :asked AND rowid IN :ids""").bindparams(bindparam("ids", expanding=True)),
)
_POSTGRESQL = _Dialect(
    ":*",
    " & ",
    text("""SELECT id, -ts_rank_cd(search, to_tsquery('english', :asked)) AS rank FROM post
        WHERE search @@ to_tsquery('english', :asked)"""),
    # The text is folded as the index has it (migration 0013).
    text(r"""SELECT id, whole, ts_headline('english',
        normalize(regexp_replace(normalize(whole, NFD), '[\u0300-\u036f]', '', 'g'), NFC), to_tsquery('english', :asked),
        'MaxFragments=1, MaxWords=28, MinWords=12, StartSel=' || :start || ', StopSel=' || :stop) AS snippet
        FROM (SELECT id, concat_ws(E'\n', nullif(dek, ''), nullif(body_text, '')) AS whole FROM post WHERE id IN :ids) AS shown
        """).bindparams(bindparam("ids", expanding=True)),
)
