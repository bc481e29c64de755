"""Taking a mail apart that strangers' software wrote: whatever is broken in it, reading goes on. Called by ``reports``."""

import copy
import html
import re
from collections.abc import Iterator, Sequence
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser, HeaderParser
from email.policy import Compat32
from itertools import islice
from typing import Any, TypeAlias

MOST = 256 * 1024
"""Bytes of a mail that are looked at; what a report has to say stands at its beginning."""
MOST_PARTS = 60
MOST_TEXT = 32 * 1024
MOST_HEADER = 4_000
MOST_HEADERS = 300
BROKEN = (ValueError, LookupError, TypeError, AssertionError, MessageError)
"""What the standard library raises where a charset or an encoding is nonsense."""
_TAGS = re.compile(
    r"<(script|style)\b.{0,2000}?</\1>|<br\s{0,9}/?>|</(p|div|tr|td|li|h\d)>|<[^<>]*>", re.S | re.I
)

Mail: TypeAlias = "Message[Any, Any]"


class _Bounded(Compat32):
    """The old policy, for the new one raises on headers that it cannot understand. The parser takes a header's parameters apart in
    quadratic time, so what is too long to be one is cut before."""

    def header_source_parse(self, sourcelines: Sequence[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(list(sourcelines))
        return name, value[:MOST_HEADER]


_POLICY = _Bounded()


def parse(raw: bytes) -> Mail:
    try:
        return BytesParser(policy=_POLICY).parsebytes(raw[:MOST])
    except RecursionError:  # Parts within parts within parts: no report looks so.
        return BytesParser(policy=_POLICY).parsebytes(raw[:MOST], headersonly=True)


def parse_head(text: str) -> Mail:
    return HeaderParser(policy=_POLICY).parsestr(text)


def header(mail: Mail, name: str) -> str:
    """On one line, decoded; empty where there is none."""
    return next((value for _, value in headers(mail, name)), "")


def headers(mail: Mail, *names: str) -> Iterator[tuple[str, str]]:
    """Names and values, each on one line and decoded; without ``names`` all of them, as far as a mail may have so many."""
    wanted = {name.lower() for name in names}
    chosen = (item for item in mail.raw_items() if not wanted or item[0].lower() in wanted)
    for name, value in islice(chosen, MOST_HEADERS):
        yield name, _decoded(value)


def _decoded(found: object) -> str:
    # What stands there unencoded is nearly always UTF-8; the parser keeps such bytes as lone surrogates.
    value = str(found)[:MOST_HEADER].encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    try:
        text = str(make_header(decode_header(value))) if "=?" in value else value
    except BROKEN:
        text = value
    return " ".join(text.replace("\0", "").split())


def parts(mail: Mail) -> Iterator[Mail]:
    """The parts of the report itself: what lies inside a mail that is quoted whole is not the report's."""
    waiting = [mail]
    for _ in range(MOST_PARTS):
        if not waiting:
            return
        part = waiting.pop(0)
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting = inside(part) + waiting
        else:
            yield part


def inside(part: Mail) -> list[Mail]:
    """The mails or groups of fields that a part consists of; none where it is mere text."""
    # Asked for the text of a part with a strange charset, the parser raises; so it is asked for lists alone.
    payload: Any = part.get_payload() if part.is_multipart() else []
    return [one for one in payload[:MOST_PARTS] if isinstance(one, Message)]


def blocks(part: Mail) -> list[Mail]:
    """The groups of fields in a delivery status or feedback report."""
    found = inside(part)
    if any(block.keys() for block in found):
        return found
    return [parse_head(group) for group in re.split(r"\n\s*\n", text_of(part)) if group.strip()]


def text_of(part: Mail) -> str:
    """The words of a part, HTML without its tags."""
    payload = _payload(part)
    try:
        text = payload.decode(part.get_content_charset() or "utf-8", "replace")
    except BROKEN:
        text = payload.decode("utf-8", "replace")
    text = text[:MOST_TEXT]
    if part.get_content_subtype() == "html":
        text = html.unescape(_TAGS.sub(lambda tag: "\n" if not tag[1] and tag[0][1:2] != "a" else " ", text))
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def report_text(mail: Mail) -> str:
    """What the report says to a person: its plain words, or those of its HTML."""
    words = [part for part in parts(mail) if part.get_content_type() in ("text/plain", "text/html")]
    plain = [part for part in words if part.get_content_type() == "text/plain"]
    return "\n".join(text_of(part) for part in (plain or words)[:3])


def _payload(part: Mail) -> bytes:
    """What stands in a part, decoded; of a mail that is quoted whole, what stands in that."""
    part = next(iter(inside(part)), part)
    if part.is_multipart():
        return b""
    try:
        payload = part.get_payload(decode=True)
    except BROKEN:
        bare = copy.copy(part)
        del bare["Content-Type"]
        payload = bare.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""
