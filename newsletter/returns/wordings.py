"""Reports in free words: qmail, old Exchange, Exim, and the large systems' own letters of regret. Called by ``reports``.

A mail is taken for a report only when a mail system sent it or its subject says so, and never when it is somebody's automatic answer.
"""

import re
from dataclasses import dataclass

from newsletter.returns.mime import Mail, header, inside, parts, report_text
from newsletter.returns.originals import ADDRESS, address_in

_DAEMON = re.compile(
    r"^(mailer-?daemon|mail-?daemon|postmaster|mail[-.]?delivery|maildelivery|delivery|mdaemon|noreply-bounce|bounces?)\b|mail delivery (sub)?system|mail administrator",
    re.I,
)
_SUBJECT = re.compile(
    r"undeliver|delivery (status|fail|has failed|problem|error|delayed|incomplete)|fail(ed|ure) (notice|delivery|to deliver)|returned (mail|to sender)|mail (delivery|system) (fail|error)"
    r"|non.?delivery|could ?n[o']t be delivered|not delivered|message (delayed|not delivered)|unzustellbar|nicht zugestellt|non remis|退信|退回|недоставлен|не доставлен|mail delivery",
    re.I,
)
_AUTOMATIC = re.compile(
    r"^(re: |aw: )*(out of (the )?office|automatic reply|auto(matische)?[ -]?(reply|response|antwort)|autoreply|abwesen|away from|on (vacation|leave|holiday)|vacation|i am away"
    r"|réponse automatique|absence|respuesta automática|risposta automatica|automatisch antwoord|автоответ|自动回复|(please )?(confirm|verify) your (message|e?mail)|challenge|thank you for (your|contacting))",
    re.I,
)
_CHALLENGE = re.compile(
    r"(verify|confirm|prove) (that )?you are (a )?(human|person|real)|approved senders? list|to deliver your message.{0,40}click",
    re.I | re.S,
)
_LATE = re.compile(
    r"warning message only|do(es)? not need to (resend|be resent)|(will|shall) (continue|keep|be retried|try|retry)|has been delayed|not yet been delivered|still (being|trying)|delayed \d+ hours|will be retried",
    re.I,
)
_FOREVER = re.compile(r"permanent|giving up|given up|gave up|no longer|failed permanently", re.I)
_END = re.compile(
    r"\n[-=_ >]*(below this line is a copy|this is a copy of|included is a copy|a copy of the (original|returned)|original (message|mail|e-?mail)|returned message|unsent message|"
    r"undelivered message|message headers? follow|here is (a|your)|the (original|header)|ursprüngliche|message d.origine|转发|原邮件|forwarded message).*",
    re.I | re.S,
)


@dataclass(frozen=True)
class Told:
    recipient: str
    words: str
    """From the recipient's address on: here nearly all systems put the reason."""
    around: str
    is_late: bool
    """A warning; the system goes on trying."""


def read(mail: Mail) -> Told | None:
    """None where it is no report."""
    subject, sender = header(mail, "Subject"), header(mail, "From")
    if is_automatic(mail, subject) or not (_is_system(sender) or _SUBJECT.search(subject)):
        return None
    text = _cut(report_text(mail))
    if _CHALLENGE.search(text) or not text.strip():
        return None
    recipient = _recipient(mail, text, sender)
    around = " ".join(text.split())[:1500]
    is_late = bool(_LATE.search(text)) and not _FOREVER.search(text)
    return Told(recipient, reason(text, recipient) or around[:700], around, is_late)


def is_automatic(mail: Mail, subject: str) -> bool:
    """An absence note and its like: a person's mailbox answered, so it is alive."""
    marks = ("X-Autoreply", "X-Autorespond", "X-Auto-Response-From", "X-Vacation", "X-Mail-Autoreply")
    if _AUTOMATIC.search(subject) or any(header(mail, name) for name in marks):
        return True
    if header(mail, "Precedence").lower() in ("auto_reply", "auto-reply", "vacation"):
        return True
    replied = header(mail, "Auto-Submitted").lower().startswith("auto-replied")
    return replied and not (_is_system(header(mail, "From")) or _SUBJECT.search(subject))


def is_complaint(mail: Mail) -> bool:
    """Outlook.com's older form: no feedback report, but a header on the mail that is quoted."""
    if not header(mail, "From").lower().rstrip(">").endswith("staff@hotmail.com"):
        return False
    quoted = [inside(part)[:1] for part in parts(mail) if part.get_content_type() == "message/rfc822"]
    return any(header(one, "X-HmXmrOriginalRecipient") for first in quoted for one in first)


def reason(text: str, recipient: str) -> str:
    """What stands behind the recipient's address in a report's text, on one line."""
    start = text.lower().find(recipient.lower()) if recipient else -1
    if start < 0:
        return ""
    said = _cut(text[start + len(recipient) :]).lstrip(" >:)]\n'\"")
    return " ".join(said.split())[:700]


def _cut(text: str) -> str:
    return _END.sub("", "\n" + text)


def _is_system(sender: str) -> bool:
    return bool(_DAEMON.search(address_in(sender)) or _DAEMON.search(sender))


def _recipient(mail: Mail, text: str, sender: str) -> str:
    """A header that says so, an address in brackets or alone on a line, or the first that is not a mail system's own."""
    told = address_in(header(mail, "X-Failed-Recipients"))
    if told:
        return told
    candidates = [
        *re.findall(
            r"^[ \t]*(?:to: )?[<'\"(]?(?:mailto:)?(" + ADDRESS.pattern + r")[>'\")]*:?[ \t]*(?:\(.*\))?$",
            text,
            re.M,
        ),
        *re.findall(r"[<(（](" + ADDRESS.pattern + r")[>)）]", text),
        *ADDRESS.findall(text),
    ]
    mine = address_in(sender).lower()
    return next((a for a in candidates if a.lower() != mine and not _DAEMON.search(a)), "")
