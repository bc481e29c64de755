"""At which addresses a mail arrived, as far as its own headers tell: a mailbox keeps no envelope. Called by ``mailbox_imap``."""

from email.utils import getaddresses

from newsletter.returns.mime import header, parse

_NAMES = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To", "To", "Cc")


def arrived_at(raw: bytes) -> tuple[str, ...]:
    mail = parse(raw)
    values = [str(value) for name in _NAMES for value in mail.get_all(name, [])] or [header(mail, "To")]
    return tuple(dict.fromkeys(address for _, address in getaddresses(values) if address))
