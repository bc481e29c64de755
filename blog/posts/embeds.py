"""Which pages on other sites can be played in ours, from the address that an editor pastes. No request is made:
the reader's browser asks for the frame when the reader presses play.
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

FRAME_HOSTS = (
    "https://www.youtube-nocookie.com",
    "https://player.vimeo.com",
    "https://embed.bsky.app",
    "https://platform.twitter.com",
    "https://www.instagram.com",
)
"""What a Content-Security-Policy's frame-src must allow."""

_ID = re.compile(r"[A-Za-z0-9_-]{1,40}").fullmatch
_PLAYER = re.compile("(?:" + "|".join(map(re.escape, FRAME_HOSTS)) + r")/[A-Za-z0-9_:@./?=&-]{1,300}")

_SERVER = (
    r"(https://[a-z0-9-]+(?:\.[a-z0-9-]+)+)/@[A-Za-z0-9_.-]{1,60}(?:@[a-zA-Z0-9.-]{1,100})?/[0-9]{1,30}/embed"
)
_MASTODON = re.compile(_SERVER)
_MASTODON_SLEEPS = re.compile(f'data-embed="{_SERVER}"')


@dataclass(frozen=True)
class Embed:
    provider: str
    """Empty for a site that we know nothing of."""
    action: str
    """What the link says where the editor gave no title."""
    frame: str
    """The address of the player; empty where it is only linked."""
    host: str


def find(url: str) -> Embed:
    """What ``url`` leads to. Mastodon's servers are too many to name: a page allows the ones that it shows (``hosts``)."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.").removeprefix("mobile.")
    for provider, action, hosts, frame_of in _PROVIDERS:
        if host in hosts and (frame := frame_of(parts.path, parts.query)):
            return Embed(provider, action, frame, host)
    if re.fullmatch(r"/@[A-Za-z0-9_.-]+(?:@[A-Za-z0-9.-]+)?/[0-9]+/?", parts.path):
        frame = f"https://{host}{parts.path.rstrip('/')}/embed"
        return Embed("Mastodon", f"Read on Mastodon ({host})", frame if is_player(frame) else "", host)
    return Embed("", f"Open on {host}", "", host)


def is_player(frame: str) -> bool:
    return _PLAYER.fullmatch(frame) is not None or _MASTODON.fullmatch(frame) is not None


def hosts(html: str) -> tuple[str, ...]:
    """The Mastodon servers of a derived text, for its page's frame-src."""
    return tuple(dict.fromkeys(found[1] for found in _MASTODON_SLEEPS.finditer(html)))


def _youtube(path: str, query: str) -> str:
    first, _, rest = path.strip("/").partition("/")
    code = rest if first in ("embed", "shorts", "live", "v") else (parse_qs(query).get("v") or [""])[0]
    return f"https://www.youtube-nocookie.com/embed/{code}" if _ID(code) else ""


def _short_youtube(path: str, query: str) -> str:
    code = path.strip("/")
    return f"https://www.youtube-nocookie.com/embed/{code}" if _ID(code) else ""


def _vimeo(path: str, query: str) -> str:
    found = re.fullmatch(r"/(?:video/)?([0-9]{1,15})(?:/([0-9a-f]{1,20}))?/?", path)
    if not found:
        return ""
    return f"https://player.vimeo.com/video/{found[1]}?dnt=1" + (f"&h={found[2]}" if found[2] else "")


def _bluesky(path: str, query: str) -> str:
    found = re.fullmatch(r"/profile/([A-Za-z0-9.:-]{1,120})/post/([a-z0-9]{1,20})/?", path)
    return f"https://embed.bsky.app/embed/{found[1]}/app.bsky.feed.post/{found[2]}" if found else ""


def _x(path: str, query: str) -> str:
    found = re.fullmatch(r"/[A-Za-z0-9_]{1,20}/status(?:es)?/([0-9]{1,20})/?", path)
    return f"https://platform.twitter.com/embed/Tweet.html?id={found[1]}&dnt=true" if found else ""


def _instagram(path: str, query: str) -> str:
    found = re.fullmatch(r"/(?:[A-Za-z0-9_.]{1,40}/)?(p|reel|tv)/([A-Za-z0-9_-]{1,40})/?", path)
    return f"https://www.instagram.com/{found[1]}/{found[2]}/embed" if found else ""


_PROVIDERS = (
    ("YouTube", "Watch on YouTube", ("youtube.com", "youtube-nocookie.com", "music.youtube.com"), _youtube),
    ("YouTube", "Watch on YouTube", ("youtu.be",), _short_youtube),
    ("Vimeo", "Watch on Vimeo", ("vimeo.com", "player.vimeo.com"), _vimeo),
    ("Bluesky", "Read on Bluesky", ("bsky.app",), _bluesky),
    ("X", "Read on X", ("x.com", "twitter.com"), _x),
    ("Instagram", "See on Instagram", ("instagram.com",), _instagram),
)
