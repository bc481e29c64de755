"""Receiving domains: letters queue for those that have a rate, and one that puts us off rests while all others go on."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from blog.db import Database
from newsletter.delivery import intervening, outbox, pausing
from newsletter.delivery.domains import Domains, puts_off_all
from newsletter.delivery.doors import Limits, limits_of
from newsletter.delivery.model import Letter, ReceivingDomain
from newsletter.delivery.queues import LENGTH, ON_TIME, Candidate
from newsletter.delivery.verdicts import Answer, Phase
from tests.newsletter.delivery.office import ABOUT, Office

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
NONE = Limits({})
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def letters(*domains: str, urgent: bool = False) -> list[Candidate]:
    return [Candidate(number, domain, NOON, False, urgent) for number, domain in enumerate(domains, 1)]


def write(s: Session, *domains: str) -> None:
    for number, domain in enumerate(domains, 1):
        outbox.put(s, "digest", 7, number, f"reader{number}@{domain}", NOON)


def waiting(s: Session, now: datetime) -> list[Candidate]:
    """As a claim finds them."""
    due = select(Letter.id, Letter.address, Letter.due_at, Letter.paced).where(
        Letter.settled_at.is_(None), Letter.due_at <= now
    )
    return [
        Candidate(id_, address.partition("@")[2], due_at, paced)
        for id_, address, due_at, paced in s.execute(due.order_by(Letter.due_at, Letter.id))
    ]


def settle(s: Session, ids: Sequence[int], now: datetime) -> None:
    for letter in s.scalars(select(Letter).where(Letter.id.in_(ids))):
        letter.settled_at = now
    s.flush()


def test_where_there_is_nothing_to_mind_the_database_is_hardly_asked(
    s: Session, statements: list[str]
) -> None:
    domains = Domains("", NONE)
    for tenth in range(20):
        assert domains.allot(s, letters("a.org", "b.org"), NOON + tenth * SECOND / 10) == ([1, 2], [])
    domains.heed(s, (), ("a.org",), NOON)
    assert len([one for one in statements if not one.startswith("BEGIN")]) == 1


def test_letters_beyond_a_domain_s_rate_queue_and_the_others_go(s: Session) -> None:
    write(s, "gmail.com", "gmail.com", "b.org", "gmail.com")
    domains = Domains("", limits_of("gmail.com=2/s"))
    got = domains.allot(s, waiting(s, NOON), NOON)
    assert got.go == [1, 3]
    (second, at), (fourth, then) = got.later
    assert (second, fourth) == (2, 4)
    assert timedelta(seconds=0.5) < at - NOON < timedelta(seconds=0.6) and then - at == at - NOON
    rows = s.execute(select(Letter.id, Letter.due_at, Letter.paced).order_by(Letter.id)).all()
    assert rows == [(1, NOON, False), (2, at, True), (3, NOON, False), (4, then, True)]


def test_a_letter_that_keeps_its_place_goes_without_asking_and_one_that_missed_it_queues_again(
    s: Session, statements: list[str]
) -> None:
    domains, place = Domains("", limits_of("gmail.com=1/m")), NOON + MINUTE
    mine = [Candidate(1, "gmail.com", place, True)]
    domains.are_free(s, place)
    statements.clear()
    assert domains.allot(s, mine, place + SECOND).go == [1]
    assert statements == []
    assert domains.allot(s, mine, place + 2 * ON_TIME).go == [1], "nobody stands before it"
    assert domains.allot(s, mine, place + 2 * ON_TIME).later != []


def test_a_letter_that_somebody_waits_for_goes_before_the_queue_which_moves_up(s: Session) -> None:
    domains = Domains("", limits_of("gmail.com=1/m"))
    ((_, expected),) = domains.allot(s, letters("gmail.com", "gmail.com"), NOON).later
    assert domains.allot(s, letters("gmail.com", urgent=True), NOON).go == [1]
    ((_, at),) = domains.allot(s, letters("gmail.com"), NOON).later
    assert at - expected == 2 * (expected - NOON)


def test_a_queue_is_ten_minutes_long_and_who_finds_no_place_asks_again(s: Session) -> None:
    write(s, *["gmail.com"] * 20)
    domains = Domains("", limits_of("gmail.com=1/m"))
    got = domains.allot(s, waiting(s, NOON), NOON)
    kept = s.scalars(select(Letter.due_at).where(Letter.paced)).all()
    assert len(got.go) + len(got.later) == 20 and len(kept) == 9
    assert all(at <= NOON + LENGTH for at in kept)
    assert max(at for _, at in got.later) < NOON + LENGTH + 2 * MINUTE


few = settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)


@few
@given(
    rate=st.integers(5, 120),
    steps=st.lists(st.sampled_from([0.2, 1.0, 3.0]), min_size=3, max_size=6),
    count=st.integers(40, 200),
)
def test_no_minute_holds_more_than_a_domain_s_rate_over_several_processes(
    s: Session, rate: int, steps: list[float], count: int
) -> None:
    s.execute(delete(ReceivingDomain))
    s.execute(delete(Letter))
    write(s, *["gmail.com"] * count)
    processes = [Domains("", limits_of(f"gmail.com={rate}/m")) for _ in range(3)]
    now, turn, left = NOON, 0, []
    while len(left) < count and now < NOON + 60 * MINUTE:
        got = processes[turn % 3].allot(s, waiting(s, now)[:50], now)
        settle(s, got.go, now)
        left += [now] * len(got.go)
        now += timedelta(seconds=steps[turn % len(steps)])
        turn += 1
    assert len(left) == count
    assert max(sum(1 for other in left if at <= other <= at + MINUTE) for at in left) <= rate
    assert left[-1] - NOON <= (count / rate + 0.5) * MINUTE / 0.9


def test_a_domain_that_puts_us_off_rests_and_others_go_on(s: Session) -> None:
    domains = Domains("", NONE)
    domains.heed(s, ["yahoo.com"], (), NOON)
    write(s, "yahoo.com", "b.org", "yahoo.com")
    got = domains.allot(s, waiting(s, NOON), NOON)
    assert got == ([2], [(1, NOON + MINUTE), (3, NOON + MINUTE)])
    assert not any(s.scalars(select(Letter.paced))), "no places: they ask again"
    assert Domains("other", NONE).allot(s, letters("yahoo.com"), NOON).go == [1], "by another relay it goes"


def test_another_process_hears_of_it_within_two_seconds(s: Session) -> None:
    one, other = Domains("", NONE), Domains("", NONE)
    assert other.allot(s, letters("yahoo.com"), NOON).go == [1]
    one.heed(s, ["yahoo.com"], (), NOON)
    assert other.allot(s, letters("yahoo.com"), NOON + 2 * SECOND).go == []


def test_a_rest_doubles_each_time_up_to_an_hour_until_a_letter_is_accepted(s: Session) -> None:
    domains, now, rests = Domains("", NONE), NOON, []
    for _ in range(9):
        domains.heed(s, ["yahoo.com"], (), now)
        domains.heed(
            s, ["yahoo.com", "yahoo.com"], ["yahoo.com"], now + SECOND
        )  # they were under way together
        ((_, until),) = domains.allot(s, letters("yahoo.com"), now + SECOND).later
        rests.append((until - now) // MINUTE)
        now = until
    assert rests == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    domains.allot(s, letters("yahoo.com"), now)
    domains.heed(s, (), ["yahoo.com"], now)
    assert domains.allot(s, letters(*["yahoo.com"] * 3), now).go == [1, 2, 3]
    domains.heed(s, ["yahoo.com"], (), now)
    assert domains.allot(s, letters("yahoo.com"), now).later == [(1, now + MINUTE)], "it begins anew"


def test_after_a_rest_one_letter_goes_ahead_and_the_others_follow_when_it_was_accepted(s: Session) -> None:
    domains = Domains("", NONE)
    domains.heed(s, ["yahoo.com"], (), NOON)
    now = NOON + MINUTE
    assert domains.allot(s, letters(*["yahoo.com"] * 3), now) == (
        [1],
        [(2, now + 10 * SECOND), (3, now + 10 * SECOND)],
    )
    assert domains.allot(s, letters("yahoo.com"), now + 10 * SECOND).go == [1], "no answer came: another"
    domains.heed(s, (), ["yahoo.com"], now + 11 * SECOND)
    assert domains.allot(s, letters(*["yahoo.com"] * 3), now + 11 * SECOND).go == [1, 2, 3]
    assert list(domains.troubled) == []


def test_a_clock_that_is_set_back_keeps_nobody_resting_or_queueing_for_longer(s: Session) -> None:
    domains = Domains("", limits_of("gmail.com=1/m"))
    domains.allot(s, letters(*["gmail.com"] * 5), NOON)
    domains.heed(s, ["yahoo.com"], (), NOON)
    before = NOON - timedelta(days=400)
    assert domains.allot(s, letters("yahoo.com", "gmail.com"), before).go == [1, 2]


@pytest.mark.parametrize(
    ("code", "reply", "expected"),
    [
        (421, "4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to user complaints", True),
        (421, "4.7.28 Our system has detected an unusual rate of unsolicited mail", True),
        (451, "4.7.650 The mail server has been temporarily rate limited", True),
        (450, "4.7.1 Client host rejected: too many messages", True),
        (452, "Too many recipients this hour, throttled", True),
        (451, "Temporarily deferred", True),
        (450, "4.7.1 <ada@example.org>: Recipient address rejected: Greylisted", False),
        (450, "4.2.0 Graylisting in action", False),
        (450, "4.2.1 The user you are trying to contact is receiving mail at a rate that is too much", False),
        (452, "4.2.2 Mailbox full", False),
        (450, "4.1.1 unverified address", False),
        (451, "4.3.0 Temporary lookup failure", False),
        (421, "4.3.2 Service shutting down", False),
        (454, "4.7.0 TLS not available", False),
        (550, "5.7.1 rate limit", False),
        (250, "ok", False),
    ],
)
def test_which_answers_are_about_all_that_we_send_to_a_domain(code: int, reply: str, expected: bool) -> None:
    assert puts_off_all(Answer(Phase.RECIPIENT, code, reply)) is expected
    assert not puts_off_all(Answer(Phase.SENDER, code, reply)), "that is the relay's own word"


def test_a_letter_that_is_ready_anew_has_lost_its_place(db: Database, office: Office) -> None:
    office.write("ada", "bob", "cec")
    ways = {"ada": {"state": "skipped", "reply": "left"}, "bob": {"state": "refused"}, "cec": {"attempts": 1}}
    with db.transaction() as s:
        for letter in s.scalars(select(Letter)):
            words = ways[letter.address.partition("@")[0]]
            letter.paced, letter.settled_at = True, NOON if "state" in words else None
            for name, value in words.items():
                setattr(letter, name, value)
    with db.transaction() as s:
        outbox.give_back(s, ["digest"], 1, "left", NOON, NOON)
    intervening.retry(db, "digest", ABOUT, None, "", NOON)
    pausing.resume(db, NOON)
    assert [(letter.state, letter.paced) for letter in office.letters()] == [("ready", False)] * 3


def test_senders_that_heed_and_allot_crosswise_never_wait_for_each_other(db: Database) -> None:
    here, there = Domains("", limits_of("*=5/s")), Domains("", limits_of("*=5/s"))

    def heed_a_and_allot_b() -> list[int]:
        with db.transaction() as s:
            there.heed(s, ("a.org",), (), NOON)
            return there.allot(s, letters("b.org"), NOON).go

    with ThreadPoolExecutor(1) as others:
        with db.transaction() as s:
            here.heed(s, ("b.org",), (), NOON)
            other = others.submit(heed_a_and_allot_b)
            assert not wait([other], 0.3).done
            assert here.allot(s, letters("a.org"), NOON).go == [1]
        assert other.result(20) == []
