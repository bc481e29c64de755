"""The demo mailbox: every mail that left the house while no mail server is set. For administrators, since it holds links of all kinds."""

from flask import Blueprint, Response, render_template

from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.refusals import NotFound
from blog.web.guard import signed_in
from blog.web.wiring import house
from newsletter.delivery import mailbox
from newsletter.web.archive import page_number
from newsletter.web.desk import screens

blueprint = Blueprint("desk_mailbox", __name__, url_prefix="/studio/mailbox")
PAGE = 30


@blueprint.get("")
@signed_in(Right.MANAGE)
def listing(_by: Person) -> str:
    _check_in_use()
    number = page_number()
    found = mailbox.mails(house().settings.mailbox, (number - 1) * PAGE, PAGE + 1)
    return render_template(
        "newsletter/web/desk/mailbox.html", mails=found[:PAGE], number=number, has_more=len(found) > PAGE
    )


@blueprint.get("/<mail_id>")
@signed_in(Right.MANAGE)
def one(_by: Person, mail_id: str) -> str:
    _check_in_use()
    mail = mailbox.one(house().settings.mailbox, mail_id)
    return render_template(
        "newsletter/web/desk/mail.html", mail=mail, view=screens.view(), views=screens.VIEWS
    )


@blueprint.get("/<mail_id>/body")
@signed_in(Right.MANAGE)
def body(_by: Person, mail_id: str) -> Response:
    """The mail as a mail program would show it, on a page that can do nothing."""
    _check_in_use()
    mail = mailbox.one(house().settings.mailbox, mail_id)
    kind = screens.view()
    return screens.plain(mail.text) if kind == "text" or not mail.html else screens.screen(mail.html, kind)


def _check_in_use() -> None:
    if house().settings.smtp_url:
        raise NotFound("Mail goes to the mail server, so nothing is caught here.")
