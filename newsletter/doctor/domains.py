"""Names of domains: which belong together where no DMARC record says so, and which are nobody's own. Pure."""

SECOND = {"ac", "co", "com", "edu", "gob", "gov", "gouv", "ne", "net", "nom", "or", "org"}
"""Second-level names under which countries let register: example.co.uk belongs to itself, not to co.uk."""
FREE_MAIL = {
    "gmail.com", "googlemail.com", "yahoo.com", "ymail.com", "aol.com", "outlook.com", "hotmail.com",
    "live.com", "msn.com", "icloud.com", "me.com", "mac.com", "gmx.de", "gmx.net", "gmx.com", "web.de",
    "t-online.de", "mail.com", "mail.ru", "yandex.ru", "yandex.com", "proton.me", "protonmail.com",
    "zoho.com", "fastmail.com", "qq.com", "163.com", "126.com", "orange.fr", "laposte.net", "libero.it",
    "seznam.cz",
}  # fmt: skip
NOWHERE = ("localhost", "localdomain", "local", "internal", "invalid", "test", "example", "lan", "home.arpa")
"""Endings that no DNS of the world knows (RFC 2606, 6761, 8375)."""


def ascii_name(domain: str) -> str:
    """As the DNS knows it; a name that cannot be written so is returned as it is, and will not be found."""
    plain = domain.strip().rstrip(".").lower()
    try:
        return plain if plain.isascii() else plain.encode("idna").decode()
    except UnicodeError:
        return plain


def guessed_organisation(domain: str) -> str:
    """The last two labels, or three under names such as co.uk: good enough where no DMARC record draws the border."""
    labels = domain.split(".")
    is_country = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in SECOND
    return ".".join(labels[-3 if is_country else -2 :])


def is_nowhere(domain: str) -> bool:
    """Whether mail from that domain could never be answered, whatever its owner did."""
    return "." not in domain or domain.endswith(tuple(f".{end}" for end in NOWHERE)) or domain[-1:].isdigit()


def is_free_mail(domain: str) -> bool:
    return domain in FREE_MAIL or domain.split(".")[0] in ("yahoo", "hotmail", "live") and len(domain) < 16
