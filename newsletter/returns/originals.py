"""What a report shows of the mail that it is about: the traces by which our own letter is known. Called by ``reports``."""

import re
from dataclasses import dataclass

from newsletter.returns.mime import Mail, header, headers, inside, parse_head, parts, report_text, text_of

ADDRESS = re.compile(r"[A-Za-z0-9_][A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{0,63}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_MESSAGE_ID = re.compile(r"<(\d{1,18}\.\d{9,11}\.[a-z]{1,20}\.[0-9a-f]{16}@[^<>\s]{1,253})>")
"""In the form of our letters; whether it is ours its signature says."""
_RETURN_PATH = re.compile(
    r"^(?:return-path|x-envelope-from|envelope-from):\s*<?([^<>\s]+@[^<>\s]+)", re.I | re.M
)


@dataclass(frozen=True)
class Original:
    message_id: str = ""
    """Without its brackets."""
    return_path: str = ""
    recipient: str = ""


def original(mail: Mail) -> Original:
    """Of the quoted mail or its headers; failing that, of what the report's text and its own threading headers show."""
    quoted = _quoted(mail)
    text = quoted or report_text(mail)
    threaded = f"{header(mail, 'In-Reply-To')} {header(mail, 'References')}"
    head = parse_head(quoted.lstrip()) if quoted else None
    message_id = _MESSAGE_ID.search(text) or _MESSAGE_ID.search(threaded)
    return_path = _RETURN_PATH.search(text)
    return Original(
        message_id[1] if message_id else "",
        return_path[1] if return_path else "",
        _recipient(head) if head is not None else "",
    )


def address_in(value: str) -> str:
    """The first address in a header or field such as ``rfc822; reader@example.org``."""
    found = ADDRESS.search(value)
    return found[0] if found else ""


def _quoted(mail: Mail) -> str:
    for part in parts(mail):
        if part.get_content_type() in (
            "text/rfc822-headers",
            "message/rfc822-headers",
            "message/global-headers",
        ):
            return text_of(part)
        if part.get_content_type() in ("message/rfc822", "message/global"):
            inner = next(iter(inside(part)), None)
            return "\n".join(map(": ".join, headers(inner))) if inner is not None else text_of(part)
    return ""


def _recipient(head: Mail) -> str:
    names = ("X-HmXmrOriginalRecipient", "To", "Delivered-To")
    return next((found for name in names if (found := address_in(header(head, name)))), "")
