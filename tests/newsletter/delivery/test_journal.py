"""What a sender writes down for whoever finds its work undone."""

import os
from pathlib import Path

import pytest

from newsletter.delivery import journal
from newsletter.delivery.journal import Journal, Remains
from newsletter.delivery.model import LetterId

A, B, C, D = map(LetterId, (1, 2, 3, 4))


def die(book: Journal) -> None:
    """As a killed process does: the file stays, its lock goes."""
    book.close(is_done=False)


def remains(folder: Path) -> list[Remains]:
    return list(journal.of_the_dead(folder))


def test_a_dead_sender_s_journal_tells_accepted_from_begun(tmp_path: Path) -> None:
    book = Journal(tmp_path, "host:7:ab")
    for letter in (A, B, C, D):
        book.begins(letter)
    book.accepted(A)
    book.not_taken(C)
    die(book)
    assert remains(tmp_path) == [Remains("host:7:ab", frozenset({A}), frozenset({B, D}))]
    assert remains(tmp_path) == [], "it was settled"


def test_a_look_tells_the_dead_from_the_living_and_settles_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "sending"
    assert not journal.has_dead(folder)
    book = Journal(folder, "me")
    book.begins(A)
    assert not journal.has_dead(folder)
    die(book)
    assert journal.has_dead(folder) and journal.has_dead(folder)
    assert remains(folder) == [Remains("me", frozenset(), frozenset({A}))]
    assert not journal.has_dead(folder)


def test_nobody_reads_the_journal_of_the_living(tmp_path: Path) -> None:
    book = Journal(tmp_path, "me")
    book.begins(A)
    assert remains(tmp_path) == []
    book.close(is_done=True)
    assert list(tmp_path.iterdir()) == []


def test_what_the_ledger_knows_is_forgotten_but_not_what_is_on_the_wire(tmp_path: Path) -> None:
    book = Journal(tmp_path, "me")
    book.begins(A)
    book.accepted(A)
    book.begins(B)
    written = book.head
    book.begins(C)
    book.accepted(C)
    book.forget(written, [B])
    die(book)
    assert remains(tmp_path) == [Remains("me", frozenset({C}), frozenset({B}))]


def test_it_goes_round_for_ever(tmp_path: Path) -> None:
    book = Journal(tmp_path, "me")
    for number in range(3 * journal.RECORDS):
        book.begins(LetterId(number))
        book.accepted(LetterId(number))
        if number % 1000 == 0:
            book.forget(book.head, [])
    book.forget(book.head, [])
    book.begins(A)
    die(book)
    assert remains(tmp_path) == [Remains("me", frozenset(), frozenset({A}))]


def test_one_that_is_never_forgotten_from_is_full_before_it_overwrites_anything(tmp_path: Path) -> None:
    book = Journal(tmp_path, "me")
    with pytest.raises(RuntimeError, match="full"):
        for number in range(journal.RECORDS + 1):
            book.begins(LetterId(number))
    die(book)
    assert len(remains(tmp_path)[0].begun) == journal.RECORDS


def test_a_file_that_is_no_journal_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / f"odd{journal.SUFFIX}").write_bytes(b"hello")
    assert remains(tmp_path) == [] and list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_holds_none(tmp_path: Path) -> None:
    assert remains(tmp_path / "nowhere") == []


def test_what_was_killed_before_it_had_a_name_is_cleared_away(tmp_path: Path) -> None:
    fresh, old = tmp_path / "fresh.new", tmp_path / "old.new"
    for path in (fresh, old):
        path.write_bytes(b"")
    os.utime(old, (0, 0))
    assert remains(tmp_path) == []
    assert list(tmp_path.iterdir()) == [fresh]
