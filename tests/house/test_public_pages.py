"""Every public page is looked at in a browser: a new one that stands in no list of pages is found here."""

from collections.abc import Iterator

import pytest
from werkzeug.exceptions import NotFound
from werkzeug.routing import Map, RequestRedirect

from app import create_app
from blog.settings import Settings
from tests.walks import test_pages_look, test_post_office_look

NO_PAGES = {
    "archive.daily_feed", "archive.list_feed", "clicks.picture", "feeds.author", "feeds.everything", "feeds.topic", "images.media",
    "images.tile", "sharing.oembed", "sharing.picture", "sitemaps.index", "sitemaps.indexnow", "sitemaps.news", "sitemaps.opensearch",
    "sitemaps.pages", "sitemaps.robots", "sitemaps.stories",
}  # fmt: skip
"""What answers with a file for machines."""
BY_A_LINK_FROM_A_MAIL = {
    "agreeing.look", "agreeing.look_address", "preferences.ask_erasure", "preferences.look", "preferences.show", "previews.show",
}  # fmt: skip
"""Pages for one person; the walks of preferences, sign-up and stories open them with a token."""
NARROWED = {"pages.author_in"}
"""A page that is looked at anyway, with fewer stories."""
OF_OWNERS = {"pages.standing_page"}
"""What an owner writes, made of the pieces of a story; the demonstration has none."""
FROM_EDITIONS = {"archive.of_list", "archive.one"}
"""Pages of what was mailed, which the walks of sending open."""
LOOKED_AT_WHERE_MADE = NO_PAGES | BY_A_LINK_FROM_A_MAIL | NARROWED | OF_OWNERS | FROM_EDITIONS


@pytest.fixture
def addresses(settings: Settings) -> Iterator[Map]:
    made = create_app(settings)
    yield made.url_map
    made.extensions["perijove"].db.close()


def public(addresses: Map) -> set[str]:
    """The endpoints that answer a visitor's GET."""
    return {
        rule.endpoint
        for rule in addresses.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.rule.startswith("/studio")
    }


def looked_at(addresses: Map) -> Iterator[str]:
    plain = addresses.bind("localhost")
    for path in (*test_pages_look.LISTS, *test_post_office_look.PUBLIC):
        try:
            yield plain.match(path.partition("?")[0])[0]
        except (NotFound, RequestRedirect):
            pytest.fail(f"{path} is looked at, and is no address of ours")
    yield from (f"pages.{name}" for name in test_pages_look.LINKED)


def test_every_public_page_is_looked_at(addresses: Map) -> None:
    assert public(addresses) - set(looked_at(addresses)) - LOOKED_AT_WHERE_MADE == set()


def test_what_is_said_of_public_addresses_is_still_so(addresses: Map) -> None:
    assert LOOKED_AT_WHERE_MADE - public(addresses) == set()
