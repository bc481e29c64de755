"""The publication's own words: which there are, so that search can ask "did you mean", and which tell a story from others, so that
related ones are found. ``publishing`` has them learnt; ``search`` and ``shelves`` ask.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import delete, exists, func, select, text, update
from sqlalchemy.orm import Session

from blog.db import Database
from blog.posts.model import Post, PostState
from blog.posts.word_model import PostWord, SearchTrigram, SearchWord

MARKS = re.compile("[\u0300-\u036f]")
"""Combining marks; the index of PostgreSQL leaves out the same ones (migration 0013)."""
WORD = re.compile(r"[^\W\d_]{3,40}")
MOST_WORDS = 3000
TELLING = 32
"""So many words are kept of each story, those that tell it best from others."""
TITLE, DEK = 4, 2
"""How much a word there weighs, against one in the text."""


def fold(words: str) -> str:
    """Without diacritics: ``Röntgen`` -> ``Rontgen``. As long as the text was, unless it held marks apart from their letters."""
    return unicodedata.normalize("NFC", MARKS.sub("", unicodedata.normalize("NFD", words)))


def learn(s: Session, post: Post) -> None:
    """Takes in the words of ``post``, which is about to be public; in how many stories they stand is counted once for each."""
    spelt, counts = _counted(post)
    known = _known(s, counts)
    is_counted = s.scalar(select(exists().where(PostWord.post_id == post.id))) or False
    _remember(s, {word: spelt[word] for word in counts if word not in known}, stories=int(is_counted))
    if not is_counted:
        _lock(s, counts)
        s.execute(
            update(SearchWord).where(SearchWord.word.in_(counts)).values(stories=SearchWord.stories + 1)
        )
    s.execute(delete(PostWord).where(PostWord.post_id == post.id))
    stories = s.scalar(select(func.count()).where(Post.state == PostState.PUBLISHED)) or 0
    weights = {
        word: (1 + math.log(n)) * math.log((stories + 2) / (known.get(word, 0) + 1))
        for word, n in counts.items()
        if len(word) > 3
    }
    telling = sorted(weights, key=lambda word: (-weights[word], word))[:TELLING]
    s.add_all(PostWord(post_id=post.id, word=word, weight=max(weights[word], 0.01)) for word in telling)
    if not telling:
        s.add(PostWord(post_id=post.id, word=f"#{post.id}", weight=0))


def forget(s: Session, post: Post) -> None:
    """The words that ``post`` bears count no more: its publication is being undone."""
    _, counts = _counted(post)
    _lock(s, counts)
    there = (SearchWord.word.in_(counts), SearchWord.stories > 0)
    s.execute(update(SearchWord).where(*there).values(stories=SearchWord.stories - 1))
    s.execute(delete(PostWord).where(PostWord.post_id == post.id))


def learn_missing(db: Database, most: int = 500) -> int:
    """Takes in public stories whose words are not known yet, such as those of before there was this room; returns how many."""
    known = select(PostWord.post_id).where(PostWord.post_id == Post.id).exists()
    missing = select(Post).where(Post.state == PostState.PUBLISHED, Post.body_text != "", ~known)
    with db.reading() as s:
        ids = s.scalars(missing.with_only_columns(Post.id).order_by(Post.id).limit(most)).all()
    for post_id in ids:
        with db.transaction() as s:
            post = s.scalar(missing.where(Post.id == post_id))
            if post is not None:
                learn(s, post)
    return len(ids)


def nearest(s: Session, word: str) -> str | None:
    """The word of ours that ``word``, which is none of them, was most likely meant to be, as it is spelt."""
    word = fold(word).lower()
    most = 1 if len(word) < 6 else 2
    size = func.length(SearchTrigram.word).between(len(word) - most, len(word) + most)
    shared = (
        select(SearchTrigram.word)
        .where(SearchTrigram.trigram.in_(trigrams(word)), size)
        .group_by(SearchTrigram.word)
        .order_by(func.count().desc(), SearchTrigram.word)
        .limit(60)
    )
    there = select(SearchWord).where(SearchWord.word.in_(shared), SearchWord.stories > 0)
    rows = s.execute(there).scalars()
    close = [(steps(word, row.word), -row.stories, row.word, row.spelt) for row in rows]
    return min((one for one in close if one[0] <= most), default=(0, 0, "", None))[3]


def trigrams(word: str) -> frozenset[str]:
    """Three letters each, the ends with blanks: ``moon`` -> ``"  m", " mo", "moo", "oon", "on "``."""
    padded = f"  {word} "
    return frozenset(padded[i : i + 3] for i in range(len(padded) - 2))


def steps(one: str, other: str) -> int:
    """How many letters must be put in, left out, changed or swapped with their neighbour to make one of the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b)))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                row[j] = min(row[j], older[j - 2] + 1)
    return row[-1]


def _counted(post: Post) -> tuple[dict[str, str], Counter[str]]:
    """By folded word: how it is spelt, in small letters where it ever is, and how much it weighs."""
    spelt: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for part, weight in ((post.body_text, 1), (post.dek, DEK), (post.title, TITLE)):
        for found in WORD.findall(unicodedata.normalize("NFC", part)):
            word = fold(found).lower()
            if len(word) > 40 or (word not in counts and len(counts) >= MOST_WORDS):
                continue
            counts[word] += weight
            if word not in spelt or found.islower():
                spelt[word] = found
    return spelt, counts


def _known(s: Session, words: Iterable[str]) -> Mapping[str, int]:
    rows = s.execute(select(SearchWord.word, SearchWord.stories).where(SearchWord.word.in_(list(words))))
    return {row.word: row.stories for row in rows}


def _remember(s: Session, new: Mapping[str, str], *, stories: int) -> None:
    """In the order of the alphabet, so that two who publish at once never wait for each other in a circle."""
    if not new:
        return
    s.execute(_ONE_WORD, [{"word": word, "spelt": new[word], "stories": stories} for word in sorted(new)])
    grams = [{"trigram": gram, "word": word} for word in sorted(new) for gram in sorted(trigrams(word))]
    s.execute(_ONE_TRIGRAM, grams)


def _lock(s: Session, words: Collection[str]) -> None:
    in_order = select(SearchWord.word).where(SearchWord.word.in_(words)).order_by(SearchWord.word)
    s.execute(in_order.with_for_update()).all()


# Both dialects write it alike; what somebody else has learnt meanwhile stays.
_ONE_WORD = text(
    "INSERT INTO search_word (word, spelt, stories) VALUES (:word, :spelt, :stories) ON CONFLICT DO NOTHING"
)
_ONE_TRIGRAM = text(
    "INSERT INTO search_trigram (trigram, word) VALUES (:trigram, :word) ON CONFLICT DO NOTHING"
)
