"""The checks of the mail server: the reverse names of its addresses, and how it encrypts."""

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

import dns.reversename

from newsletter.doctor.case import Case
from newsletter.doctor.dial import Dial, Handshake
from newsletter.doctor.findings import Check, Finding, Health, Record, shown
from newsletter.doctor.resolver import Resolver, addresses
from newsletter.doctor.route import Way, sending_addresses

SOON = timedelta(days=14)
UNSET = "Mail goes to no server yet. Set PERIJOVE_SMTP_URL."


def examine_names(case: Case, resolver: Resolver) -> Finding:
    way = case.route.way
    if way in (Way.UNSET, Way.FOLDER):
        return _named(Health.UNKNOWN, UNSET)
    if way is Way.RELAY:
        return _named(
            Health.UNKNOWN,
            f"{case.route.host} sends from addresses of its own; their reverse names are its operator’s to keep.",
        )
    ours = sending_addresses(case.route, case.site_host, resolver)
    if not ours:
        return _named(Health.UNKNOWN, "The addresses that you send from could not be looked up.")
    seen = [_look(resolver, address) for address in ours]
    told = tuple(f"{one.address}: {one.names or 'no name'}" for one in seen)
    guess = "If this machine sends from the site’s address: " if way is Way.HERE else ""
    wrong = next((one for one in seen if one.fault), None)
    if wrong is None:
        which = "each address" if len(ours) > 1 else "the address"
        return _named(Health.OK, f"{guess}{which} has a name, and the name leads back.", told)
    if guess or wrong.is_silent:
        return _named(Health.UNKNOWN, f"{guess}{wrong.fault}", told)
    paste = (
        () if case.route.host == wrong.address else (Record(_reverse(wrong.address), "PTR", case.route.host),)
    )
    return _named(Health.FAIL, wrong.fault, told, paste)


def examine_encryption(case: Case, dial: Dial, at: datetime) -> Finding:
    route = case.route
    if route.way in (Way.UNSET, Way.FOLDER):
        return _encrypted(Health.UNKNOWN, UNSET)
    if route.by_http:
        return _encrypted(
            Health.OK, f"Mail is handed to {route.host} over HTTPS, and its certificate is checked each time."
        )
    seen = dial.call(route.host, route.port, route.tls)
    told = (f"{route.host}:{route.port}", *filter(None, (seen.version, shown(seen.fault))))
    if not seen.reached:
        return _encrypted(Health.FAIL, f"{route.host} could not be reached.", told)
    if route.way is Way.HERE:
        return _encrypted(
            Health.UNKNOWN,
            "The mail server is your own. Whether it encrypts on its way to the world we cannot see from here; its settings say.",
            told,
        )
    return _judged(route.host, seen, at, told)


def _judged(host: str, seen: Handshake, at: datetime, told: tuple[str, ...]) -> Finding:
    if not seen.offers_tls:
        return _encrypted(Health.FAIL, f"{host} offers no encryption (STARTTLS).", told)
    if not seen.trusted:
        return _encrypted(
            Health.WARN,
            f"{host} encrypts, but its certificate is not to be trusted. With starttls=require no mail would leave.",
            told,
        )
    if seen.version in ("SSLv3", "TLSv1", "TLSv1.1"):
        return _encrypted(Health.WARN, f"{host} encrypts with {seen.version}, which is out of date.", told)
    if seen.expires and seen.expires - at < SOON:
        return _encrypted(
            Health.WARN, f"{host} encrypts; its certificate ends on {seen.expires:%Y-%m-%d}.", told
        )
    return _encrypted(Health.OK, f"{host} encrypts, and its certificate is valid for its name.", told)


@dataclass(frozen=True)
class _Named:
    address: str
    names: str
    fault: str = ""
    is_silent: bool = False


def _look(resolver: Resolver, address: str) -> _Named:
    answer = resolver.ask(_reverse(address), "PTR")
    names = ", ".join(map(shown, answer.values[:4]))
    if answer.is_silent:
        return _Named(
            address, names, f"The DNS did not answer for the name of {address}. Examine again later.", True
        )
    if not answer.values:
        sentence = f"{address} has no reverse name. Gmail refuses mail from such an address. Whoever gave you the address sets it."
        return _Named(address, names, sentence)
    if not any(_is_same(address, back) for name in answer.values[:4] for back in addresses(resolver, name)):
        return _Named(address, names, f"The reverse name of {address}, {names}, does not lead back to it.")
    return _Named(address, names)


def _is_same(one: str, other: str) -> bool:
    """IPv6 has more than one spelling."""
    return ipaddress.ip_address(one) == ipaddress.ip_address(other)


def _reverse(address: str) -> str:
    return dns.reversename.from_address(address).to_text(omit_final_dot=True)


def _named(
    health: Health, sentence: str, found: tuple[str, ...] = (), paste: tuple[Record, ...] = ()
) -> Finding:
    return Finding(Check.REVERSE, health, sentence[:1].upper() + sentence[1:], found, paste)


def _encrypted(health: Health, sentence: str, found: tuple[str, ...] = ()) -> Finding:
    return Finding(Check.TLS, health, sentence, found)
