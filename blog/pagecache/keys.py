"""What tells one ready page from another. Called by ``serving`` and ``heads``."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

KEPT_QUERIES = {"page"}
"""The only query parameters that choose another page; all others are dropped from the key."""
UNKEYED = ("/studio", "/static/", "/media/", "/search")


def key_of(environ: Mapping[str, Any]) -> str | None:
    """What tells one ready page from another; None where the request must go to the application."""
    path: str = environ.get("PATH_INFO", "")
    if (
        environ["REQUEST_METHOD"] not in ("GET", "HEAD")
        or "HTTP_COOKIE" in environ
        or path.startswith(UNKEYED)
    ):
        return None
    if "json" in environ.get("HTTP_ACCEPT", "") and not path.endswith(".json"):
        return None
    query = environ.get("QUERY_STRING", "")
    if not query:
        return path
    # The first of several, as the application reads it: else one page could be kept under the name of another.
    kept = {
        name: values[0]
        for name, values in parse_qs(query, keep_blank_values=True).items()
        if name in KEPT_QUERIES
    }
    return "?".join([path, *(f"{name}={value}" for name, value in sorted(kept.items()))])
