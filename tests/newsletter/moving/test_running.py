"""A run is killed, stopped, taken back, forgotten: what stays and what goes."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from blog.refusals import Conflict
from newsletter.delivery.model import Letter
from newsletter.moving import holding, runs, taking
from newsletter.moving.judging import Options
from newsletter.moving.model import ImportRun
from newsletter.moving.running import is_anything_due
from newsletter.subscribers import leaving
from newsletter.subscribers.model import Subscription
from tests.conftest import NOON
from tests.newsletter.editions.conftest import Newsroom
from tests.newsletter.moving.conftest import Van
from tests.newsletter.moving.test_taking import many

LONG_AGO = NOON - timedelta(days=400)


def test_a_run_that_was_killed_goes_on_from_its_last_chunk(van: Van, monkeypatch: pytest.MonkeyPatch) -> None:
    run_id = van.hand_in(many(501))
    assert is_anything_due(van.db, van.at)
    assert van.work(seconds=0) == 500
    while van.work(seconds=0):
        pass
    runs.start(van.db, run_id, Options(), van.at)
    assert van.work(seconds=0) == 500
    # What a killed process leaves behind: its claim, and a chunk that was never committed.
    held = holding.claim(van.db, van.at, 20)
    assert held and held.position == 500 and van.work() == 0
    assert not is_anything_due(van.db, van.at)
    van.wait(seconds=81)
    assert van.work() == 1
    run = runs.get(van.db, run_id)
    assert (run.state, run.made, len(van.readers())) == ("done", 501, 501)
    assert van.work() == 0


def test_two_processes_on_one_run_take_each_line_in_once(van: Van) -> None:
    run_id = van.hand_in(many(501))
    van.work()
    runs.start(van.db, run_id, Options(), van.at)
    slow = holding.claim(van.db, van.at, 1)
    assert slow
    van.wait(seconds=62)
    van.work()
    assert taking.take(van.db, slow, van.settings) == 0
    assert runs.get(van.db, run_id).done == {"new": 501}


def test_stopped_it_keeps_what_came_in_and_taken_back_it_leaves_nothing(van: Van, newsroom: Newsroom) -> None:
    before = newsroom.reader("before@example.org", LONG_AGO)
    run_id = van.hand_in(many(501) + "before@example.org,Before\n")
    van.work()
    runs.start(van.db, run_id, Options(), van.at)
    van.work(seconds=0)
    runs.stop(van.db, run_id, van.at)
    assert van.work() == 0 and len(van.readers()) == 501
    assert runs.take_back(van.db, run_id, van.at)
    assert van.work() == 500
    run = runs.get(van.db, run_id)
    assert (run.state, run.undone) == ("removed", {"removed": 500, "kept": 0})
    assert set(van.states()) == {"before@example.org"}
    with van.db.reading() as s:
        assert set(s.scalars(select(Subscription.subscriber_id))) <= {before}
    with pytest.raises(Conflict):
        runs.start(van.db, run_id, Options(), van.at)


def test_a_stopped_run_can_go_on(van: Van) -> None:
    run_id = van.hand_in(many(501))
    van.work()
    runs.start(van.db, run_id, Options(), van.at)
    van.work(seconds=0)
    runs.stop(van.db, run_id, van.at)
    runs.go_on(van.db, run_id, van.at)
    van.work()
    assert runs.get(van.db, run_id).state == "done" and len(van.readers()) == 501


def test_taking_back_forgets_no_leaving_and_recalls_what_waits(van: Van) -> None:
    run = van.take_in("email\nann@example.org\nbob@example.org\n", confirm_again=True)
    leaving.leave(van.db, van.readers()["ann@example.org"].id, NOON, "/leave", settings=van.settings)
    runs.take_back(van.db, run.id, van.at)
    van.work()
    assert van.states() == {"ann@example.org": "left"}
    assert runs.get(van.db, run.id).undone == {"removed": 1, "kept": 1}
    with van.db.reading() as s:
        assert s.scalars(select(Letter.state)).all() == ["skipped", "skipped"]


def test_a_file_that_was_only_checked_goes_without_a_trace(van: Van) -> None:
    run = van.check("email\nann@example.org\n")
    assert not runs.take_back(van.db, run.id, van.at)
    assert runs.listing(van.db) == () and van.readers() == {}


def test_a_file_is_kept_for_seven_days_and_its_addresses_no_longer(van: Van) -> None:
    done, checked = van.take_in("email\nnonsense\nann@example.org\n"), van.check("email\nx@example.org\n")
    van.wait(days=7)
    assert runs.sweep(van.db, van.at) == 0
    van.wait(seconds=1)
    assert runs.sweep(van.db, van.at) == 2 and runs.sweep(van.db, van.at) == 0
    assert runs.get(van.db, done.id).rejected == () and not runs.get(van.db, done.id).has_file
    with pytest.raises(Exception, match="not kept"):
        runs.start(van.db, checked.id, Options(), van.at)


def test_a_fault_of_ours_is_told_and_can_be_overcome(van: Van, monkeypatch: pytest.MonkeyPatch) -> None:
    run_id = van.hand_in("email\nann@example.org\n")
    van.work()
    runs.start(van.db, run_id, Options(), van.at)
    with van.db.transaction() as s:
        whole = s.get_one(ImportRun, run_id).content
        s.get_one(ImportRun, run_id).content = b"spoiled"
    assert van.work() == 0
    run = runs.get(van.db, run_id)
    assert run.state == "failed" and "Something broke on our side" in run.fault
    with van.db.transaction() as s:
        s.get_one(ImportRun, run_id).content = whole
    runs.go_on(van.db, run_id, van.at)
    van.work()
    run = runs.get(van.db, run_id)
    assert run.state == "done" and run.fault == "" and set(van.readers()) == {"ann@example.org"}


def test_the_log_and_the_list_of_refused_lines_are_short(van: Van) -> None:
    run = van.check("email\n" + "".join(f"nonsense {n}\n" for n in range(150)))
    assert run.counts == {"invalid": 150} and len(run.rejected) == 100 and run.changes == 0
