"""A picture that lies elsewhere on the web, brought here by the guarded fetcher. The studio asks when somebody pastes one."""

import io
import re
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from blog.fetching import Fetched, Rules
from blog.images.kinds import KINDS
from blog.refusals import Unavailable

RULES = Rules(
    schemes=("https", "http"),
    most=30 * 1024 * 1024,
    seconds=20.0,
    accept=", ".join(kind.media_type for kind in KINDS),
)
LONGEST = 2000


def bring(fetch: Callable[[str, Rules], Fetched], url: str) -> tuple[io.BytesIO, str]:
    """Its bytes and a file name. Raises Invalid for an address that may not be asked, Unavailable where it does not answer;
    whether it is a picture at all, ``intake`` finds out.
    """
    found = fetch(url[: LONGEST + 1], RULES)
    if found.status != 200:
        host = urlsplit(url).hostname or "That site"
        raise Unavailable(f"{host} does not hand this picture out (it answers {found.status}).")
    last = unquote(urlsplit(found.url).path).rpartition("/")[2]
    return io.BytesIO(found.body), re.sub(r"[^\w.() -]", "", last)[:120] or "picture"
