"""S1: each list has one edition of each local date, whatever the clocks of its zone do."""

from newsletter.editions.model import EditionState
from tests.faults.stage import Row, Stage
from tests.newsletter.lists import test_every_clock_change as proofs


def clocks_change(stage: Stage, kind: str, every: bool) -> Row:
    """One kind of change on the books of this database; with ``every`` also each change of each zone, by the rule alone."""
    faults = []
    try:
        if every:
            proofs.test_every_local_date_has_one_edition_through_every_change_of_every_zone()
            proofs.test_ticking_through_any_kind_of_change_closes_one_edition_a_day()
            proofs.test_a_readers_own_days_are_kept_through_every_kind_of_change()
        proofs.test_on_the_books_too_each_list_has_one_edition_of_each_local_date(stage.room, kind)
    except AssertionError as error:
        faults.append(f"not one edition of each local date: {error}")
    closed = sum(edition.state != EditionState.OPEN for edition in stage.room.editions())
    changes = len(proofs.changes()) if every else 1
    return Row(
        f"S1 the clocks go {kind}",
        stage.place.kind,
        0,
        changes,
        faults=tuple(faults),
        note=f"{closed} editions",
    )
