from datetime import datetime, timedelta

import pytest

from blog.refusals import Invalid
from newsletter.subscribers.tokens import OPEN, TEST, VALID, Expired, Incomplete, Tampered, Tokens


def test_a_confirmation_is_good_for_seven_days(tokens: Tokens, noon: datetime) -> None:
    token = tokens.confirm(12, noon)
    claim = tokens.read_confirm(token, noon + VALID)
    assert (claim.subscriber_id, claim.at) == (12, noon)
    with pytest.raises(Expired, match="older than 7 days") as refusal:
        tokens.read_confirm(token, noon + VALID + timedelta(seconds=1))
    assert refusal.value.subscriber_id == 12


def test_a_leave_link_never_grows_old_and_knows_its_edition(tokens: Tokens) -> None:
    claim = tokens.read_leave(tokens.leave(12, 340))
    assert (claim.subscriber_id, claim.edition_id) == (12, 340)


def test_the_same_letter_gets_the_same_token(tokens: Tokens, noon: datetime) -> None:
    assert tokens.confirm(1, noon) == tokens.confirm(1, noon)
    assert tokens.leave(1, 2) == tokens.leave(1, 2) != tokens.leave(2, 1)


@pytest.mark.parametrize("cut", [1, 10, 43, 44, 50])
def test_a_link_that_lost_its_end_says_so(tokens: Tokens, noon: datetime, cut: int) -> None:
    with pytest.raises(Incomplete, match="This link is incomplete. Copy the whole line from the mail"):
        tokens.read_confirm(tokens.confirm(12, noon)[:-cut], noon)


@pytest.mark.parametrize("tail", [".", ">", ")", "\r\n", ".)", "'"])
def test_what_sticks_to_the_end_of_a_link_is_forgiven(tokens: Tokens, tail: str) -> None:
    assert tokens.read_leave(tokens.leave(12) + tail).subscriber_id == 12


def test_a_changed_token_is_no_token(tokens: Tokens, noon: datetime) -> None:
    token = tokens.confirm(12, noon)
    for place in range(0, len(token), 7):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises((Tampered, Incomplete)):
            tokens.read_confirm(changed, noon)


def test_a_token_is_good_for_one_deed_only(tokens: Tokens, noon: datetime) -> None:
    with pytest.raises(Tampered):
        tokens.read_confirm(tokens.leave(12), noon)
    with pytest.raises(Tampered):
        tokens.read_leave(tokens.undo(12, noon))
    with pytest.raises(Tampered):
        tokens.read_undo(tokens.confirm(12, noon), noon)


def test_a_token_of_another_publication_is_refused(tokens: Tokens) -> None:
    with pytest.raises(Tampered):
        tokens.read_leave(Tokens("another key").leave(12))


@pytest.mark.parametrize(
    "odd", ["", ".", "x", "a.b", "\x00", "é" * 60 + "." + "é" * 60, "../../etc/passwd", "%00" * 40]
)
def test_odd_strings_are_refused_and_nothing_else(tokens: Tokens, odd: str) -> None:
    with pytest.raises((Tampered, Incomplete)):
        tokens.read_leave(odd)


def test_the_link_of_a_test_mail_explains_itself(tokens: Tokens) -> None:
    with pytest.raises(Invalid, match="test mail"):
        tokens.read_leave(TEST)


def test_a_link_to_the_doorstep_never_grows_old(tokens: Tokens) -> None:
    claim = tokens.read_manage(tokens.manage(12, 340))
    assert (claim.subscriber_id, claim.edition_id) == (12, 340)


def test_an_open_page_stays_open_for_an_hour(tokens: Tokens, noon: datetime) -> None:
    token = tokens.opened(12, noon)
    assert tokens.read_opened(token, noon + OPEN).subscriber_id == 12
    with pytest.raises(Expired, match="more than an hour") as refusal:
        tokens.read_opened(token, noon + OPEN + timedelta(seconds=1))
    assert refusal.value.subscriber_id == 12


@pytest.mark.parametrize("more", [True, False])
def test_a_taste_knows_its_story_and_its_direction(tokens: Tokens, more: bool) -> None:
    claim = tokens.read_taste(tokens.taste(12, 34, more))
    assert (claim.subscriber_id, claim.post_id, claim.more) == (12, 34, more)


def test_each_end_of_a_change_of_address_has_a_link_of_its_own(tokens: Tokens, noon: datetime) -> None:
    old, new = tokens.address_old(12, noon), tokens.address_new(12, noon)
    assert (tokens.read_address(old, noon).is_new, tokens.read_address(new, noon).is_new) == (False, True)
    with pytest.raises(Expired, match="older than 7 days"):
        tokens.read_address(old, noon + VALID + timedelta(seconds=1))


def test_no_link_of_a_mail_opens_the_page_itself(tokens: Tokens, noon: datetime) -> None:
    held = [tokens.manage(12), tokens.leave(12), tokens.taste(12, 1, True), tokens.address_old(12, noon)]
    for token in held:
        with pytest.raises(Tampered):
            tokens.read_opened(token, noon)
    with pytest.raises(Tampered):
        tokens.read_manage(tokens.leave(12))
