"""What stands between a public form and the letter box: how often one network may knock, and a puzzle while very many do at once.

Called by the sign-up form, the embedded one and the interface for programs.
"""

from datetime import datetime

from blog import clock, tally
from blog.refusals import TooMany
from blog.web.limits import throttle
from blog.web.wiring import house
from newsletter.subscribers import address as addresses
from newsletter.subscribers import proof
from newsletter.web import wiring

TRIES, MINUTES = 10, 10
"""From one network."""
RUSH = "Many are signing up just now. Wait 30 seconds, then press once more."


class Rush(TooMany):
    """More sign-ups than usual over all networks: this one must show that somebody is behind it. ``ticket`` is what to answer."""

    def __init__(self, address: str, ticket: str) -> None:
        super().__init__(RUSH, int(proof.WAIT.total_seconds()))
        self.address = address
        self.ticket = ticket


def count_try() -> None:
    """Raises TooMany."""
    throttle("sign up", TRIES, MINUTES)


def let_in(typed: str, ticket: str, nonce: str, at: datetime) -> None:
    """Counts one more sign-up of all networks together. Raises Rush where there were too many and this one brings no proof."""
    try:
        tally.count(
            house().db, "sign-ups of all networks", house().settings.signup_rush, MINUTES, clock.now()
        )
    except TooMany:
        address, secret = addresses.read(typed), wiring.secret()
        if proof.passes(secret, ticket, nonce, address.key, at):
            return
        # One that is pressed too early keeps its ticket, so that the half minute does not begin anew.
        is_waiting = proof.age_of(secret, ticket, address.key, at) is not None
        raise Rush(address.text, ticket if is_waiting else proof.ticket(secret, address.key, at)) from None
