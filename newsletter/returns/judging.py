"""What a mail server's words about a letter mean: a dead address, one that takes nothing for now, or a server that wants nothing of us.

Pure. It follows RFC 3463 (enhanced codes) where they can be trusted; "5xx" alone does not mean dead, so whatever is unclear is soft.
A wrong "hard" loses a reader, a wrong "soft" costs three more mails.
"""

import re
from enum import StrEnum


class Kind(StrEnum):
    HARD = "hard"
    """The address is dead."""
    SOFT = "soft"
    """It takes nothing for now: a full mailbox, a server in trouble, a letter too long."""
    BLOCK = "block"
    """The server refuses us, not the reader: spam, reputation, policy, too many."""
    COMPLAINT = "complaint"
    NOTHING = "nothing"
    """Delivered after all, an absence note, or no report at all."""


LONGEST = 2_000
"""Characters of a server's words that are looked at."""

_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d.])([45]\d\d)(?=[ \-:;,)#]|$)")

_HELD_UP = re.compile(
    r"try again later|temporar(y|ily)|(receiving|getting) (mail|messages) (too|at a rate)|connection (timed out|refused|reset)|lost connection"
    r"|\b(message|mail|size)\b.{0,40}(too (large|big)|exceeds|maximum)|maximum (hop|message)|\bloop(s|ing)?\b",
    re.IGNORECASE,
)
_NOT_NOW = re.compile(
    r"gr[ea]y.?list|\bis (currently |already |almost )?full\b|(mail\s?box|inbox|account|box|store|postfach)[ :_-]{1,3}full\b|\bfull (mail\s?box|inbox)|(ist|est) (voll|pleine)\b"
    r"|over[\s-]?(its )?quota|quota.{0,20}(exceed|full)|(exceed|out of|insufficient).{0,30}(quota|storage|space|limit on)|out of storage|storage (limit|quota)|exhausted .{0,20}storage|too many (messages|mails) on|disk full|容量|已满|переполнен",
    re.IGNORECASE,
)
_ABOUT_US = re.compile(
    r"\bspam|spamhaus|spamcop|barracuda|sorbs|proofpoint|mimecast|cloudmark|trend ?micro|\b(dns|r)bl\b|(block|black|deny) ?list|\bblocked\b|bannedlist"
    r"|reputation|unsolicited|\bbulk\b|user complaints|suspicious|phish|malware|virus|\bpolicy|policies|prohibit|administratively"
    r"|\bspf\b|\bdkim\b|\bdmarc\b|unauthenticated|authenticat|\bptr\b|reverse (dns|name|host|lookup)|rdns|\bhelo\b"
    r"|rate.?limit|too many|too fast|frequency|volume|throttl|relay(ing)? (access )?(denied|not)|unable to relay|sender.{0,40}(reject|denied|verif|not exist|unknown|block|invalid)|(domain of )?sender address"
    r"|content.{0,20}reject|message.{0,20}(reject|refused|denied) (due|because|by)|not authori[sz]ed|access denied.{0,40}banned|5\.7\.(515|26|25|27|509)|\bAUP#|\bTSS\d|\bRP-00\d|\bOU-00\d|\bSC-00\d|\bDY-00\d|\bCS01\b|\bHVU",
    re.IGNORECASE,
)
_DEAD = re.compile(
    r"no such (user|mailbox|recipient|address|account|person|local user|email)|(user|recipient|mailbox|mail ?box|account|address|alias|destinataire)[^.]{0,60}(unknown|not found|not exist|no longer (exist|valid|in use|active|available)|not (listed|known|recogni[sz]ed|valid)|non.?existent|inconnu)"
    r"|unknown[ -](user|recipient|mailbox|local|address|account|or illegal)|(invalid|nonexistent|bad|unrouteable|unroutable) (recipient|mailbox|user|account|destination|address)|does(n't| not) (exist|have (a|an) [\w.-]+ account)|isn't a valid|is not a (valid )?(mailbox|user|recipient)"
    r"|no mailbox (here|by that name)|not our customer|isn't in my (control/locals|validrcptto)|user(name)? doesn't|recipientnotfound|resolver\.adr\.\w*notfound|S2017062302|requested action not taken: mailbox unavailable|not a (known|valid) (user|recipient|address)"
    r"|(account|mailbox|mail ?box|address|user)[^.]{0,50}(disabled|deactivated|inactive|suspended|closed|terminated|discontinued|expired|has been deleted|abandoned)|account that you tried to reach (does not|is (disabled|inactive))"
    r"|unbekannt|existiert nicht|不存在|无效|нет такого|не существует|не найден",
    re.IGNORECASE,
)
_DEAD_CODES = {(1, 1), (1, 2), (1, 3), (1, 6), (1, 10), (2, 1)}
"""After the 5: bad mailbox, bad system, bad syntax, moved away, a domain that takes no mail, mailbox disabled."""
_SENDER_CODES = {(1, 7), (1, 8)}
_EDGE = re.compile(
    r"recipient address rejected: access denied.{0,40}AS\(2018|AS\(2018.{0,80}recipient address rejected",
    re.I | re.S,
)
"""How Exchange Online says that a directory has no such recipient."""


def judge(words: str, status: str = "") -> tuple[Kind, str]:
    """The kind and the code behind it. ``status`` is the report's own enhanced code; one in the server's words is nearer the truth."""
    words = words[:LONGEST]
    enhanced = _code_in(words, status)
    reply = _REPLY.search(words)
    code = ".".join(enhanced) if enhanced else reply[1] if reply else ""
    said = _plain(words)
    if _EDGE.search(said) and code.startswith("5"):
        return Kind.HARD, code
    if _NOT_NOW.search(said):
        return Kind.SOFT, code
    if _ABOUT_US.search(said):
        return Kind.BLOCK, code
    if code.startswith("4") or (not enhanced and reply and reply[1].startswith("4")):
        return (Kind.BLOCK if code.startswith("4.7.") and not _HELD_UP.search(said) else Kind.SOFT), code
    if _HELD_UP.search(said):
        return Kind.SOFT, code
    if _DEAD.search(said):
        return Kind.HARD, code
    return _by_code(enhanced), code


def says_nothing_of_the_address(words: str, code: str) -> bool:
    """A letter that is too long, or goes in circles, is refused by any mailbox."""
    return code in ("5.2.3", "5.3.4", "5.4.6", "4.4.6", "5.4.14") or bool(
        re.search(r"(message|mail|size).{0,40}(too (large|big)|exceeds .{0,20}(size|limit))", words, re.I)
    )


def _code_in(words: str, status: str) -> tuple[str, str, str] | None:
    """A code that says no more than its first digit gives way to one that does."""
    found = [match.groups() for text in (words, status) for match in _ENHANCED.finditer(text)]
    failed = [code for code in found if code[0] != "2"]
    telling = [code for code in failed if code[1:] != ("0", "0")]
    chosen = (telling or failed)[:1]
    return (chosen[0][0], chosen[0][1], chosen[0][2]) if chosen else None


def _by_code(enhanced: tuple[str, str, str] | None) -> Kind:
    if enhanced is None or enhanced[0] != "5":
        return Kind.SOFT
    detail = (int(enhanced[1]), int(enhanced[2]))
    if detail in _DEAD_CODES:
        return Kind.HARD
    return Kind.BLOCK if enhanced[1] == "7" or detail in _SENDER_CODES else Kind.SOFT


def _plain(words: str) -> str:
    """Without addresses and links: an address like ``spam@`` and a page about policies say nothing."""
    return re.sub(r"\S*@\S+|https?://\S+", " ", words)
