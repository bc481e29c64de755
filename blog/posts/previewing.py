"""The article as the manuscript would make it. Nothing is stored."""

from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from blog.accounts.people import Person
from blog.authors.model import Author, AuthorId
from blog.db import Database
from blog.images.reading import Picture, pictures
from blog.posts import prose
from blog.posts.asked import known
from blog.posts.deriving import resolve
from blog.posts.digesting import byline
from blog.posts.drafts import Draft, checked, draft_of
from blog.posts.model import Manuscript, Post, PostId, Topic, TopicId
from blog.posts.rules import must_see
from blog.posts.telling import told_of
from blog.posts.views import Article, Byline, Card, DigestStory, TopicLink

_UTC = ZoneInfo("UTC")


def preview(db: Database, post_id: int, by: Person, at: datetime, *, zone: ZoneInfo = _UTC) -> Article:
    """What publishing at ``at`` would show; the path is empty before the first publication. Checks do not block it."""
    with db.reading() as s:
        post = known(s, post_id)
        must_see(by, post)
        return _article(s, post, at, zone)


def by_link(db: Database, post_id: int, at: datetime, *, zone: ZoneInfo = _UTC) -> Article:
    """The same for whoever was given the link; the door has looked at that."""
    with db.reading() as s:
        return _article(s, known(s, post_id), at, zone)


def as_mailed(db: Database, post_id: int, by: Person, at: datetime) -> tuple[DigestStory, Picture | None]:
    """What an edition would take of it, if it were published at ``at``, and its lead picture."""
    with db.reading() as s:
        post = known(s, post_id)
        must_see(by, post)
        draft = _draft(s, post)
        _, minutes = prose.count(draft.body)
        card = _card(s, post, draft, minutes, at)
        story = DigestStory(
            card.id, card.title, prose.mail_words(draft.body) or card.dek, card.path, card.topics[0].name if card.topics else "",
            byline(card.authors), minutes, card.picture.id if card.picture else None, at,
        )  # fmt: skip
        return story, card.picture


def _article(s: Session, post: Post, at: datetime, zone: ZoneInfo) -> Article:
    draft = _draft(s, post)
    html = prose.page_html(draft.body, resolve(s, draft.body, draft.sources), at.astimezone(zone).date())
    words, minutes = prose.count(draft.body)
    card = _card(s, post, draft, minutes, post.published_at or post.publish_at or at)
    return Article(
        card, Markup(html), words, post.updated_at, told_of(card.title, card.dek, draft), 'data-gallery="' in html,
        sources=draft.sources,
    )  # fmt: skip


def _draft(s: Session, post: Post) -> Draft:
    return checked(s, draft_of(s.scalars(select(Manuscript).where(Manuscript.post_id == post.id)).one()))


def _card(s: Session, post: Post, draft: Draft, minutes: int, published_at: datetime) -> Card:
    people = {
        a.id: Byline(AuthorId(a.id), a.slug, a.name)
        for a in s.scalars(select(Author).where(Author.id.in_(draft.author_ids)))
    }
    subjects = {
        t.id: TopicLink(TopicId(t.id), t.slug, t.name)
        for t in s.scalars(select(Topic).where(Topic.id.in_(draft.topic_ids)))
    }
    return Card(
        PostId(post.id), post.path or "", draft.title or "Untitled", draft.dek or prose.excerpt(draft.body),
        tuple(people[i] for i in draft.author_ids), tuple(subjects[i] for i in draft.topic_ids), published_at, minutes,
        pictures(s, [draft.lead_image]).get(draft.lead_image or 0),
    )  # fmt: skip
