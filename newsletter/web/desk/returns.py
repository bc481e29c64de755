"""What came back, for those who send: dead addresses, full mailboxes, blocks of us, complaints. It shows and changes nothing."""

from dataclasses import dataclass
from itertools import chain

from flask import Blueprint, Response, render_template, request

from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.web.guard import signed_in
from blog.web.wiring import house
from newsletter.returns import reading
from newsletter.returns.judging import Kind
from newsletter.returns.reading import Back
from newsletter.subscribers import filtering
from newsletter.subscribers.exporting import guarded
from newsletter.web.desk import downloads

blueprint = Blueprint("desk_returns", __name__, url_prefix="/studio/readers/returns")

KINDS = {
    Kind.HARD: "Dead address",
    Kind.SOFT: "Not for now",
    Kind.BLOCK: "Blocks us",
    Kind.COMPLAINT: "Called spam",
}
WAYS = {
    "imap": "from the mailbox",
    "listener": "by the listener",
    "smtp": "while sending",
    "ses": "by Amazon SES",
    "mailgun": "by Mailgun",
    "postmark": "by Postmark",
    "sendgrid": "by SendGrid",
    "generic": "by a webhook",
}


COLUMNS = ("when", "address", "kind", "code", "words", "way", "counted", "consequence", "edition")


@dataclass(frozen=True)
class Asked:
    """What an address line narrows to; empty and 0 mean all."""

    kind: str
    edition_id: int

    @property
    def pairs(self) -> dict[str, str]:
        pairs = {"kind": self.kind, "edition": str(self.edition_id or "")}
        return {name: text for name, text in pairs.items() if text}


@blueprint.get("")
@signed_in(Right.SEND)
def listing(_by: Person) -> str:
    asked = _asked()
    backs = reading.listing(house().db, clock.now(), asked.kind, asked.edition_id)
    return render_template(
        "newsletter/web/desk/returns.html",
        backs=backs,
        asked=asked,
        kinds=KINDS,
        ways=WAYS,
        most=reading.MOST,
    )


@blueprint.get("/export.csv")
@signed_in(Right.SEND)
def export(_by: Person) -> Response:
    asked = _asked()
    found = reading.every(house().db, asked.kind, asked.edition_id)
    return downloads.table("came-back", chain([COLUMNS], map(_line, found)))


def _asked() -> Asked:
    kind = request.args.get("kind", "")
    return Asked(kind if kind in KINDS else "", filtering.number(request.args.get("edition", "")))


def _line(back: Back) -> tuple[str, ...]:
    ended = ("sending paused" if back.kind is Kind.BLOCK else "no more mail") if back.stopped else ""
    cells = (
        back.at.isoformat(), back.address, back.kind.value, back.code, back.words, back.via,
        "no" if back.is_warning else "yes", ended, str(back.edition_id or ""),
    )  # fmt: skip
    return tuple(map(guarded, cells))
