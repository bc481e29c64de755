"""Letters over one connection: few round trips, one letter in doubt at most, nothing lost and nothing made up."""

import asyncio

import pytest

from newsletter.delivery.verdicts import Phase
from tests.mailserver import DROP, Fault, RecordingServer
from tests.newsletter.delivery.belt import MESSAGE, Belt, carry, parcel, pipelined_to, run

pytestmark = pytest.mark.usefixtures("each_loop")
CAST = [parcel(name) for name in ("a", "b", "c", "d", "e", "f")]
WAYS = pytest.mark.parametrize(
    "offers", [["PIPELINING"], ["PIPELINING", "CHUNKING"], ["CHUNKING"], []], ids=" ".join
)


def turns(server: RecordingServer, letters: int, **how: bool) -> int:
    before = server.turns
    carry(pipelined_to(server, **how), *CAST[:letters])
    return server.turns - before


@pytest.mark.parametrize(
    ("offers", "round_trips"), [("PIPELINING", 1), ("PIPELINING CHUNKING", 1), ("CHUNKING", 3), ("", 4)]
)
def test_a_letter_costs_as_many_round_trips_as_the_server_asks_for(
    server: RecordingServer, offers: str, round_trips: int
) -> None:
    server.offers = offers.split()
    assert turns(server, 6) - turns(server, 2) == 4 * round_trips
    assert len(server.received) == 8


def test_what_a_server_offers_can_be_left_unused(server: RecordingServer) -> None:
    server.offers = ["PIPELINING", "CHUNKING"]
    assert (
        turns(server, 3, pipelining=False, chunking=False)
        - turns(server, 2, pipelining=False, chunking=False)
        == 4
    )
    assert "BDAT" not in server.commands


@WAYS
def test_every_letter_arrives_as_it_was_written(server: RecordingServer, offers: list[str]) -> None:
    server.offers = offers
    belt = carry(
        pipelined_to(server),
        parcel("bare", b"a\n.b\r\n..\rc"),
        parcel("tidy", b"a\r\n" * 50_000, tidy=True),
        *CAST,
    )
    assert set(belt.codes().values()) == {250}
    assert server.received[0].message == b"a\r\n.b\r\n..\r\nc\r\n"
    assert server.received[1].message == b"a\r\n" * 50_000
    assert {mail.message for mail in server.received[2:]} == {MESSAGE}
    assert server.connections == 1
    assert server.commands[-1] == "QUIT"


@WAYS
def test_a_text_begins_only_when_the_last_one_has_its_answer(
    server: RecordingServer, offers: list[str]
) -> None:
    server.offers = offers
    belt = carry(pipelined_to(server), *CAST[:3])
    assert belt.story == [f"{what} {name}" for name in "abc" for what in ("begins", "answered")] + ["lost"]


@WAYS
@pytest.mark.parametrize("is_gullible", [False, True])
def test_after_a_refused_reader_the_connection_goes_on(
    server: RecordingServer, offers: list[str], is_gullible: bool
) -> None:
    server.offers, server.is_gullible = offers, is_gullible
    server.faults = [
        Fault("rcpt", "550 5.1.1 Unknown", whom="b@"),
        Fault("rcpt", "450 4.2.1 Busy", whom="d@"),
    ]
    belt = carry(pipelined_to(server), *CAST)
    assert belt.codes() == {"a": 250, "b": 550, "c": 250, "d": 450, "e": 250, "f": 250}
    assert belt.answers["b"].phase is Phase.RECIPIENT
    assert [mail.message for mail in server.received] == [MESSAGE] * 4
    assert server.connections == 1
    assert "RSET" in server.commands


@WAYS
@pytest.mark.parametrize("is_stubborn", [False, True])
def test_a_refused_text_leaves_the_next_letter_alone(
    server: RecordingServer, offers: list[str], is_stubborn: bool
) -> None:
    server.offers, server.is_stubborn = offers, is_stubborn and "CHUNKING" in offers
    server.faults = [Fault("dot", "554 5.7.1 Not this", whom="b@")]
    belt = carry(pipelined_to(server), *CAST[:4])
    assert belt.codes() == {"a": 250, "b": 554, "c": 250, "d": 250}
    assert server.connections == 1


@pytest.mark.parametrize("step", ["mail", "data"])
def test_a_refusal_at_any_step_is_the_letter_s_answer(server: RecordingServer, step: str) -> None:
    server.faults = [Fault(step, "452 4.3.1 Full", times=1)]
    belt = carry(pipelined_to(server), *CAST[:2])
    assert belt.codes() == {"a": 452, "b": 250}
    assert server.connections == 1


@WAYS
@pytest.mark.parametrize("deed", [DROP, "421 4.4.2 Idle too long"])
def test_a_letter_that_was_announced_when_the_server_closed_is_given_back(
    server: RecordingServer, offers: list[str], deed: str
) -> None:
    server.offers = offers
    smtp, belt = pipelined_to(server), Belt(*CAST[:3])
    server.on_received = lambda mail: server.faults.append(Fault("mail", deed, times=1))
    run(belt.carry(smtp))
    assert set(belt.codes().values()) == {250}
    assert (server.connections, len(server.received)) == (3, 3)
    assert [what for what in belt.story if "given" in what] == ["given back b", "given back c"]


def test_a_letter_at_which_connections_end_again_and_again_has_its_answer(server: RecordingServer) -> None:
    server.on_received = lambda mail: server.faults.append(Fault("mail", DROP, times=1))
    belt = Belt(parcel("a"), parcel("poor"), *CAST[1:])
    belt.back_to = 1
    run(belt.carry(pipelined_to(server)))
    assert belt.codes() == {"poor": 0} | dict.fromkeys("abcdef", 250)
    assert belt.story.count("given back poor") == 4


@WAYS
def test_a_connection_is_renewed_after_so_many_letters(server: RecordingServer, offers: list[str]) -> None:
    server.offers = offers
    belt = carry(pipelined_to(server, most=2), *CAST[:5])
    assert set(belt.codes().values()) == {250}
    assert (server.connections, server.commands.count("QUIT")) == (3, 3)
    assert not any("given back" in what for what in belt.story)


@WAYS
def test_a_connection_that_had_nothing_to_do_is_woken(server: RecordingServer, offers: list[str]) -> None:
    async def a_quiet_hour() -> Belt:
        belt, later = Belt(*CAST[:2]), Belt(*CAST[2:4])
        belt.missing = 4
        carrying = asyncio.create_task(belt.carry(pipelined_to(server)))
        while len(belt.answers) < 2:
            await asyncio.sleep(0)
        belt.waiting = later.waiting
        assert belt.connection
        belt.connection.nudge()
        await carrying
        return belt

    server.offers = offers
    assert run(a_quiet_hour()).codes() == dict.fromkeys("abcd", 250)
    assert server.connections == 1


@WAYS
def test_finishing_ends_with_the_letter_whose_text_is_out(server: RecordingServer, offers: list[str]) -> None:
    server.offers = offers
    belt = Belt(*CAST[:4])
    belt.on = lambda what: stop(belt, what == "begins b")
    belt.missing = 2
    run(belt.carry(pipelined_to(server)))
    assert belt.codes() == {"a": 250, "b": 250}
    assert belt.story[-1] == "lost"
    assert sorted(load.parcel.recipient[0] for load in belt.waiting) == ["c", "d"]
    assert len(server.received) == 2


@WAYS
def test_finishing_before_a_text_began_makes_no_empty_mail(
    server: RecordingServer, offers: list[str]
) -> None:
    server.offers = offers
    belt = Belt(*CAST[:3])
    belt.on = lambda what: stop(belt, what == "answered a")
    belt.missing = 1
    run(belt.carry(pipelined_to(server)))
    assert belt.codes() == {"a": 250}
    assert sorted(load.parcel.recipient[0] for load in belt.waiting) == ["b", "c"]
    assert [mail.recipient for mail in server.received] == ["a@example.org"]


def stop(belt: Belt, now: bool) -> None:
    if now and belt.connection:
        belt.connection.finish()


def test_hanging_up_leaves_one_letter_in_doubt_at_most(server: RecordingServer) -> None:
    async def hang_up_amid() -> Belt:
        belt = Belt(*CAST)
        belt.connection = await pipelined_to(server).connect(belt)
        belt.on = lambda what: belt.connection.abort() if what == "begins c" and belt.connection else None
        while belt.connection:
            await belt.stirs()
        return belt

    belt = run(hang_up_amid())
    assert belt.codes() == {"a": 250, "b": 250, "c": 0}
    assert (belt.answers["c"].phase, belt.answers["c"].reply) == (Phase.END, "We broke the connection off.")
    assert belt.story[-1] == "lost"
    assert len(belt.waiting) == 3
