"""What a link in a mail says of itself: which story of which letter, in which place, for whom.

Composers put it behind a story's address as ``?via=<mark>``; the site's script hands it back to the post office. One signature serves
all links of a letter: nobody can make up whose letter it was. Which of its own stories a reader clicked on is theirs to say, and
whoever counts looks that the letter carried it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from newsletter.delivery.seals import is_same, seal

KINDS = {"digest": "d", "story": "s"}
_USES = {"d": "ways out", "s": "taste"}
"""Which seal of a letter's other links has the mark's signature behind theirs: one over the same reader and edition, or story."""
LETTERS = {letter: kind for kind, letter in KINDS.items()}
SIGNATURE = 13
"""Hexadecimal characters: 52 bits, for something that is worth nothing to forge."""
_MINE = slice(64, 64 + SIGNATURE)
"""What comes before is for two tokens."""
LONGEST = 80
_SHAPE = re.compile(
    rf"([ds])([0-9]{{1,18}})-([0-9]{{1,18}})-([0-9a-f]{{{SIGNATURE}}})-([0-9]{{1,4}})-([0-9]{{1,18}})"
)


@dataclass(frozen=True)
class Mark:
    kind: str
    """The kind of letter: digest or story."""
    edition_id: int
    """0 where the letter was a story sent at once."""
    post_id: int
    """0 where it stands for the whole letter."""
    slot: int
    """1 for the first story of that letter, and so on; 0 where it has no place."""
    reader_id: int
    """0 is nobody: the mail's copy on the web, or a reader who does not want to be counted."""


def mark(
    secret: str, edition_id: int, post_id: int, slot: int, reader_id: int, *, kind: str = "digest"
) -> str:
    """About 25 to 40 characters of a–z, 0–9 and hyphens. Making it twice gives the same."""
    about = edition_id if kind == "digest" else post_id
    return letter_marks(secret)(kind, about, reader_id) + story_mark(slot, post_id)


def letter_marks(secret: str) -> Callable[[str, int, int], str]:
    """Makes the part that all links of a letter share, of its kind, the edition or the story that was sent at once, and the reader."""
    seals = {kind: seal(secret, _USES[letter]) for kind, letter in KINDS.items()}

    def letter_mark(kind: str, about_id: int, reader_id: int) -> str:
        signature = seals[kind](f"{reader_id}.{about_id}")[_MINE]
        return f"{KINDS[kind]}{about_id}-{reader_id}-{signature}"

    return letter_mark


def story_mark(slot: int, post_id: int) -> str:
    """What follows it: the same in every reader's letter."""
    return f"-{slot}-{post_id}"


def read_mark(secret: str, text: str) -> Mark | None:
    """None for whatever was not made by :func:`mark` with this secret, save for the place and the story of a digest's link."""
    text = text.strip().lower()
    found = _SHAPE.fullmatch(text) if len(text) <= LONGEST else None
    if found is None:
        return None
    signature = seal(secret, _USES[found[1]])(f"{found[3]}.{found[2]}")[_MINE]
    if not is_same(found[4], signature):
        return None
    about_id, reader_id, slot, post_id = map(int, found.group(2, 3, 5, 6))
    kind = LETTERS[found[1]]
    if kind == "story" and post_id != about_id:
        return None
    return Mark(kind, about_id if kind == "digest" else 0, post_id, slot, reader_id)
