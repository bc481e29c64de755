"""Standing pages: written in the editor like a story, with its history and checks, and shown at an address at the root. The studio
begins them and puts them up; the site finds them by their address. Every change touches the post's row, so ready pages are stale.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from markupsafe import Markup
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from blog import links
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.authors.slugs import first_free
from blog.db import Database
from blog.images.reading import Picture, pictures
from blog.posts.asked import known, word
from blog.posts.checks import findings, for_page, gate
from blog.posts.deeds import note
from blog.posts.deriving import derive, relate, resolve
from blog.posts.document import image_ids
from blog.posts.drafts import Draft, checked, draft_of, show
from blog.posts.inspecting import faults_of
from blog.posts.leading import leads
from blog.posts.model import Manuscript, Post, PostId, RevisionKind
from blog.posts.page_model import FormerPage, StandingPage
from blog.posts.publishing import held, must_stand
from blog.posts.remembering import remember
from blog.posts.telling import Told, told_of
from blog.posts.writing import begin
from blog.refusals import Forbidden, Invalid, NotFound

LONGEST = 80
UNNAMED = "page"
OWNED = "The site has a page of its own at that address. Choose another one."
TAKEN = "Another page has that address. Choose another one."
NO_ADDRESS = "Write the address in small letters, digits and single hyphens, like about-us."


class Place(StrEnum):
    NOWHERE = ""
    MENU = "menu"
    FOOTER = "footer"


@dataclass(frozen=True)
class PageEntry:
    """A page as its list in the studio has it."""

    id: PostId
    title: str
    slug: str
    place: Place
    stands: bool
    version: int
    has_changes: bool
    """It stands, and the manuscript is newer."""
    saved_at: datetime

    @property
    def wish(self) -> str:
        """The address to offer: one that was only made up gives way to the title's."""
        made_up = not self.stands and re.fullmatch(f"{UNNAMED}(-[0-9]+)?", self.slug)
        return (links.slugify(self.title, LONGEST) or self.slug) if made_up else self.slug


@dataclass(frozen=True)
class StandingView:
    """A page as readers see it."""

    path: str
    title: str
    dek: str
    body: Markup
    picture: Picture | None
    told: Told


def start(db: Database, by: Person, at: datetime, title: str = "") -> PostId:
    _must_edit(by)
    with db.transaction() as s:
        post_id = begin(s, by, at, Draft(title=title, in_digest=False))
        taken = {*s.scalars(select(StandingPage.slug)), *s.scalars(select(FormerPage.slug))}
        s.add(
            StandingPage(
                post_id=post_id,
                place=Place.FOOTER,
                slug=first_free(links.slugify(title, 60) or UNNAMED, taken),
            )
        )
        return post_id


def listing(db: Database, by: Person) -> tuple[PageEntry, ...]:
    """By title."""
    _must_edit(by)
    wanted = select(StandingPage, Manuscript).join(Manuscript, Manuscript.post_id == StandingPage.post_id)
    with db.reading() as s:
        rows = s.execute(wanted.order_by(func.lower(Manuscript.title), StandingPage.post_id))
        return tuple(_entry(row.StandingPage, row.Manuscript) for row in rows)


def get(db: Database, post_id: int, by: Person) -> PageEntry:
    _must_edit(by)
    with db.reading() as s:
        page = _page(s, known(s, post_id))
        return _entry(page, s.get_one(Manuscript, page.post_id))


def stand(
    db: Database, post_id: int, by: Person, at: datetime, version: int, slug: str, place: Place,
    is_owned: Callable[[str], bool], *, zone: ZoneInfo,
) -> str:  # fmt: skip
    """Shows the manuscript to readers at ``/slug`` and returns that path. An address that it leaves goes on leading to it.
    ``is_owned`` tells whether the site itself has a page there; ``version`` as in ``publishing.publish``.
    """
    _must_edit(by)
    with db.transaction() as s:
        post = held(s, post_id)
        page = _page(s, post)
        must_stand(s, post, version)
        manuscript = s.get_one(Manuscript, post.id)
        draft = _ready(s, manuscript)
        _move(s, page, slug.strip().strip("/"), is_owned)
        page.place, page.stands = place, True
        show(post, draft)
        s.flush()
        relate(s, post, draft)
        derive(s, post, at.astimezone(zone).date())
        remember(s, manuscript, at, RevisionKind.PUBLISHED)
        manuscript.published_version, post.updated_at = manuscript.version, at
        note(s, post, by, "stood", at)
        return f"/{page.slug}"


def take_down(db: Database, post_id: int, by: Person, at: datetime) -> None:
    """Readers no longer see it; its words and address are kept."""
    _must_edit(by)
    with db.transaction() as s:
        post = held(s, post_id)
        _page(s, post).stands = False
        post.updated_at = at
        note(s, post, by, "taken down", at)


def find_page(db: Database, slug: str) -> StandingView | None:
    wanted = select(Post, StandingPage.slug).join(StandingPage, StandingPage.post_id == Post.id)
    with db.reading() as s:
        row = s.execute(wanted.where(StandingPage.slug == word(slug), StandingPage.stands)).one_or_none()
        if row is None:
            return None
        post: Post = row.Post
        lead = pictures(s, [post.lead_image_id]).get(post.lead_image_id or 0)
        told = told_of(post.title, post.dek or post.excerpt, post)
        return StandingView(f"/{row.slug}", post.title, post.dek, Markup(post.body_html), lead, told)


def find_moved(db: Database, slug: str) -> str | None:
    """Where the page that once had this address stands now."""
    now_at = select(StandingPage.slug).join(FormerPage, FormerPage.post_id == StandingPage.post_id)
    with db.reading() as s:
        found = s.scalar(now_at.where(FormerPage.slug == word(slug), StandingPage.stands))
        return f"/{found}" if found else None


def placed(db: Database) -> tuple[tuple[Place, str, str], ...]:
    """(place, path, title) of each page that stands, by title."""
    wanted = select(StandingPage.place, StandingPage.slug, Post.title).join(
        Post, Post.id == StandingPage.post_id
    )
    with db.reading() as s:
        rows = s.execute(wanted.where(StandingPage.stands).order_by(func.lower(Post.title), Post.id))
        return tuple((Place(row.place), f"/{row.slug}", row.title) for row in rows)


def _must_edit(by: Person) -> None:
    if not by.can(Right.EDIT_ANY):
        raise Forbidden("Editors write the pages that always stand. Ask one of them.")


def _page(s: Session, post: Post) -> StandingPage:
    page = s.get(StandingPage, post.id)
    if page is None:
        raise NotFound("We can't find that page. It may have been deleted.")
    return page


def _ready(s: Session, manuscript: Manuscript) -> Draft:
    """Checked again, and without what only stories have."""
    draft = replace(checked(s, draft_of(manuscript)), author_ids=(), topic_ids=(), in_digest=False)
    shown = pictures(s, [draft.lead_image, *image_ids(draft.body)])
    faults = faults_of(s, manuscript.post_id, manuscript.version)
    gate(for_page(findings(draft, shown, resolve(s, draft.body).stories, leads(s, draft.body), faults)))
    return draft


def _move(s: Session, page: StandingPage, slug: str, is_owned: Callable[[str], bool]) -> None:
    fault = ""
    if len(slug) > LONGEST or not re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", slug):
        fault = NO_ADDRESS
    elif is_owned(slug):
        fault = OWNED
    elif s.scalar(
        select(StandingPage.post_id).where(StandingPage.slug == slug, StandingPage.post_id != page.post_id)
    ):
        fault = TAKEN
    if fault:
        raise Invalid(fault, {"slug": [fault]})
    if page.slug != slug:
        s.execute(delete(FormerPage).where(FormerPage.slug.in_([slug, page.slug])))
        if page.stands:
            s.add(FormerPage(slug=page.slug, post_id=page.post_id))
        page.slug = slug


def _entry(page: StandingPage, text: Manuscript) -> PageEntry:
    return PageEntry(
        PostId(page.post_id), text.title or "Untitled", page.slug, Place(page.place), page.stands, text.version,
        page.stands and text.version > text.published_version, text.saved_at,
    )  # fmt: skip
