"""Postmark: many letters in one request, each told in Postmark's own words, for it takes no finished mail.

It answers 200 for the request and says of each letter what became of it. It keeps our Message-ID, sets its own return path, signs by
itself, and is told to leave links alone and count nothing.
https://postmarkapp.com/developer/user-guide/send-email-with-api/batch-emails
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message
from email.policy import default
from functools import lru_cache
from json import dumps
from typing import Any, TypeAlias

from newsletter.delivery.parcels import Parcel
from newsletter.delivery.providers import meaning
from newsletter.delivery.providers.http import Reply, Request
from newsletter.delivery.verdicts import Answer

MOST, USUAL = 500, 50
"""Letters in one request: what Postmark takes, and what we give. When the line breaks, all of them are in doubt."""
STREAM = "broadcast"
_READ = {"from", "subject", "reply-to"}
_OWN = _READ | {"to", "cc", "bcc", "date", "dkim-signature"}
"""Headers that have a field of their own, or that Postmark writes itself; so it does with MIME's."""
_READER, _INACTIVE = 300, 406
_SENDER = (400, 401)
_US = (10, 405, 412, 413, 1221, 1235)
_BUSY = (100, 429)

Mail: TypeAlias = "Message[str, str]"


class Postmark:
    def __init__(self, token: str, stream: str = STREAM, most: int = USUAL) -> None:
        self.secret, self.most = token, most
        self._stream = stream

    def write(self, parcel: Parcel) -> bytes:
        try:
            told = _told(parcel, message_from_bytes(parcel.message), self._stream)
            return dumps(told).encode()
        except (LookupError, TypeError, AttributeError, MessageError) as error:
            raise ValueError("not a mail of ours") from error

    def ask(self, written: Sequence[bytes], now: datetime) -> Request:
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "X-Postmark-Server-Token": self.secret,
        }
        return Request("/email/batch", headers, b"[" + b",".join(written) + b"]")

    def answers(self, reply: Reply, number: int) -> Sequence[Answer]:
        said = meaning.told(reply)
        if reply.status == 200 and isinstance(said, list):
            return [_answer(each) for each in said]
        if reply.status < 500 and isinstance(said, Mapping) and said.get("ErrorCode"):
            words, code = _words(said), said["ErrorCode"]
            # Of many letters nobody could say which one is meant.
            one = meaning.about_content(words) if code in (_READER, _INACTIVE) else _refusal(code, words)
        else:
            one = meaning.by_status(reply)
        return [one] * number


def _told(parcel: Parcel, message: Mail, stream: str) -> dict[str, Any]:
    headers = [(name, "".join(value.splitlines())) for name, value in message.items()]
    read = {name.lower(): _read(name.lower(), value) for name, value in headers if name.lower() in _READ}
    told: dict[str, Any] = {
        "From": read.get("from", parcel.sender),
        "To": parcel.recipient,
        "Subject": read.get("subject", ""),
        "MessageStream": stream,
        "TrackOpens": False,
        "TrackLinks": "None",
        "Headers": [
            {"Name": name, "Value": value}
            for name, value in headers
            if name.lower() not in _OWN and not name.lower().startswith(("content-", "mime-"))
        ],
    }
    told["Headers"].append({"Name": "X-PM-KeepID", "Value": "true"})
    if "reply-to" in read:
        told["ReplyTo"] = read["reply-to"]
    for part in message.walk():
        if not part.is_multipart():
            told[_field(part)] = _text(part)
    return told


@lru_cache(256)
def _read(name: str, value: str) -> str:
    """A header without its encoding. The letters of an edition share theirs, and reading one takes a while."""
    return str(default.header_factory(name, value))


def _text(part: Mail) -> str:
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode(part.get_content_charset("utf-8")).replace("\r\n", "\n")


def _field(part: Mail) -> str:
    fields = {"text/plain": "TextBody", "text/html": "HtmlBody"}
    return fields[part.get_content_type()]


def _answer(said: Any) -> Answer:
    code = said.get("ErrorCode") if isinstance(said, Mapping) else None
    if type(code) is not int:
        return meaning.unreadable()
    if code:
        return _refusal(code, _words(said))
    id_ = meaning.text(said, "MessageID")
    return meaning.accepted(id_) if id_ else meaning.unreadable()


def _words(said: Mapping[str, Any]) -> str:
    return f"Postmark {said.get('ErrorCode')}: {meaning.text(said, 'Message')}"


def _refusal(code: Any, words: str) -> Answer:
    if code == _INACTIVE:
        # In words of our own: Postmark's name every reason there may be, spam too, which is then read as a block of us.
        return meaning.about_reader("Postmark 406: it has stopped mail to this address.", "5.2.1")
    if code == _READER and "'To'" in words:
        return meaning.about_reader(words)
    if code in _SENDER or (code == _READER and "'From'" in words):
        return meaning.about_sender(words)
    if code in _US:
        return meaning.about_us(words)
    return meaning.busy(words) if code in _BUSY else meaning.about_content(words)
