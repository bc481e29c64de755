"""What the public pages, feeds and the digest see of posts: frozen, complete, safe to keep after the session is closed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from markupsafe import Markup

from blog.authors.model import AuthorId
from blog.images.model import ImageId
from blog.images.reading import Picture
from blog.posts.model import NoteKind, PostId, TopicId
from blog.posts.sources import Source
from blog.posts.telling import Told

T = TypeVar("T")


@dataclass(frozen=True)
class Byline:
    id: AuthorId
    slug: str
    name: str


@dataclass(frozen=True)
class TopicLink:
    id: TopicId
    slug: str
    name: str
    stories: int = 0
    """How many published posts it has, where the page shows that."""


@dataclass(frozen=True)
class Card:
    """A post as it stands in a list."""

    id: PostId
    path: str
    title: str
    dek: str
    """The dek, or the excerpt where an editor wrote none."""
    authors: tuple[Byline, ...]
    topics: tuple[TopicLink, ...]
    published_at: datetime
    minutes: int
    picture: Picture | None

    @property
    def topic(self) -> TopicLink | None:
        return self.topics[0] if self.topics else None


@dataclass(frozen=True)
class Note:
    """A correction or an update that stands on a story."""

    kind: NoteKind
    text: str
    """Plain text; blank lines part paragraphs."""
    at: datetime
    reworded_at: datetime | None = None

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(self.text.split("\n\n"))


@dataclass(frozen=True)
class Corrected:
    """A correction as the public page of corrections shows it."""

    card: "Card"
    note: Note
    earlier: tuple[Note, ...]
    """What it said before, newest first."""


@dataclass(frozen=True)
class Article:
    card: Card
    body: Markup
    """Sanitised HTML, derived at publication."""
    words: int
    updated_at: datetime | None
    told: Told
    has_gallery: bool
    notes: tuple[Note, ...] = ()
    sources: tuple[Source, ...] = ()
    """They stand at the body's end; here they are for machines."""


@dataclass(frozen=True)
class Shelf:
    """A row of other posts under an article: where "View all" leads, and the first few."""

    heading: str
    path: str
    total: int
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Shelves:
    """None where there is nothing to show."""

    related: Shelf | None = None
    more_from: Shelf | None = None
    """Of the first author."""
    more_in: Shelf | None = None
    """In the first topic, where no story is related."""


@dataclass(frozen=True)
class ArticlePage:
    article: Article
    shelves: Shelves = Shelves()


@dataclass(frozen=True)
class Page(Generic[T]):
    items: tuple[T, ...]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.number < self.pages else None


@dataclass(frozen=True)
class PictureEntry:
    """A picture with the published posts that show it, newest first."""

    picture: Picture
    posts: tuple[Card, ...]


@dataclass(frozen=True)
class HomePage:
    lead: Card | None
    beside: tuple[Card, ...]
    """Up to three."""
    latest: tuple[Card, ...]
    """Up to nine, none of them above."""
    picture: PictureEntry | None
    """The newest picture that is no lead on this page."""


@dataclass(frozen=True)
class AuthorProfile:
    id: AuthorId
    slug: str
    name: str
    biography: tuple[str, ...]
    """Paragraphs of plain text."""
    place: str
    links: tuple[tuple[str, str], ...]
    """(label, address)."""
    picture: Picture | None
    stories: int
    since: date | None
    beats: tuple[TopicLink, ...]
    """Topics with counts, most written first."""


@dataclass(frozen=True)
class YearOf:
    year: int
    stories: int


@dataclass(frozen=True)
class Month:
    year: int
    number: int
    stories: int

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)


@dataclass(frozen=True)
class AuthorPage:
    author: AuthorProfile
    page: Page[Card]
    years: tuple[YearOf, ...]
    """Newest first."""


@dataclass(frozen=True)
class TopicPage:
    topic: TopicLink
    description: str
    page: Page[Card]
    above: TopicLink | None = None
    below: tuple[TopicLink, ...] = ()
    """Those that stand under it and have a story."""
    picks: tuple[Card, ...] = ()
    """The editors' stories to start with."""
    pinned: frozenset[PostId] = frozenset()
    """Those that stand on top."""


@dataclass(frozen=True)
class Hit:
    card: Card
    snippet: Markup
    """Escaped text around the found words, which stand in <mark>."""


@dataclass(frozen=True)
class FeedEntry:
    card: Card
    body: Markup
    updated_at: datetime
    released_at: datetime
    """When it was public for the first time; no later edit moves it."""
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class SitemapEntry:
    path: str
    changed_at: datetime
    picture_url: str


@dataclass(frozen=True)
class SitemapPart:
    """The stories of one year."""

    year: int
    changed_at: datetime


@dataclass(frozen=True)
class News:
    """A story as the news sitemap has it."""

    path: str
    title: str
    published_at: datetime


@dataclass(frozen=True)
class DigestStory:
    """A post as an edition takes it."""

    id: PostId
    title: str
    dek: str
    path: str
    topic: str
    byline: str
    minutes: int
    image_id: ImageId | None
    released_at: datetime
