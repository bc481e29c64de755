"""What a browser finds wrong with a story's page, by axe's rules on its preview: contrast, names of links, the order of headings. The
preview's script reports it; ``checks`` tell it for as long as the words are those that were looked at.
"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from blog.accounts.people import Person
from blog.db import Database
from blog.posts.asked import known
from blog.posts.desk_model import Inspection
from blog.posts.rules import must_see
from blog.refusals import Invalid

SCHEMES = ("light", "dark")
MOST, LONGEST = 20, 300


def report(db: Database, post_id: int, told: Any, by: Person) -> None:
    """``told`` is what the script sent: ``version``, ``scheme`` and ``faults``, each one sentence. Raises Invalid for anything else."""
    with db.transaction() as s:
        post = known(s, post_id)
        must_see(by, post)
        version, scheme, faults = _read(told)
        s.merge(Inspection(post_id=post.id, scheme=scheme, version=version, faults=faults))


def faults_of(s: Session, post_id: int, version: int) -> tuple[str, ...]:
    """Of that version, each once."""
    looked = select(Inspection.faults).where(Inspection.post_id == post_id, Inspection.version == version)
    return tuple(dict.fromkeys(fault for faults in s.scalars(looked) for fault in faults))


def _read(told: Any) -> tuple[int, str, list[str]]:
    wrong = Invalid("Send version, scheme and faults.")
    if not isinstance(told, dict):
        raise wrong
    version, scheme, faults = told.get("version"), told.get("scheme"), told.get("faults")
    if type(version) is not int or not 0 < version < 2**31 or scheme not in SCHEMES:
        raise wrong
    if not isinstance(faults, list) or not all(isinstance(one, str) for one in faults):
        raise wrong
    return version, str(scheme), [one.replace("\0", "")[:LONGEST] for one in faults[:MOST]]
