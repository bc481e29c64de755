"""What an author's page says: made and changed by editors, or made by itself when somebody's first story needs a byline."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from blog import links
from blog.accounts.model import Account
from blog.authors.model import Author, AuthorId
from blog.authors.slugs import first_free
from blog.db import Database
from blog.images.model import Image
from blog.images.reading import Picture, pictures
from blog.refusals import Conflict, Invalid, NotFound

MOST_LINKS = 12
TAKEN = "There is an author of that name already. Choose the name from the list."
LONGEST = {"name": 120, "place": 120, "biography": 10_000}


@dataclass(frozen=True)
class AuthorText:
    """What an editor writes. An empty slug means: made from the name."""

    name: str
    slug: str = ""
    biography: str = ""
    """Plain text; blank lines part paragraphs."""
    place: str = ""
    links: tuple[tuple[str, str], ...] = ()
    """(label, http address)."""
    image_id: int | None = None
    account_id: int | None = None


@dataclass(frozen=True)
class AuthorEntry:
    id: AuthorId
    text: AuthorText
    picture: Picture | None

    @property
    def name(self) -> str:
        return self.text.name

    @property
    def slug(self) -> str:
        return self.text.slug


def list_all(db: Database) -> tuple[AuthorEntry, ...]:
    with db.reading() as s:
        return _entries(s, s.scalars(select(Author).order_by(func.lower(Author.name), Author.id)).all())


def get(db: Database, author_id: int) -> AuthorEntry:
    with db.reading() as s:
        return _entries(s, [_found(s, author_id)])[0]


def create(db: Database, text: AuthorText, at: datetime) -> AuthorId:
    with db.transaction() as s:
        return _add(s, text, at)


def welcome(db: Database, name: str, words: str, link: str, at: datetime) -> AuthorId:
    """A guest: an author page without an account, of a name that nobody has yet. ``link`` may be empty."""
    links_ = ((_host(link.strip()) or "Website", link.strip()),) if link.strip() else ()
    with db.transaction() as s:
        plain = " ".join(name.replace("\0", "").split())
        if s.scalar(select(Author.id).where(func.lower(Author.name) == plain.lower()).limit(1)):
            raise Invalid(TAKEN, {"name": [TAKEN]})
        return _add(s, AuthorText(name, biography=words, links=links_), at)


def change(db: Database, author_id: int, text: AuthorText) -> None:
    """An empty slug keeps the address; another one moves the page, without a redirect."""
    with db.transaction() as s:
        author = _found(s, author_id)
        _put(s, author, replace(text, slug=text.slug.strip() or author.slug))


def delete(db: Database, author_id: int) -> None:
    """Conflict where a story that was ever published bears the name."""
    try:
        with db.transaction() as s:
            s.delete(_found(s, author_id))
    except IntegrityError:
        raise Conflict("This author's name stands over stories. Give those another author first.") from None


def for_account(db: Database, account_id: int, name: str, at: datetime) -> AuthorId:
    """The author page of a staff account; made with ``name`` where there is none yet."""
    with db.transaction() as s:
        return author_of(s, account_id, name, at)


def author_of(s: Session, account_id: int, name: str, at: datetime) -> AuthorId:
    """``for_account`` inside a transaction that is open already."""
    known = s.scalar(select(Author.id).where(Author.account_id == account_id))
    return AuthorId(known) if known else _add(s, AuthorText(name, account_id=account_id), at)


def _found(s: Session, author_id: int) -> Author:
    author = s.get(Author, author_id) if 0 < author_id < 2**63 else None
    if author is None:
        raise NotFound("We can't find that author.")
    return author


def _add(s: Session, text: AuthorText, at: datetime) -> AuthorId:
    author = Author(created_at=at)
    _put(s, author, text)
    s.add(author)
    s.flush()
    return AuthorId(author.id)


def _put(s: Session, author: Author, text: AuthorText) -> None:
    text = _kept(text)
    _check(s, author, text)
    taken = set(s.scalars(select(Author.slug).where(Author.id != (author.id or 0))))
    author.slug = first_free(links.slugify(text.slug or text.name) or "author", taken)
    author.name, author.place = " ".join(text.name.split()), " ".join(text.place.split())
    author.biography = text.biography.replace("\r\n", "\n").strip()
    author.links = [{"label": " ".join(label.split()), "url": url.strip()} for label, url in text.links]
    author.image_id, author.account_id = text.image_id, text.account_id


def _kept(text: AuthorText) -> AuthorText:
    """Without NUL, which no database keeps."""

    def kept(words: str) -> str:
        return words.replace("\0", "")

    return replace(
        text, name=kept(text.name), slug=kept(text.slug), biography=kept(text.biography), place=kept(text.place),
        links=tuple((kept(label), kept(url)) for label, url in text.links),
    )  # fmt: skip


def _check(s: Session, author: Author, text: AuthorText) -> None:
    wrong: dict[str, list[str]] = {}
    if not text.name.strip():
        wrong["name"] = ["Enter the author's name."]
    for name, most in LONGEST.items():
        if len(getattr(text, name)) > most:
            wrong[name] = [f"That is too long: at most {most:,} characters fit."]
    told = [_link_fault(label, url) for label, url in text.links]
    if any(told) or len(told) > MOST_LINKS:
        wrong["links"] = [fault for fault in told if fault] or [f"At most {MOST_LINKS} links fit."]
    if text.image_id is not None and s.get(Image, text.image_id) is None:
        wrong["image_id"] = ["That picture is not in the library any more."]
    if fault := _account_fault(s, author, text.account_id):
        wrong["account_id"] = [fault]
    if wrong:
        raise Invalid(next(iter(wrong.values()))[0], wrong)


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")[:60]
    except ValueError:
        return ""


def _link_fault(label: str, url: str) -> str:
    try:
        parts = urlsplit(url.strip())
        fine = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        fine = False
    if not label.strip() or len(label) > 60:
        return "Give each link a short name, at most 60 characters."
    if not fine or len(url) > 500 or any(c.isspace() or c in '"<>' for c in url.strip()):
        return f"“{url[:60]}” is no web address. It should begin with https://."
    return ""


def _account_fault(s: Session, author: Author, account_id: int | None) -> str:
    if account_id is None:
        return ""
    if s.get(Account, account_id) is None:
        return "That account is not there any more."
    other = s.scalar(select(Author.id).where(Author.account_id == account_id, Author.id != (author.id or 0)))
    return "That account has an author page already." if other else ""


def _entries(s: Session, authors: Sequence[Author]) -> tuple[AuthorEntry, ...]:
    faces = pictures(s, [author.image_id for author in authors])
    return tuple(AuthorEntry(AuthorId(a.id), _text(a), faces.get(a.image_id or 0)) for a in authors)


def _text(author: Author) -> AuthorText:
    pairs = tuple((link["label"], link["url"]) for link in author.links)
    return AuthorText(
        author.name, author.slug, author.biography, author.place, pairs, author.image_id, author.account_id
    )
