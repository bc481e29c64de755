"""A line that waits for its server in a thread of its own is cut off when the sender has to end."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from newsletter.delivery.plain import Plain
from newsletter.delivery.providers.handing_over import Provider
from newsletter.delivery.providers.http import Place
from newsletter.delivery.providers.mailgun import Mailgun
from newsletter.delivery.transport import Line
from newsletter.delivery.verdicts import Verdict, judge
from tests.mailserver import SILENCE, Fault, RecordingServer
from tests.newsletter.delivery.belt import Belt, parcel, run
from tests.newsletter.delivery.office import smtplib_to
from tests.newsletter.delivery.providers.httpserver import Asked, Says, provided

SOON = 5.0
"""Seconds: far less than the patience of the lines here."""


def cut_off(line: Line, asked: Event, data_sent: Callable[[], None]) -> None:
    """While it waits for an answer; then it is given another letter."""
    with ThreadPoolExecutor(1) as thread:
        said = thread.submit(line.send_all, [parcel("a")], data_sent)
        assert asked.wait(10)
        line.abort()
        (answer,) = said.result(SOON)
        assert judge(answer) is Verdict.UNCERTAIN
        (answer,) = line.send_all([parcel("b")], data_sent)
        assert judge(answer) is Verdict.AWAY
    line.close()


def test_smtplib_waits_no_longer_and_says_nothing_more(server: RecordingServer) -> None:
    server.faults, asked = [Fault("dot", SILENCE)], Event()
    cut_off(smtplib_to(server, timeout=30).connect(), asked, asked.set)
    assert server.commands.count("MAIL") == 1


def test_a_provider_is_waited_for_no_longer_and_asked_nothing_more() -> None:
    asked, done = Event(), Event()

    def silent(_: Asked) -> Says:
        asked.set()
        done.wait(20)
        return Says(200)

    with provided(silent) as server:
        transport = Provider(
            Place("127.0.0.1", server.port, is_encrypted=False), Mailgun("key", "example.org")
        )
        try:
            cut_off(transport.connect(), asked, lambda: None)
            asked.clear()
            belt = run(carried_and_aborted(transport, asked))
        finally:
            done.set()
        assert [judge(answer) for answer in belt.answers.values()] == [Verdict.UNCERTAIN]
        assert len(server.asked) == 2


async def carried_and_aborted(transport: Provider, asked: Event) -> Belt:
    belt = Belt(parcel())
    belt.connection = await Plain(transport).connect(belt)
    await asyncio.to_thread(asked.wait, 10)
    belt.connection.abort()
    while belt.connection:
        await asyncio.wait_for(belt.stirs(), SOON)
    return belt
