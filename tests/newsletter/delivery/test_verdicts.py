"""What the servers of the world say, and what it means."""

from datetime import timedelta

import pytest

from newsletter.delivery.verdicts import (
    GARBAGE,
    NO_ANSWER,
    Answer,
    Phase,
    Verdict,
    judge,
    wait_before,
    wait_within,
    without_address,
)

BEFORE = ["connect", "hello", "starttls", "login", "sender"]
AFTER = ["recipient", "data", "body"]


@pytest.mark.parametrize("phase", BEFORE)
@pytest.mark.parametrize("code", [NO_ANSWER, GARBAGE, 421, 450, 451, 454])
def test_before_the_recipient_is_named_a_silent_or_busy_server_is_only_away(phase: str, code: int) -> None:
    assert judge(Answer(Phase(phase), code, "Try later")) is Verdict.AWAY


@pytest.mark.parametrize("phase", BEFORE)
@pytest.mark.parametrize("code", [500, 530, 535, 550, 554])
def test_before_the_recipient_is_named_a_refusal_is_of_us(phase: str, code: int) -> None:
    assert judge(Answer(Phase(phase), code, "5.1.1 No such user")) is Verdict.REFUSES_US


@pytest.mark.parametrize("phase", AFTER)
@pytest.mark.parametrize("code", [NO_ANSWER, GARBAGE, 250, 354, 421, 450, 451, 452])
def test_until_the_final_dot_anything_but_a_refusal_means_later(phase: str, code: int) -> None:
    assert judge(Answer(Phase(phase), code, "4.7.1 Greylisted")) is Verdict.RETRY


@pytest.mark.parametrize("code", [NO_ANSWER, GARBAGE, 200, 251, 354])
def test_after_the_final_dot_only_250_is_an_acceptance_and_no_answer_is_a_doubt(code: int) -> None:
    assert judge(Answer(Phase.END, 250, "Ok")) is Verdict.ACCEPTED
    assert judge(Answer(Phase.END, code, "")) is Verdict.UNCERTAIN


@pytest.mark.parametrize("code", [421, 450, 451, 452])
def test_after_the_final_dot_a_busy_server_means_later(code: int) -> None:
    assert judge(Answer(Phase.END, code, "4.3.1 Full")) is Verdict.RETRY


@pytest.mark.parametrize(
    "reply",
    [
        "5.1.1 User unknown",
        "5.1.3 Bad address",
        "5.1.10 Null MX",
        "5.2.1 Mailbox disabled",
        "5.2.2 Mailbox full",
        "5.4.1 No such domain here",
        "No such user here",
        "",
    ],
)
def test_a_refused_recipient_uses_up_this_letter_alone(reply: str) -> None:
    assert judge(Answer(Phase.RECIPIENT, 550, reply)) is Verdict.REFUSED


@pytest.mark.parametrize(
    ("code", "reply"),
    [
        (550, "5.7.1 Relaying denied"),
        (550, "5.7.515 Access denied, sending domain does not pass authentication"),
        (554, "5.7.606 Access denied, banned sending IP"),
        (554, "Relay access denied"),
        (550, "Your host is blocked, see the block list"),
        (550, "Message looks like SPAM"),
        (530, "5.7.0 Must issue a STARTTLS command first"),
        (535, "Authentication needed"),
        (503, "Bad sequence of commands"),
        (550, "5.1.8 Bad sender's system address"),
        (553, "5.1.7 Bad sender's mailbox address"),
    ],
)
def test_a_refusal_of_us_is_never_held_against_the_reader(code: int, reply: str) -> None:
    assert judge(Answer(Phase.RECIPIENT, code, reply)) is Verdict.REFUSES_US


@pytest.mark.parametrize("phase", ["data", "body", "end"])
def test_a_refused_text_is_about_us_unless_it_names_the_mailbox(phase: str) -> None:
    assert judge(Answer(Phase(phase), 554, "5.6.0 Bad content")) is Verdict.REFUSES_US
    assert judge(Answer(Phase(phase), 552, "Too big")) is Verdict.REFUSES_US
    assert judge(Answer(Phase(phase), 552, "5.2.2 Over quota")) is Verdict.REFUSED


def test_a_letter_rests_ever_longer_and_never_longer_than_four_hours() -> None:
    minutes = [wait_before(attempt) // timedelta(minutes=1) for attempt in range(1, 10)]
    assert minutes == [5, 10, 20, 40, 80, 160, 240, 240, 240]
    assert wait_before(10_000) == timedelta(hours=4)


@pytest.mark.parametrize("hours", [1, 12, 48, 240])
def test_the_last_try_is_made_when_the_waits_have_added_up_to_the_relay_s_patience(hours: int) -> None:
    patience, waited, attempt = timedelta(hours=hours), timedelta(), 1
    while wait := wait_within(attempt, patience):
        waited, attempt = waited + wait, attempt + 1
    assert waited == patience


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("5.1.1 <galileo@example.org>: unknown", "5.1.1 <…>: unknown"),
        ('5.1.1 "odd one"@example.org unknown', "5.1.1 … unknown"),
        ("User GALILEO@EXAMPLE.ORG is\r\nunknown\x07", "User … is unknown"),
        ("2.0.0 Ok: queued as 4F2A", "2.0.0 Ok: queued as 4F2A"),
    ],
)
def test_the_server_s_words_are_kept_without_the_address(said: str, kept: str) -> None:
    assert without_address(said) == kept


def test_long_words_are_cut() -> None:
    assert len(without_address("x" * 5000)) == 300
