"""Mail addresses as people type them: read with care, never mended without asking. Called by sign-up and the desk's test mail."""

from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from blog.refusals import Invalid

EMPTY = "Enter your email address."
MALFORMED = (
    "That doesn't look like an email address. It needs a name, an @ and a domain, like reader@example.org."
)
_PROVIDERS = """
gmail.com googlemail.com yahoo.com yahoo.co.uk yahoo.fr yahoo.de yahoo.co.in ymail.com rocketmail.com hotmail.com hotmail.co.uk
hotmail.fr hotmail.it hotmail.de outlook.com outlook.fr outlook.de live.com live.co.uk msn.com aol.com icloud.com me.com mac.com
protonmail.com proton.me fastmail.com zoho.com tutanota.com gmx.de gmx.net gmx.com gmx.at web.de t-online.de freenet.de mail.com
email.com mail.ru yandex.ru yandex.com comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net
btinternet.com orange.fr wanadoo.fr free.fr laposte.net libero.it qq.com 163.com 126.com naver.com rediffmail.com uol.com.br
"""
DOMAINS = frozenset(_PROVIDERS.split())
"""The large mail providers, whose misspellings are worth a question."""
ENDINGS = {"con": "com", "cmo": "com", "ocm": "com", "vom": "com", "xom": "com", "comm": "com", "coom": "com"}
ENDINGS |= {"nte": "net", "ent": "net", "nett": "net", "ogr": "org", "rog": "org", "orgg": "org"}
"""Endings that exist nowhere, and what was meant. ``.co``, ``.cm`` and ``.om`` are countries."""
SHORTEST = 7
"""A domain shorter than this resembles too many others."""


@dataclass(frozen=True)
class Address:
    text: str
    """Where letters go: ASCII, the domain normalised."""
    key: str
    """Case-folded: two spellings are one reader."""


def read(typed: str) -> Address:
    """Raises Invalid with the sentence for the field ``email``. Nothing is looked up on the network."""
    typed = typed.strip().strip("\u200b\u200e\u2060\ufeff")
    if not typed:
        raise _refused(EMPTY)
    try:
        checked = validate_email(
            typed, check_deliverability=False, allow_smtputf8=False, test_environment=True, strict=True
        )
    except EmailNotValidError as error:
        raise _refused(_sentence(typed, str(error))) from None
    text = checked.ascii_email or checked.normalized
    return Address(text, text.casefold())


def suggestion(address: Address) -> str:
    """The address that was probably meant, or nothing. It is only ever shown as a question."""
    local, domain = address.text.rsplit("@", 1)
    if domain in DOMAINS:
        return ""
    near = _nearest(domain) or _mended_ending(domain)
    return f"{local}@{near}" if near else ""


def _refused(sentence: str) -> Invalid:
    return Invalid(sentence, {"email": [sentence]})


def _sentence(typed: str, reason: str) -> str:
    domain = typed.rsplit("@", 1)[-1]
    if "special-use" in reason:
        return f"We can't find a mail server for {domain}. Check the ending."
    if "Internationalized characters before" in reason:
        return "The part before the @ can only have unaccented letters, digits and a few signs."
    return MALFORMED


def _mended_ending(domain: str) -> str:
    name, _, ending = domain.rpartition(".")
    return f"{name}.{ENDINGS[ending]}" if ending in ENDINGS else ""


def _nearest(domain: str) -> str:
    if len(domain) < SHORTEST:
        return ""
    allowed = 2 if len(domain) > 9 else 1
    distances = sorted((_distance(domain, known), known) for known in DOMAINS if known[0] == domain[0])
    best = distances[0] if distances else (allowed + 1, "")
    return best[1] if best[0] <= allowed else ""


def _distance(a: str, b: str) -> int:
    """Optimal string alignment: insertions, deletions, changes and swaps of neighbours."""
    if abs(len(a) - len(b)) > 2:
        return 3
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row, last = row, [i], before
        for j, y in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
