"""Search of published words: FTS5 on SQLite, tsvector on PostgreSQL. The only file of this room that knows the difference.

What a reader types is never syntax: it is taken apart into words, and each word is quoted. The last one matches beginnings.
"""

import re
from dataclasses import dataclass

from markupsafe import Markup, escape
from sqlalchemy import TextClause, bindparam, select, text
from sqlalchemy.orm import Session

from blog.db import Database
from blog.posts.cards import CARD, cards
from blog.posts.model import Post
from blog.posts.paging import check_number
from blog.posts.views import Hit, Page

PAGE = 10
MOST_WORDS = 12
_START, _STOP = "\x02", "\x03"
"""Around a found word until the snippet is escaped; no stored text holds them."""


def search(db: Database, words: str, page: int = 1) -> Page[Hit]:
    """The published posts that hold all the words, best first; nothing where there is no word in ``words``."""
    tokens = re.findall(r"[^\W_]+", words[:400])[:MOST_WORDS]
    if not tokens:
        return Page((), 1, PAGE, 0)
    dialect = _SQLITE if db.is_sqlite else _POSTGRESQL
    asked = dialect.quote(tokens)
    with db.reading() as s:
        total = s.scalar(dialect.count, {"asked": asked}) or 0
        check_number(page, PAGE, total)
        window = {"asked": asked, "most": PAGE, "skipped": (page - 1) * PAGE}
        ids = [row.id for row in s.execute(dialect.ranked, window)]
        return Page(_hits(s, dialect, asked, ids), page, PAGE, total)


@dataclass(frozen=True)
class _Dialect:
    prefix: str
    """How the last word says that it may go on."""
    joint: str
    count: TextClause
    ranked: TextClause
    snippets: TextClause

    def quote(self, tokens: list[str]) -> str:
        """Each token stands in quotes, and none holds a quote: ``Crab neb`` -> ``"Crab" "neb"*``."""
        mark = '"' if self.joint == " " else "'"
        return self.joint.join(f"{mark}{token}{mark}" for token in tokens) + self.prefix


def _hits(s: Session, dialect: _Dialect, asked: str, ids: list[int]) -> tuple[Hit, ...]:
    """Snippets are made for these few rows alone: for all that match they would cost more than the search."""
    asked_of = {"asked": asked, "start": _START, "stop": _STOP}
    told = {row.id: row.snippet for row in s.execute(dialect.snippets, asked_of | {"ids": ids})}
    rows = {row.id: row for row in s.execute(select(*CARD).where(Post.id.in_(ids)))}
    shown = cards(s, [rows[i] for i in ids if i in rows])
    return tuple(Hit(card, _marked(told[card.id])) for card in shown)


def _marked(snippet: str) -> Markup:
    html = str(escape(" ".join(snippet.split())))
    return Markup(html.replace(_START, "<mark>").replace(_STOP, "</mark>"))


_SQLITE = _Dialect(
    "*",
    " ",
    text("""SELECT count(*) FROM post_search JOIN post ON post.id = post_search.rowid
        WHERE post_search MATCH :asked AND post.state = 'published'"""),
    # A word in the title weighs ten times one in the text, one in the dek four times.
    text("""SELECT post.id FROM post_search JOIN post ON post.id = post_search.rowid
        WHERE post_search MATCH :asked AND post.state = 'published'
        ORDER BY bm25(post_search, 10.0, 4.0, 1.0), post.published_at DESC, post.id DESC LIMIT :most OFFSET :skipped"""),
    text("""SELECT rowid AS id, snippet(post_search, -1, :start, :stop, '…', 28) AS snippet FROM post_search
        WHERE post_search MATCH :asked AND rowid IN :ids""").bindparams(bindparam("ids", expanding=True)),
)
_POSTGRESQL = _Dialect(
    ":*",
    " & ",
    text("SELECT count(*) FROM post WHERE search @@ to_tsquery('english', :asked) AND state = 'published'"),
    text("""SELECT id FROM post WHERE search @@ to_tsquery('english', :asked) AND state = 'published'
        ORDER BY ts_rank_cd(search, to_tsquery('english', :asked)) DESC, published_at DESC, id DESC
        LIMIT :most OFFSET :skipped"""),
    text("""SELECT id, ts_headline('english', concat_ws(E'\\n', nullif(dek, ''), nullif(body_text, '')),
        to_tsquery('english', :asked), 'MaxFragments=1, MaxWords=28, MinWords=12, StartSel=' || :start || ', StopSel=' || :stop)
        AS snippet FROM post WHERE id IN :ids""").bindparams(bindparam("ids", expanding=True)),
)
