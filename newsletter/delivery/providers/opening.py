"""From the address in the settings to a provider. Called by ``transport``; opens no connection yet.

Raises ValueError with a sentence for the operator, which never holds a key.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urlsplit

from newsletter.delivery.providers.handing_over import Provider
from newsletter.delivery.providers.http import Place
from newsletter.delivery.providers.mailgun import Mailgun
from newsletter.delivery.providers.postmark import MOST, STREAM, USUAL, Postmark
from newsletter.delivery.providers.ses import REGION, Ses


def open_provider(parts: SplitResult, options: Mapping[str, str]) -> Provider:
    opened, known = SCHEMES[parts.scheme]
    if parts.fragment or not _is_plain(unquote(parts.netloc)):
        raise ValueError("A provider's key is of plain letters and signs; write %23 for # in it.")
    if not set(options) <= {"endpoint", *known}:
        allowed = ", ".join(f"{name}=" for name in (*known, "endpoint"))
        raise ValueError(f"After the ? of a {parts.scheme}:// address only {allowed} may stand.")
    return opened(parts, options)


def _open_ses(parts: SplitResult, options: Mapping[str, str]) -> Provider:
    key, secret, region = _credentials(parts)
    if not (key and secret and REGION.fullmatch(region)) or parts.path.strip("/"):
        raise ValueError("Amazon SES is written ses://KEY:SECRET@eu-west-1. In a secret write %2F for /.")
    place = _place(f"email.{region}.amazonaws.com", options)
    return Provider(place, Ses(place, key, secret, region, options.get("configuration", "")))


def _open_mailgun(parts: SplitResult, options: Mapping[str, str]) -> Provider:
    key, more, host = _credentials(parts)
    domain = parts.path.strip("/")
    if not (key and host and domain) or more or "/" in domain:
        raise ValueError("Mailgun is written mailgun://KEY@api.eu.mailgun.net/example.org.")
    return Provider(_place(host, options), Mailgun(key, domain))


def _open_postmark(parts: SplitResult, options: Mapping[str, str]) -> Provider:
    token = unquote(parts.netloc).rpartition("@")[0] or unquote(parts.netloc)
    most = options.get("batch", str(USUAL))
    if not token or parts.path.strip("/"):
        raise ValueError("Postmark is written postmark://TOKEN, with the token of a server.")
    if not (most.isascii() and most.isdigit() and len(most) <= 3 and 1 <= int(most) <= MOST):
        raise ValueError(f"Postmark's batch= is a number from 1 to {MOST}.")
    interface = Postmark(token, options.get("stream", STREAM), int(most))
    return Provider(_place("api.postmarkapp.com", options), interface)


SCHEMES: Mapping[str, tuple[Callable[[SplitResult, Mapping[str, str]], Provider], tuple[str, ...]]] = {
    "ses": (_open_ses, ("configuration",)),
    "mailgun": (_open_mailgun, ()),
    "postmark": (_open_postmark, ("stream", "batch")),
}


def _credentials(parts: SplitResult) -> tuple[str, str, str]:
    """Read by hand, for the library makes the host's letters small and takes what follows a colon in it for a port."""
    who, _, host = parts.netloc.rpartition("@")
    name, _, password = who.partition(":")
    return unquote(name), unquote(password), host.lower()


def _place(host: str, options: Mapping[str, str]) -> Place:
    if endpoint := options.get("endpoint"):
        return _endpoint(endpoint)
    name, _, port = host.partition(":")
    usual = Place(name, 443)
    return replace(usual, port=_number(port)) if port else usual


def _endpoint(url: str) -> Place:
    parts = urlsplit(url)
    is_encrypted = parts.scheme == "https"
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or parts.username is not None
        or parts.query
        or parts.fragment
        or not (is_encrypted or _is_here(parts.hostname))
    ):
        raise ValueError("The endpoint begins with https://, or with http:// on this machine.")
    port = (
        _number(parts.netloc.rpartition(":")[2]) if _has_port(parts.netloc) else (443 if is_encrypted else 80)
    )
    return Place(parts.hostname, port, is_encrypted, parts.path.rstrip("/"))


def _is_plain(words: str) -> bool:
    return words.isascii() and words.isprintable() and " " not in words


def _has_port(netloc: str) -> bool:
    return ":" in netloc.rpartition("]")[2]


def _number(port: str) -> int:
    if not (port.isascii() and port.isdigit() and len(port) <= 5 and 0 < int(port) < 65536):
        raise ValueError("The provider's port is no number.")
    return int(port)


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
