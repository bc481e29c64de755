"""The order of one reader's digest: what they follow first, and why it is there, then the editors' order, then what they want less of.

Pure; called by the composer of digests.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from blog.posts.reading import Subjects
from newsletter.subscribers.model import Subject


@dataclass(frozen=True)
class Ranked:
    post_id: int
    reason: str = ""
    """Why it stands where it stands, in words for the reader; empty for the editors' own choice."""


def ranked(
    posts: Iterable[int], told: Mapping[int, Subjects], weights: Mapping[tuple[str, int], int]
) -> tuple[Ranked, ...]:
    """``posts`` in the editors' order; ``weights`` by (topic or author, its id). Without weights nothing moves."""
    if not weights:
        return tuple(map(Ranked, posts))
    judged = [(*_judge(told.get(post, Subjects()), weights), post) for post in posts]
    judged.sort(key=lambda one: -one[0])
    return tuple(Ranked(post, reason) for _, reason, post in judged)


def _judge(story: Subjects, weights: Mapping[tuple[str, int], int]) -> tuple[int, str]:
    """The story's weight and its reason: whatever is followed outweighs what is wanted less."""
    found = [(weights.get((kind, id_), 0), kind, name) for kind, id_, name in _subjects(story)]
    best = max(found, default=(0, "", ""), key=lambda one: one[0])
    worst = min((weight for weight, _, _ in found), default=0)
    if best[0] > 0:
        return best[0], _reason(*best)
    return worst, ""


def _reason(weight: int, kind: str, name: str) -> str:
    if weight > 1:
        return f"You follow {name}"
    return f"You asked for more by {name}" if kind == Subject.AUTHOR else f"You asked for more about {name}"


def _subjects(story: Subjects) -> Sequence[tuple[str, int, str]]:
    topics = [(str(Subject.TOPIC), int(topic.id), topic.name) for topic in story.topics]
    return topics + [(str(Subject.AUTHOR), int(author.id), author.name) for author in story.authors]
