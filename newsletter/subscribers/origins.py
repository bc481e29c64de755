"""Where a sign-up came from: the page, the form, the tag of the link that led there. What browsers say about it is read with care.

Called by the public sign-up doors; kept with the reader and, in words, with their consent.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from blog.language.saying import said
from newsletter.subscribers.stopping import plain

AGREED = said("Your address is used for the digest and nothing else. Leave in one click.")
"""What stands under every form that asks for an address; kept, in English, as what the reader agreed to."""
BAND, PAGE, EMBED, API, IMPORT, DESK = "band", "page", "embed", "api", "import", "desk"
OURS = frozenset({BAND, PAGE})
"""Forms on our own pages; their source is a path."""
LONGEST_SOURCE, LONGEST_TAG = 200, 100
_TAG = re.compile(r"[^\w .:/+,()\-]+")


@dataclass(frozen=True)
class Origin:
    source: str
    """A path of ours, another site's page without its query, or a word such as ``api``."""
    form: str = BAND
    campaign: str = ""

    @property
    def words(self) -> str:
        """For the consent: which form it was, what it said, which link led there."""
        led = f" Campaign: {self.campaign}." if self.campaign else ""
        return f"{self.form}: {AGREED}{led}"


def path(text: str) -> str:
    """A path of this site as it was given, or nothing."""
    is_path = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable()
    return text if is_path and len(text) <= LONGEST_SOURCE else ""


def page_elsewhere(text: str) -> str:
    """The page of another site, without query and fragment, which may tell more than a page; or nothing."""
    try:
        parts = urlsplit(text.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host or not text.isprintable():
        return ""
    site = f"{parts.scheme}://{host}{f':{port}' if port else ''}"
    whole = site + ("" if parts.path == "/" or "@" in parts.path else parts.path)
    return whole if len(whole) <= LONGEST_SOURCE else site[:LONGEST_SOURCE]


def campaign(text: str) -> str:
    """A tag as links carry it. What looks like an address is no tag."""
    return "" if "@" in text else _TAG.sub("", plain(text, LONGEST_TAG)).strip()
