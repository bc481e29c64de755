"""What a browser finds wrong with a preview stands in the checks for as long as the words are those that were looked at."""

from typing import Any

import pytest

from blog.accounts.people import Person
from blog.db import Database
from blog.posts import inspecting, publishing, writing
from blog.refusals import Forbidden, Invalid, NotFound
from tests.blog.posts.building import MORNING, edit, paragraph, picture, write

FAULT = "Links must have discernible text: <a href=x>"


def told(version: int = 1, **more: Any) -> dict[str, Any]:
    return {"version": version, "scheme": "light", "faults": [FAULT]} | more


@pytest.fixture
def post(db: Database, arno: Person) -> int:
    return write(db, arno, "Seen", paragraph("One."), lead_image=picture(db), dek="D.")


def found(db: Database, post: int, by: Person) -> list[str]:
    return [one.sentence for one in writing.get(db, post, by).findings if one.field == "preview"]


def test_a_fault_blocks_until_the_words_change_or_it_is_gone(db: Database, post: int, arno: Person) -> None:
    version = writing.get(db, post, arno).version
    inspecting.report(db, post, told(version), arno)
    inspecting.report(db, post, told(version, scheme="dark"), arno)
    assert found(db, post, arno) == [f"On the preview: {FAULT}"], "told once"
    with pytest.raises(Invalid) as refused:
        publishing.publish(db, post, arno, MORNING)
    assert "preview" in refused.value.fields
    for scheme in inspecting.SCHEMES:
        inspecting.report(db, post, told(version, scheme=scheme, faults=[]), arno)
    assert found(db, post, arno) == []
    inspecting.report(db, post, told(version), arno)
    edit(db, post, arno, MORNING, title="Seen anew")
    assert found(db, post, arno) == [], "nobody has looked at these words yet"


@pytest.mark.parametrize(
    "wrong",
    [None, [], {}, told(0), told(2**31), told(scheme="red"), told(faults="x"), told(faults=[7]), told(version=True)],
)  # fmt: skip
def test_what_no_script_of_ours_sends_is_refused(db: Database, post: int, arno: Person, wrong: Any) -> None:
    with pytest.raises(Invalid):
        inspecting.report(db, post, wrong, arno)


def test_only_who_may_see_the_story_reports(db: Database, post: int, cleo: Person, arno: Person) -> None:
    with pytest.raises(Forbidden):
        inspecting.report(db, post, told(), cleo)
    with pytest.raises(NotFound):
        inspecting.report(db, 99, told(), arno)


def test_so_much_is_kept_at_most(db: Database, post: int, arno: Person) -> None:
    version = writing.get(db, post, arno).version
    inspecting.report(db, post, told(version, faults=[f"{n:03}\0" + "x" * 400 for n in range(30)]), arno)
    kept = found(db, post, arno)
    assert len(kept) == inspecting.MOST and len(kept[0]) == len("On the preview: ") + inspecting.LONGEST
