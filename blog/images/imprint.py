"""The words that go along inside every file made of a picture: whose work it is and what one may do with it."""

import hashlib
import re
from typing import Protocol
from xml.sax.saxutils import escape

_BEGIN = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
_CC = re.compile(r"CC (BY(?:-[A-Z]{2})*) ([1-4]\.\d)")


class Words(Protocol):
    @property
    def title(self) -> str: ...
    @property
    def credit(self) -> str: ...
    @property
    def rights(self) -> str: ...
    @property
    def licence(self) -> str: ...
    @property
    def source_url(self) -> str: ...


def packet(of: Words) -> str:
    """An XMP packet, or nothing where nothing is known."""
    address = _address_of(of.licence)
    said = [
        _one_language("dc:title", of.title),
        _one_language("dc:rights", of.rights),
        _one_language("xmpRights:UsageTerms", of.licence),
        _element("photoshop:Credit", of.credit),
        _element("dc:source", of.source_url),
        _element("xmpRights:WebStatement", address),
    ]
    if not any(said):
        return ""
    return (
        f'{_BEGIN}<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/">'
        f'{"".join(said)}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
    )


def imprint_of(words: Words) -> str:
    """Tells whether renditions carry today's words."""
    return hashlib.sha256(packet(words).encode()).hexdigest()


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>" if text else ""


def _one_language(name: str, text: str) -> str:
    inside = f'<rdf:Alt><rdf:li xml:lang="x-default">{escape(text)}</rdf:li></rdf:Alt>'
    return f"<{name}>{inside}</{name}>" if text else ""


def _address_of(licence: str) -> str:
    if found := _CC.fullmatch(licence):
        return f"https://creativecommons.org/licenses/{found[1].lower()}/{found[2]}/"
    return "https://creativecommons.org/publicdomain/zero/1.0/" if licence in ("CC0", "CC0 1.0") else ""
