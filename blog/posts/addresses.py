"""Which web addresses a text may hold. Asked when a document is checked and again when HTML is cleaned."""

import re
from urllib.parse import urlsplit

_UNSAFE = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029\ufeff\"<>`]")
"""What browsers drop, turn or trip over inside an address; written ones have it percent-encoded."""


def is_web(url: str) -> bool:
    """An absolute http or https address with a host."""
    if _UNSAFE.search(url):
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def is_link(href: str) -> bool:
    """A web address, ``mailto:``, or a place on this site: ``/path`` or ``#part``."""
    if _UNSAFE.search(href):
        return False
    if href.startswith(("/", "#")):
        return not href.startswith("//")
    return is_web(href) or (href.lower().startswith("mailto:") and "@" in href)
