"""Connections that end, fall silent or talk nonsense under a letter: whose fate is known, whose is not, and who was never concerned."""

import pytest

from newsletter.delivery.parcels import Parcel
from newsletter.delivery.verdicts import GARBAGE as NO_SMTP
from newsletter.delivery.verdicts import Phase, Verdict, judge
from tests.mailserver import DRIP, DROP, GARBAGE, SILENCE, Fault, RecordingServer
from tests.newsletter.delivery.belt import IMPATIENT, MESSAGE, Belt, carry, parcel, pipelined_to, run

pytestmark = pytest.mark.usefixtures("each_loop")
CAST = [parcel("a"), parcel("poor"), parcel("b"), parcel("c")]
WELL = dict.fromkeys("abc", 250)
LONG = MESSAGE + b"A line of many.\r\n" * 1_000_000
OFFERS = pytest.mark.parametrize("offers", ["PIPELINING", "PIPELINING CHUNKING", ""])
PHASES = {"mail": Phase.SENDER, "rcpt": Phase.RECIPIENT, "data": Phase.DATA, "dot": Phase.END}
DEEDS = [
    *((DROP, 0), (SILENCE, 0), (DRIP, 0), (GARBAGE, NO_SMTP), ("99 What", NO_SMTP)),
    *(("421 4.3.2 Closing", 421), ("451 4.3.0 Trouble", 451), ("550 5.7.1 No", 550)),
]


@OFFERS
@pytest.mark.parametrize("step", ["rcpt", "data", "dot"])
@pytest.mark.parametrize(("deed", "code"), DEEDS)
def test_what_strikes_one_letter_is_its_answer_and_the_others_arrive_once(
    server: RecordingServer, offers: str, step: str, deed: str, code: int
) -> None:
    server.offers = offers.split()
    server.faults = [Fault(step, deed, whom="poor@")]
    is_without_data = step == "data" and "CHUNKING" in offers
    belt = carry(pipelined_to(server, IMPATIENT), *CAST)
    assert belt.codes() == WELL | {"poor": 250 if is_without_data else code}
    assert is_without_data or belt.answers["poor"].phase is PHASES[step]
    assert set(server.copies().values()) == {1}


@pytest.mark.parametrize("step", ["mail", "rcpt", "data"])
@pytest.mark.parametrize(
    "deed", ["250 2.0.0 Ok\r\n250 2.0.0 And again", "354 Go on\r\n250 2.0.0 Kept", "220 Hello"]
)
def test_a_server_that_answers_out_of_turn_has_taken_nothing(
    server: RecordingServer, step: str, deed: str
) -> None:
    server.faults = [Fault(step, deed)]
    belt = carry(pipelined_to(server, IMPATIENT), parcel())
    assert judge(belt.answers["galileo"]) is not Verdict.ACCEPTED
    assert server.received == []


@pytest.mark.parametrize("deed", [SILENCE, GARBAGE, "450 4.7.1 Later", "550 5.7.1 No"])
def test_a_server_that_will_not_hear_of_the_next_letter_has_said_so(
    server: RecordingServer, deed: str
) -> None:
    server.on_received = lambda mail: server.faults.append(Fault("mail", deed, times=1))
    belt = carry(pipelined_to(server, IMPATIENT), parcel("a"), parcel("poor"))
    assert (belt.answers["a"].code, belt.answers["poor"].phase) == (250, Phase.SENDER)


@pytest.mark.parametrize("deed", [DROP, SILENCE, GARBAGE, DRIP, "421 4.3.2 Closing"])
def test_a_server_that_fails_at_its_first_letter_is_away(server: RecordingServer, deed: str) -> None:
    server.faults = [Fault("mail", deed)]
    belt = carry(pipelined_to(server, IMPATIENT), parcel())
    assert judge(belt.answers["galileo"]) is Verdict.AWAY
    assert "begins galileo" not in belt.story


@OFFERS
@pytest.mark.parametrize("deed", [DROP, SILENCE])
def test_who_was_only_announced_when_another_s_text_was_lost_is_given_back(
    server: RecordingServer, offers: str, deed: str
) -> None:
    server.offers = offers.split()
    server.faults = [Fault("dot", deed, whom="poor@", kept=True)]
    belt = carry(pipelined_to(server, IMPATIENT), *CAST)
    assert judge(belt.answers["poor"]) is Verdict.UNCERTAIN
    assert belt.codes() == WELL | {"poor": 0}
    assert set(server.copies().values()) == {1}


@pytest.mark.parametrize(("is_encrypted", "deed"), [(False, DROP), (False, SILENCE), (True, SILENCE)])
def test_a_long_text_that_is_not_taken_to_its_end_was_not_sent(
    server: RecordingServer, tls_server: RecordingServer, is_encrypted: bool, deed: str
) -> None:
    asked = tls_server if is_encrypted else server
    asked.faults = [Fault("body", deed)]
    belt = carry(pipelined_to(asked, 0.5), parcel("long", LONG, tidy=True))
    assert (belt.answers["long"].phase, judge(belt.answers["long"])) == (Phase.BODY, Verdict.RETRY)


@pytest.mark.parametrize(
    ("early", "verdict"), [("552 5.3.4 Too big", Verdict.REFUSES_US), ("250 2.0.0 Kept", Verdict.UNCERTAIN)]
)
def test_an_answer_in_the_middle_of_a_text_is_no_acceptance(
    server: RecordingServer, early: str, verdict: Verdict
) -> None:
    server.faults = [Fault("body", early), Fault("body", SILENCE)]
    server.faults[0].times = 1
    belt = carry(pipelined_to(server, 0.5), parcel("long", LONG, tidy=True))
    assert judge(belt.answers["long"]) is verdict


def test_a_server_that_answers_a_text_before_it_was_sent_is_not_believed(server: RecordingServer) -> None:
    server.faults = [Fault("data", "354 Go on\r\n250 2.0.0 Kept")]
    belt = carry(pipelined_to(server), parcel())
    assert (belt.answers["galileo"].phase, belt.answers["galileo"].code) == (Phase.DATA, NO_SMTP)
    assert "begins galileo" not in belt.story
    assert belt.story.count("given back galileo") == 4


def test_a_connection_that_ends_while_nothing_is_on_it_costs_nothing(server: RecordingServer) -> None:
    async def rest() -> Belt:
        belt = Belt()
        belt.connection = await pipelined_to(server).connect(belt)
        server.down()
        while belt.connection:
            await belt.stirs()
        return belt

    assert run(rest()).story == ["lost"]
    server.up()


@pytest.mark.parametrize(
    "address",
    [
        "a@example.org>\r\nRCPT TO:<b@example.org",
        "a@example.org> NOTIFY=NEVER",
        "a b@example.org",
        "\ud800@example.org",
    ],
)
def test_an_address_cannot_smuggle_in_a_command(server: RecordingServer, address: str) -> None:
    for odd in (Parcel("digest@example.org", address, MESSAGE), Parcel(address, "x@example.org", MESSAGE)):
        belt = carry(pipelined_to(server), odd, parcel("kepler"))
        assert sorted(belt.codes().values()) == [250, 553]
    assert [mail.recipient for mail in server.received] == ["kepler@example.org"] * 2


def test_addresses_and_texts_beyond_ascii(server: RecordingServer) -> None:
    wide = parcel("jörg", MESSAGE + "Grüße\r\n".encode())
    assert carry(pipelined_to(server), wide).codes() == {"jörg": 250}
    assert server.received[0].message.endswith("Grüße\r\n".encode())
    server.offers.remove("SMTPUTF8")
    answer = carry(pipelined_to(server), wide).answers["jörg"]
    assert (answer.phase, judge(answer)) == (Phase.RECIPIENT, Verdict.REFUSED)
