"""By which way mail leaves, as far as the settings tell, and from which addresses. The checks lean on it."""

import ipaddress
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from newsletter.doctor.domains import guessed_organisation
from newsletter.doctor.resolver import Resolver, addresses

INCLUDES = {
    "amazonaws.com": "amazonses.com",
    "brevo.com": "spf.brevo.com",
    "gmail.com": "_spf.google.com",
    "google.com": "_spf.google.com",
    "mailgun.net": "mailgun.org",
    "mailgun.org": "mailgun.org",
    "mailjet.com": "spf.mailjet.com",
    "messagingengine.com": "spf.messagingengine.com",
    "fastmail.com": "spf.messagingengine.com",
    "mtasv.net": "spf.mtasv.net",
    "postmarkapp.com": "spf.mtasv.net",
    "office365.com": "spf.protection.outlook.com",
    "sendgrid.net": "sendgrid.net",
}
"""Relays by the end of their host's name, and what they ask their customers to include, as far as is publicly known."""
PROVIDERS = {"ses": "email.{}.amazonaws.com", "mailgun": "{}", "postmark": "api.postmarkapp.com"}
MOST = 8
"""Addresses of one host that are looked at."""


class Way(StrEnum):
    UNSET = "unset"
    FOLDER = "folder"
    HERE = "here"
    """A mail server on this machine or in its own network; which address the world sees we cannot know."""
    OWN = "own"
    """A mail server under the sender's own domain: it is taken to send from the addresses of its name."""
    RELAY = "relay"
    """Somebody else's; it may send from any of its addresses."""


@dataclass(frozen=True)
class Route:
    way: Way
    host: str = ""
    port: int = 25
    tls: bool = False
    by_http: bool = False
    """A provider's own interface: no mail server that could be called."""

    @property
    def include(self) -> str:
        """What the relay's customers put into their SPF record, where it is a relay that we know."""
        ends = (include for end, include in INCLUDES.items() if f".{self.host}".endswith(f".{end}"))
        return next(ends, "") if self.way is Way.RELAY else ""


def route_of(smtp_url: str, domain: str) -> Route:
    """From the setting as ``transport`` reads it; a password in it stays behind."""
    parts = urlsplit(smtp_url)
    if not smtp_url:
        return Route(Way.UNSET)
    # Of these only what can hold no key is read: Postmark's stands where others have a host.
    if parts.scheme in PROVIDERS:
        host = PROVIDERS[parts.scheme].format(parts.netloc.rpartition("@")[2])
        return Route(Way.RELAY, host, 443, tls=True, by_http=True)
    if parts.scheme == "file" or not parts.hostname:
        return Route(Way.FOLDER)
    tls = parts.scheme == "smtps"
    return Route(_way(parts.hostname, domain), parts.hostname, parts.port or (465 if tls else 25), tls)


def sending_addresses(route: Route, site_host: str, resolver: Resolver) -> tuple[str, ...]:
    """From where mail may come; a guess for HERE, where the site's addresses stand in. Only addresses that the world can see."""
    if route.by_http:
        return ()
    host = site_host if route.way is Way.HERE else route.host
    found = (host,) if _is_address(host) else addresses(resolver, host) if host else ()
    return tuple(address for address in found if is_public(address))[:MOST]


def is_public(address: str) -> bool:
    return _is_address(address) and not _is_hidden(address)


def _way(host: str, domain: str) -> Way:
    if _is_address(host):
        return Way.HERE if _is_hidden(host) else Way.OWN
    if host == "localhost" or "." not in host:
        return Way.HERE
    return Way.OWN if guessed_organisation(host) == guessed_organisation(domain) else Way.RELAY


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_hidden(host: str) -> bool:
    """Not ``is_global``: the ranges that are kept for documents are no hindrance to reading one."""
    address = ipaddress.ip_address(host)
    private = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
    return (
        address.is_loopback
        or address.is_link_local
        or address.is_unspecified
        or any(address in ipaddress.ip_network(net) for net in private)
    )
