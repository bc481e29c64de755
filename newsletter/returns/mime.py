"""Taking a mail apart that strangers' software wrote: whatever is broken in it, reading goes on. Called by ``reports``."""

import html
import re
from collections.abc import Iterator
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser, HeaderParser
from email.policy import compat32
from typing import Any, TypeAlias

MOST = 256 * 1024
"""Bytes of a mail that are looked at; what a report has to say stands at its beginning."""
MOST_PARTS = 60
MOST_TEXT = 32 * 1024
MOST_HEADER = 4_000
_TAGS = re.compile(
    r"<(script|style)\b.{0,2000}?</\1>|<br\s{0,9}/?>|</(p|div|tr|td|li|h\d)>|<[^<>]*>", re.S | re.I
)

Mail: TypeAlias = "Message[Any, Any]"


def parse(raw: bytes) -> Mail:
    # The old policy: the new one raises on headers that it cannot understand.
    try:
        return BytesParser(policy=compat32).parsebytes(raw[:MOST])
    except RecursionError:  # Parts within parts within parts: no report looks so.
        return BytesParser(policy=compat32).parsebytes(raw[:MOST], headersonly=True)


def parse_head(text: str) -> Mail:
    return HeaderParser(policy=compat32).parsestr(text)


def header(mail: Mail, name: str) -> str:
    """On one line, decoded; empty where there is none."""
    found = next((value for known, value in mail.raw_items() if known.lower() == name.lower()), "")
    # What stands there unencoded is nearly always UTF-8; the parser keeps such bytes as lone surrogates.
    value = str(found)[:MOST_HEADER].encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    try:
        text = str(make_header(decode_header(value))) if "=?" in value else value
    except (ValueError, LookupError, AssertionError):
        text = value
    return " ".join(text.replace("\0", "").split())


def parts(mail: Mail) -> Iterator[Mail]:
    """The parts of the report itself: what lies inside a mail that is quoted whole is not the report's."""
    waiting = [mail]
    for _ in range(MOST_PARTS):
        if not waiting:
            return
        part = waiting.pop(0)
        payload = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(payload, list):
            waiting = [p for p in payload[:MOST_PARTS] if isinstance(p, Message)] + waiting
        else:
            yield part


def blocks(part: Mail) -> list[Mail]:
    """The groups of fields in a delivery status or feedback report."""
    payload = part.get_payload()
    if isinstance(payload, list):
        found = [block for block in payload[:MOST_PARTS] if isinstance(block, Message)]
        if any(block.keys() for block in found):
            return found
    return [parse_head(group) for group in re.split(r"\n\s*\n", text_of(part)) if group.strip()]


def text_of(part: Mail) -> str:
    """The words of a part, HTML without its tags."""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        inner = part.get_payload()
        first = inner[0] if isinstance(inner, list) and inner else None
        words = first.get_payload() if isinstance(first, Message) else ""
        payload = words.encode("utf-8", "replace") if isinstance(words, str) else b""
    try:
        text = payload.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
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
