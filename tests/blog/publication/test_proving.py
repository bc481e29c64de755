"""No mail leaves from an address at which nobody here has read one."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from blog.accounts.people import Person
from blog.accounts.roles import RoleName
from blog.db import Database
from blog.publication import proving
from blog.publication.reading import current
from blog.refusals import Invalid
from blog.settings import Settings, build
from tests.blog.posts.building import person

KEY = "a-key-for-tests-only"
DAY = timedelta(days=1)


@pytest.fixture
def ada(db: Database) -> Person:
    return person(db, RoleName.ADMINISTRATOR, "Ada")


def other(code: str) -> str:
    return f"{(int(code) + 1) % 10**8:08}"


def test_the_code_of_the_mail_makes_the_address_the_senders(
    db: Database, settings: Settings, ada: Person, noon: datetime
) -> None:
    address, code = proving.ask(db, settings, " digest@example.org ", KEY, noon)
    assert address == "digest@example.org" == proving.standing(db, noon).trial
    assert current(db, settings).sender == settings.sender, "nothing changes before the code is here"
    proving.prove(db, settings, f" {code[:4]} {code[4:]} ", KEY, ada, noon)
    now, standing = current(db, settings), proving.standing(db, noon)
    assert now.sender == "Perijove <digest@example.org>" and proving.is_proven(now, standing)
    assert not standing.trial and not proving.is_proven(settings, standing)
    with pytest.raises(Invalid, match="cannot be used any more"):
        proving.prove(db, settings, code, KEY, ada, noon)


def test_five_wrong_codes_end_the_trial(
    db: Database, settings: Settings, ada: Person, noon: datetime
) -> None:
    _, code = proving.ask(db, settings, "digest@example.org", KEY, noon)
    for _ in range(proving.TRIES):
        with pytest.raises(Invalid) as refused:
            proving.prove(db, settings, other(code), KEY, ada, noon)
        assert "not the code" in refused.value.fields["code"][0]
    with pytest.raises(Invalid, match="cannot be used any more"):
        proving.prove(db, settings, code, KEY, ada, noon)
    assert current(db, settings).sender == settings.sender


def test_a_code_lives_for_a_day_and_a_new_one_takes_its_place(
    db: Database, settings: Settings, ada: Person, noon: datetime
) -> None:
    _, first = proving.ask(db, settings, "digest@example.org", KEY, noon)
    _, second = proving.ask(db, settings, "news@example.org", KEY, noon)
    with pytest.raises(Invalid):
        proving.prove(db, settings, first, KEY, ada, noon)
    assert proving.standing(db, noon + DAY).trial == ""
    with pytest.raises(Invalid):
        proving.prove(db, settings, second, KEY, ada, noon + DAY)
    proving.prove(db, settings, second, KEY, ada, noon + DAY - timedelta(seconds=1))
    assert current(db, settings).sender == "Perijove <news@example.org>"


def test_a_dropped_trial_leaves_the_sender(
    db: Database, settings: Settings, ada: Person, noon: datetime
) -> None:
    _, code = proving.ask(db, settings, "digest@example.org", KEY, noon)
    proving.drop(db)
    with pytest.raises(Invalid):
        proving.prove(db, settings, code, KEY, ada, noon)
    assert proving.standing(db, noon).trial == ""


@pytest.mark.parametrize(
    "typed", ["", "digest", "a@b@c", "di gest@example.org", "x@example.org\r\nBcc: y@example.org"]
)
def test_what_is_no_address_is_told(db: Database, settings: Settings, noon: datetime, typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        proving.ask(db, settings, typed, KEY, noon)
    assert list(refused.value.fields) == ["address"]


def test_the_environments_own_sender_can_be_proven_and_no_other(
    db: Database, tmp_path: Path, ada: Person, noon: datetime
) -> None:
    given = build(data=tmp_path, sender="Sky <sky@example.org>")
    with pytest.raises(Invalid):
        proving.ask(db, given, "else@example.org", KEY, noon)
    _, code = proving.ask(db, given, "sky@example.org", KEY, noon)
    proving.prove(db, given, code, KEY, ada, noon)
    assert proving.is_proven(current(db, given), proving.standing(db, noon))
    assert current(db, given).sender == "Sky <sky@example.org>"
