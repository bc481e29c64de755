"""What came back, for those who send: dead addresses, full mailboxes, blocks of us, complaints. It shows and changes nothing."""

from flask import Blueprint, render_template, request

from blog import clock
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.web.guard import signed_in
from blog.web.wiring import house
from newsletter.returns import reading
from newsletter.returns.judging import Kind

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


@blueprint.get("")
@signed_in(Right.SEND)
def listing(_by: Person) -> str:
    kind = request.args.get("kind", "")
    kind = kind if kind in KINDS else ""
    backs = reading.listing(house().db, clock.now(), kind)
    return render_template(
        "newsletter/web/desk/returns.html", backs=backs, kind=kind, kinds=KINDS, ways=WAYS, most=reading.MOST
    )
