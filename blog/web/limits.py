"""How often one visitor may try something: counted per address and per network, in the database, for all web processes together."""

from ipaddress import ip_address

from flask import request

from blog import clock, tally
from blog.web.wiring import house


def throttle(deed: str, most: int, minutes: int, *, about: str = "") -> None:
    """Counts one more ``deed`` by this network, or about one thing such as an address. Raises TooMany past ``most``."""
    tally.count(house().db, f"{deed} {about.strip().lower() or network()}", most, minutes, clock.now())


def forgive(deed: str, *, about: str) -> None:
    """Starts the count about one thing anew, after a try that succeeded."""
    tally.forget(house().db, f"{deed} {about.strip().lower()}")


def network() -> str:
    """The visitor's network: the whole IPv4 address, or the /64 that one household gets of IPv6."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    # A listener on both kinds sees an IPv4 visitor as ::ffff:192.0.2.1.
    address = getattr(address, "ipv4_mapped", None) or address
    return str(address) if address.version == 4 else ":".join(address.exploded.split(":")[:4])
