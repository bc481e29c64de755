"""How others tell of a story: search engines, and cards on other sites. ``reading`` and ``previewing`` ask."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Told:
    """How others tell of a story: what an editor wrote for search engines and for cards, each falling back to what comes before it."""

    title: str
    description: str
    social_title: str
    social_description: str
    canonical: str = ""
    """The address of the story where it stood first; empty where that is here."""


class Tellable(Protocol):
    """What an editor wrote for others, any of it empty: a post has it, and a draft."""

    @property
    def search_title(self) -> str: ...
    @property
    def search_description(self) -> str: ...
    @property
    def social_title(self) -> str: ...
    @property
    def social_description(self) -> str: ...
    @property
    def canonical_url(self) -> str: ...


def told_of(title: str, dek: str, words: Tellable) -> Told:
    name, about = words.search_title or title, words.search_description or dek
    return Told(
        name, about, words.social_title or name, words.social_description or about, words.canonical_url
    )
