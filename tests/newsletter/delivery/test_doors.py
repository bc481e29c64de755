"""What a receiving domain takes, as the settings say, and the doors that hold this process to it."""

from collections import Counter
from datetime import timedelta
from random import Random
from threading import Event

import pytest

from newsletter.delivery import claiming, outbox
from newsletter.delivery.belt import LEAST, Belt
from newsletter.delivery.clerk import Clerk
from newsletter.delivery.domains import Domains
from newsletter.delivery.doors import Doors, Limit, Limits, limits_of
from newsletter.delivery.failpoints import Failpoints
from newsletter.delivery.gate import Gate, domain_of
from newsletter.delivery.ledger import Tray
from newsletter.delivery.relays import Relay
from tests.newsletter.delivery.office import ABOUT, Office

SECOND = timedelta(seconds=1)


def test_limits_are_a_rate_connections_or_both() -> None:
    limits = limits_of("Gmail.com=20/s,10  yahoo.com=300/m gmx.net=4 *=1000/h")
    assert limits.of("gmail.com") == Limit(20, SECOND, 10)
    assert limits.of("yahoo.com") == Limit(300, timedelta(minutes=1))
    assert limits.of("gmx.net") == Limit(connections=4)
    assert limits.of("example.org") == Limit(1000, timedelta(hours=1))
    assert limits and not limits_of("") and limits_of("a.org=1").of("b.org") is None


@pytest.mark.parametrize(
    "entry",
    [
        "gmail.com", "gmail.com=", "gmail.com=fast", "gmail.com=20/d", "gmail.com=0/s", "gmail.com=0", "gmail.com=1/s,2/s",
        "gmail.com=1,2", "gmail.com=1/s,", "=5/s", "@gmail.com=5/s", "gmail=5/s", "gmail.com=1/s gmail.com=2/s", "gmail.com=-1",
    ],
)  # fmt: skip
def test_a_limit_that_cannot_be_read_is_told_with_how_to_write_it(entry: str) -> None:
    with pytest.raises(ValueError, match=r"PERIJOVE_DOMAIN_LIMITS.*\.$"):
        limits_of(f"a.org=5/s {entry}")


def test_no_more_letters_are_busy_with_a_domain_than_it_has_doors() -> None:
    doors = Doors(limits_of("gmail.com=2"))
    assert [doors.enter("gmail.com") for _ in range(3)] == [True, True, False]
    assert all(doors.enter("b.org") for _ in range(50))
    doors.leave("gmail.com")
    assert [doors.enter("gmail.com"), doors.enter("gmail.com")] == [True, False]


def test_no_second_sees_more_letters_enter_than_the_rate_allows() -> None:
    now, chance, entered = 0.0, Random(7), []
    doors = Doors(limits_of("gmail.com=5/s"), lambda: now)
    for _ in range(2000):
        now += chance.choice([0.0, 0.01, 0.3])
        if doors.enter("gmail.com"):
            entered.append(now)
            doors.leave("gmail.com")
    assert len(entered) > 500
    assert max(sum(1 for at in entered if start <= at <= start + 1) for start in entered) == 5


NARROW, WIDE = "narrow.org", "wide.org"


def test_a_domain_with_few_connections_keeps_no_other_from_the_belt(office: Office) -> None:
    with office.db.transaction() as s:
        for number in range(200):
            address = f"r{number}@{NARROW if number < 180 else WIDE}"
            outbox.put(s, "digest", ABOUT, number, address, office.clock())
    doors = Doors(limits_of(f"{NARROW}=1"))
    gate = Gate(Relay("", ""), Domains("", Limits({})), doors)
    clerk = Clerk(office.db, gate, "me", office.composers, office.clock, Event(), Failpoints())
    claiming.sign_on(office.db, "me", "", office.clock())
    belt, lie = Belt(doors), Counter[str]()
    for _ in range(20):
        loads = clerk.turn(Tray(), 20).loads
        belt.add(loads)
        lie.update(domain_of(load.claimed.letter.address) for load in loads)
    assert lie == {NARROW: 10, WIDE: 20}
    assert belt.room == LEAST - 20, "those of the narrow one take none away"
    answered = 0
    while load := belt.take(0.0):
        belt.done_with(load)
        answered += 1
    more = clerk.turn(Tray(), 20).loads
    assert (answered, len(more)) == (30, 10), "now it has its turn again, from the front"
    assert {domain_of(load.claimed.letter.address) for load in more} == {NARROW}
