"""Postmark: many letters a request, told in its own words, and an answer for each of them."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from blog.db import Database
from newsletter.delivery import pausing
from newsletter.delivery.parcels import Parcel
from newsletter.delivery.providers import handing_over
from newsletter.delivery.providers.handing_over import Provider
from newsletter.delivery.sending import Sent
from newsletter.delivery.verdicts import Answer, Phase, Verdict, judge
from newsletter.returns.judging import Kind
from newsletter.returns.judging import judge as judge_return
from tests.conftest import NOON
from tests.newsletter.delivery.office import Clock, Office
from tests.newsletter.delivery.providers.conftest import Provide
from tests.newsletter.delivery.providers.httpserver import HANGS_UP, Asked, Provided, Says
from tests.newsletter.delivery.providers.post import LEAVES, by_provider, digest, hand_over

ID = "b7bc2f4a-e38e-4336-af7d-e6c392c2f817"
INACTIVE = (
    "You tried to send to recipient(s) that have been marked as inactive. Found inactive addresses: gone@example.org. "
    "Inactive recipients are ones that have generated a hard bounce, a spam complaint, or a manual suppression."
)
ILLEGAL = "Error parsing 'To': Illegal email domain 'example' in address 'ada@example'."


def postmark(server: Provided, more: str = "") -> Provider:
    return by_provider(f"postmark://11111111-aaaa?endpoint={server.url}{more}")


def taken(to: str) -> dict[str, Any]:
    return {"ErrorCode": 0, "Message": "OK", "MessageID": ID, "SubmittedAt": "2026-11-22T12:00:00Z", "To": to}


def refused(code: int, words: str) -> dict[str, Any]:
    return {"ErrorCode": code, "Message": words}


def each(answer: Callable[[str], dict[str, Any]]) -> Callable[[Asked], Says]:
    return lambda asked: Says(200, [answer(letter["To"]) for letter in asked.json])


def test_a_letter_is_told_in_postmark_s_words(provide: Provide) -> None:
    server = provide(each(taken))
    (answer,) = hand_over(postmark(server), digest(NOON))
    (asked,) = server.asked
    assert asked.path == "/email/batch"
    assert asked.headers["X-Postmark-Server-Token"] == "11111111-aaaa"
    (told,) = asked.json
    headers = {header["Name"]: header["Value"] for header in told.pop("Headers")}
    assert told == {
        "From": '"The Daily Sky, Köln" <digest@example.org>',
        "To": "galileo@example.org",
        "Subject": "Ein Komet über Köln ☄",
        "TextBody": f"Schön war’s.\nLeave: {LEAVES}\n",
        "HtmlBody": f'<p>Schön.</p><a href="{LEAVES}">Leave</a>',
        "MessageStream": "broadcast",
        "TrackOpens": False,
        "TrackLinks": "None",
    }
    assert headers == {
        "Message-ID": "<galileo.41@example.org>",
        "X-PM-KeepID": "true",
        "List-Id": "Sky <sky.example.org>",
        "List-Unsubscribe": f"<{LEAVES}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    assert answer == Answer(Phase.END, 250, ID)


def test_a_stream_can_be_chosen_and_answers_to_a_mail_go_where_it_says(provide: Provide) -> None:
    server = provide(each(taken))
    parcel = digest(NOON)
    parcel = parcel._replace(content=b"Reply-To: Desk <desk@example.org>\r\n" + parcel.message)
    hand_over(postmark(server, "&stream=outbound"), parcel)
    (told,) = server.asked[0].json
    assert (told["MessageStream"], told["ReplyTo"]) == ("outbound", "Desk <desk@example.org>")
    assert "Reply-To" not in {header["Name"] for header in told["Headers"]}


def test_a_mail_of_text_alone_is_told_without_html(provide: Provide) -> None:
    server = provide(each(taken))
    message = b"From: a@example.org\r\nSubject: News\r\n\r\nThe sky.\r\n"
    hand_over(postmark(server), Parcel("a@example.org", "ada@example.org", message))
    (told,) = server.asked[0].json
    assert told["TextBody"].split() == ["The", "sky."]
    assert "HtmlBody" not in told


def test_a_mail_that_postmark_has_no_words_for_keeps_no_other_back(provide: Provide) -> None:
    server = provide(each(taken))
    picture = b"From: a@example.org\r\nContent-Type: image/png\r\n\r\nxxxx\r\n"
    odd = Parcel("a@example.org", "odd@example.org", picture)
    first, second, third = hand_over(postmark(server), digest(NOON), odd, digest(NOON, "ada@example.org"))
    assert (judge(first), judge(third)) == (Verdict.ACCEPTED, Verdict.ACCEPTED)
    assert judge(second) is Verdict.REFUSES_US
    assert len(server.asked[0].json) == 2


def test_mixed_answers_are_each_letter_s_own(provide: Provide) -> None:
    def mixed(to: str) -> dict[str, Any]:
        return refused(406, INACTIVE) if to.startswith("gone") else taken(to)

    parcels = [digest(NOON, f"{name}@example.org") for name in ("ada", "gone", "eve")]
    answers = hand_over(postmark(provide(each(mixed))), *parcels)
    assert [judge(answer) for answer in answers] == [Verdict.ACCEPTED, Verdict.REFUSED, Verdict.ACCEPTED]
    assert answers[1].reply == "5.2.1 Postmark 406: it has stopped mail to this address."


@pytest.mark.parametrize(
    ("code", "words", "verdict"),
    [
        (10, "Bad or missing Server API token.", Verdict.REFUSES_US),
        (100, "Maintenance", Verdict.AWAY),
        (300, ILLEGAL, Verdict.REFUSED),
        (300, "Invalid 'From' address: 'sky'.", Verdict.REFUSES_US),
        (300, "Provide either email TextBody or HtmlBody or both.", Verdict.REFUSES_US),
        (400, "The Sender Signature was not found.", Verdict.REFUSES_US),
        (401, "The Sender Signature is not confirmed.", Verdict.REFUSES_US),
        (402, "Invalid JSON", Verdict.REFUSES_US),
        (403, "Incompatible JSON", Verdict.REFUSES_US),
        (405, "Not allowed to send", Verdict.REFUSES_US),
        (406, INACTIVE, Verdict.REFUSED),
        (412, "Your account is pending approval.", Verdict.REFUSES_US),
        (413, "Account may not send", Verdict.REFUSES_US),
        (429, "Rate limit exceeded", Verdict.AWAY),
        (1235, "The 'MessageStream' provided does not exist on this server.", Verdict.REFUSES_US),
        (99999, "Something new", Verdict.REFUSES_US),
    ],
)
def test_what_its_codes_mean(provide: Provide, code: int, words: str, verdict: Verdict) -> None:
    (answer,) = hand_over(postmark(provide(each(lambda to: refused(code, words)))), digest(NOON))
    assert judge(answer) is verdict


@pytest.mark.parametrize(
    ("says", "verdict"),
    [
        (Says(422, refused(403, "Incompatible JSON")), Verdict.REFUSES_US),
        (Says(422, refused(406, INACTIVE)), Verdict.REFUSES_US),
        (Says(413, b"Payload too large"), Verdict.REFUSES_US),
        (Says(429, refused(429, "Rate limit exceeded")), Verdict.AWAY),
        (Says(500, refused(500, "Internal")), Verdict.RETRY),
        (Says(503, b""), Verdict.AWAY),
        (HANGS_UP, Verdict.UNCERTAIN),
        (Says(200, {"ErrorCode": 0}), Verdict.UNCERTAIN),
        (Says(200, [taken("a")]), Verdict.UNCERTAIN),
    ],
)
def test_what_is_said_of_the_whole_request_holds_for_each_letter(
    provide: Provide, says: Says, verdict: Verdict
) -> None:
    answers = hand_over(postmark(provide(lambda asked: says)), digest(NOON), digest(NOON, "ada@example.org"))
    assert [judge(answer) for answer in answers] == [verdict] * 2


@pytest.mark.parametrize("odd", [{"Message": "?"}, {"ErrorCode": False}, {"ErrorCode": 0}, "OK", None])
def test_an_answer_that_makes_no_sense_leaves_its_own_letter_in_doubt(provide: Provide, odd: object) -> None:
    server = provide(lambda asked: Says(200, [taken("a"), odd]))
    answers = hand_over(postmark(server), digest(NOON), digest(NOON, "ada@example.org"))
    assert [judge(answer) for answer in answers] == [Verdict.ACCEPTED, Verdict.UNCERTAIN]


HEAVY = [
    Parcel("a@example.org", f"r{n}@example.org", b"Subject: News\r\n\r\n" + b"x" * handing_over.HEAVIEST)
    for n in range(3)
]


@pytest.mark.parametrize(
    ("answer", "verdict", "asked"),
    [(each(taken), Verdict.ACCEPTED, [1, 1, 1]), (lambda asked: Says(503, b""), Verdict.AWAY, [1])],
    ids=["all of them", "none after one that found nobody"],
)
def test_a_request_that_would_be_too_heavy_is_made_in_shares(
    provide: Provide, answer: Callable[[Asked], Says], verdict: Verdict, asked: list[int]
) -> None:
    server = provide(answer)
    answers = hand_over(postmark(server), *HEAVY)
    assert [judge(answer) for answer in answers] == [verdict] * 3
    assert [len(asked.json) for asked in server.asked] == asked


def test_a_whole_edition_goes_out_by_postmark(provide: Provide, db: Database, clock: Clock) -> None:
    def mixed(to: str) -> dict[str, Any]:
        return refused(406, INACTIVE) if to.startswith("gone") else taken(to)

    server = provide(each(mixed))
    office = Office(db, clock, postmark(server, "&batch=20"))
    office.write("gone", *(f"r{n}" for n in range(99)))
    assert office.send() == Sent(accepted=99, refused=1)
    sizes = [len(asked.json) for asked in server.asked]
    assert (sum(sizes), max(sizes)) == (100, 20)
    gone = office.letters()[0]
    assert (gone.state, gone.code) == ("refused", 550)
    assert judge_return(f"{gone.code} {gone.reply}") == (Kind.HARD, "5.2.1")


def test_a_wrong_token_is_one_refusal_however_many_letters_were_in_the_request(
    provide: Provide, db: Database, clock: Clock
) -> None:
    server = provide(lambda asked: Says(401, refused(10, "Bad or missing Server API token.")))
    office = Office(db, clock, postmark(server))
    office.write(*(f"r{n}" for n in range(12)))
    assert office.send(connections=1) == Sent()
    state = pausing.standing(db)
    assert state and (state.refusals, state.paused) == (1, False)
    assert state.reason == "Postmark 10: Bad or missing Server API token."
    assert {(letter.state, letter.attempts) for letter in office.letters()} == {("ready", 0)}


def test_a_batch_whose_answer_is_lost_goes_again_with_the_same_ids(
    provide: Provide, db: Database, clock: Clock
) -> None:
    lost = [HANGS_UP]
    server = provide(lambda asked: lost.pop() if lost else each(taken)(asked))
    office = Office(db, clock, postmark(server))
    office.write("a", "b", "c")
    assert office.send(connections=1) == Sent(uncertain=3)
    clock.passes(minutes=3)
    assert office.send(connections=1) == Sent(accepted=3)
    first, second = (json.dumps(asked.json) for asked in server.asked)
    assert first == second
