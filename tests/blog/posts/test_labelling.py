"""Many pictures get the same credit, licence or tags in one go, and nothing that is there is lost unasked."""

import pytest

from blog.accounts.people import Person
from blog.db import Database
from blog.images import tagging
from blog.images.model import Image, ImageId
from blog.posts import usage
from blog.posts.labelling import Label, Labelled, label
from blog.refusals import Invalid
from tests.blog.posts.building import MORNING, picture


@pytest.fixture
def three(db: Database, cleo: Person) -> list[ImageId]:
    """The first has all its words, the second no credit, the third words from its file that wait."""
    made = [picture(db, name, by=cleo) for name in ("first", "second", "third")]
    with db.transaction() as s:
        s.get_one(Image, made[1]).credit = ""
        s.get_one(Image, made[2]).unconfirmed = ["caption", "credit"]
    return made


def test_what_is_empty_is_filled_and_what_is_there_stays(
    db: Database, edda: Person, three: list[ImageId]
) -> None:
    done = label(db, three, Label(credit="ESO", tags=("Dome",)), edda, MORNING)
    assert [usage.picture(db, one).credit for one in three] == ["E. Fictive", "ESO", "E. Fictive"]
    assert done == Labelled(3, tuple(usage.picture(db, one).filename for one in (three[0], three[2])), ())
    assert [tagging.tags_of(db, one) for one in three] == [("dome",)] * 3


def test_what_is_there_is_replaced_where_that_is_asked_for(
    db: Database, edda: Person, three: list[ImageId]
) -> None:
    done = label(db, three, Label(credit="ESO", licence="CC0 1.0", replaces=True), edda, MORNING)
    assert {(usage.picture(db, one).credit, usage.picture(db, one).licence) for one in three} == {
        ("ESO", "CC0 1.0")
    }
    assert (done.changed, done.kept) == (3, ())
    assert usage.picture(db, three[2]).unconfirmed == ("caption",), "what somebody wrote needs no confirming"


def test_words_that_came_with_the_files_are_confirmed_as_they_stand(
    db: Database, edda: Person, three: list[ImageId]
) -> None:
    before = usage.picture(db, three[2])
    label(db, [three[2]], Label(confirms=True), edda, MORNING)
    after = usage.picture(db, three[2])
    assert (after.unconfirmed, after.caption, after.credit) == ((), before.caption, before.credit)


def test_a_picture_that_may_not_be_changed_holds_up_no_other(
    db: Database, arno: Person, cleo: Person, three: list[ImageId]
) -> None:
    own = picture(db, "own", by=arno)
    done = label(db, [three[0], own, 99], Label(tags=("Dome",)), arno, MORNING)
    assert (done.changed, tagging.tags_of(db, own), tagging.tags_of(db, three[0])) == (1, ("dome",), ())
    assert [sentence for _, sentence in done.refused] == [
        "This is somebody else's picture. Ask an editor to change it.", "This picture is no longer there.",
    ]  # fmt: skip


@pytest.mark.parametrize("nothing", [Label(), Label(credit="  ", tags=("",)), Label(replaces=True)])
def test_nothing_to_do_is_said(db: Database, edda: Person, three: list[ImageId], nothing: Label) -> None:
    with pytest.raises(Invalid, match="Say what they shall have"):
        label(db, three, nothing, edda, MORNING)
    with pytest.raises(Invalid, match="Choose at least one"):
        label(db, [], Label(credit="ESO"), edda, MORNING)
