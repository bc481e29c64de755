"""Mailgun: messages.mime with the whole mail as we wrote it, one letter a request. Its rewriting of links is turned off.

https://documentation.mailgun.com/docs/mailgun/api-reference/send/mailgun/messages
"""

import re
import secrets
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote

from newsletter.delivery.parcels import Parcel
from newsletter.delivery.providers import meaning
from newsletter.delivery.providers.http import Reply, Request
from newsletter.delivery.verdicts import Answer

_TO = re.compile(r"'to' parameter is not a valid address", re.IGNORECASE)
_FROM = re.compile(r"'from' parameter", re.IGNORECASE)
_LIMIT = 420
"""Mailgun's own number for an account that has sent what it may for now."""
_OFF = ("o:tracking", "o:tracking-clicks", "o:tracking-opens")


class Mailgun:
    most = 1

    def __init__(self, key: str, domain: str) -> None:
        self.secret = key
        self._target = f"/v3/{quote(domain, safe='')}/messages.mime"
        self._authorization = "Basic " + b64encode(f"api:{key}".encode()).decode()

    def write(self, parcel: Parcel) -> bytes:
        """multipart/form-data (RFC 7578); the boundary stands in the first line, where ``ask`` reads it."""
        boundary = secrets.token_hex(16).encode()
        fields = [("to", parcel.recipient), *((name, "no") for name in _OFF)]
        lines = [
            b'--%b\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n'
            % (boundary, name.encode(), value.encode())
            for name, value in fields
        ]
        file = (
            b'--%b\r\nContent-Disposition: form-data; name="message"; filename="mail.eml"\r\n'
            b"Content-Type: message/rfc822\r\n\r\n%b\r\n--%b--\r\n" % (boundary, parcel.message, boundary)
        )
        return b"".join([*lines, file])

    def ask(self, written: Sequence[bytes], now: datetime) -> Request:
        (body,) = written
        boundary = body.partition(b"\r\n")[0][2:].decode()
        headers = {
            "Authorization": self._authorization,
            "Content-Type": f"multipart/form-data; boundary={boundary}",
        }
        return Request(self._target, headers, body)

    def answers(self, reply: Reply, number: int) -> Sequence[Answer]:
        return [_answer(reply)]


def _answer(reply: Reply) -> Answer:
    said = meaning.told(reply)
    words = meaning.text(said, "message")
    if 200 <= reply.status < 300:
        id_ = meaning.text(said, "id")
        return meaning.accepted(id_) if id_ else meaning.unreadable()
    if reply.status == 400 and _TO.search(words):
        return meaning.about_reader(words)
    if reply.status == 400 and _FROM.search(words):
        return meaning.about_sender(words)
    if reply.status == _LIMIT:
        return meaning.busy(words)
    return meaning.by_status(reply, words)
