"""At which addresses a mail arrived, as far as its own headers tell: a mailbox keeps no envelope. Called by ``mailbox_imap``."""

from newsletter.returns.mime import headers, parse
from newsletter.returns.originals import ADDRESS

_NAMES = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To", "To", "Cc")


def arrived_at(raw: bytes) -> tuple[str, ...]:
    values = [value for _, value in headers(parse(raw), *_NAMES)]
    return tuple(dict.fromkeys(address for value in values for address in ADDRESS.findall(value)))
