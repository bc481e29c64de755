"""What the checks are told about us: taken from the settings once, so that no check reads them itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from blog.settings import Settings
from newsletter.doctor import keys
from newsletter.doctor.domains import ascii_name, is_nowhere
from newsletter.doctor.keys import Key
from newsletter.doctor.route import Route, Way, route_of
from newsletter.editions.envelope import domain_of


@dataclass(frozen=True)
class Case:
    domain: str
    """Of the From address, as the DNS writes it."""
    return_domain: str
    """Of the return path: the one that SPF is about."""
    route: Route
    selector: str
    site: str
    key_folder: str = ""
    postal_address: str = ""
    keys: tuple[Key, ...] = ()
    headers: Mapping[str, tuple[str, ...]] | None = field(default=None, repr=False)
    """Of a digest as it leaves us, by name in lower case; None where none has been written yet."""

    @property
    def site_host(self) -> str:
        return urlsplit(self.site).hostname or ""


@dataclass(frozen=True)
class Step:
    """Something to set before an examination tells anything, or tells everything."""

    setting: str
    sentence: str
    is_needed: bool
    """Without it there is nothing to examine."""


def case_of(settings: Settings, headers: Mapping[str, tuple[str, ...]] | None = None) -> Case:
    domain = ascii_name(domain_of(settings.sender))
    return Case(
        domain=domain,
        return_domain=ascii_name(settings.bounce_address.rpartition("@")[2]) or domain,
        route=route_of(settings.smtp_url, domain),
        selector=settings.dkim_selector,
        site=settings.site,
        key_folder=str(keys.folder_of(settings)),
        postal_address=settings.postal_address,
        keys=keys.find(settings),
        headers=headers,
    )


def first_steps(settings: Settings) -> tuple[Step, ...]:
    """What to set first, the most needed first."""
    case = case_of(settings)
    steps = (
        (
            is_nowhere(case.domain),
            Step("PERIJOVE_SENDER", f"An address of a domain of your own. Mail from {case.domain} reaches nobody.", True),
        ),
        (
            case.route.way is Way.UNSET,
            Step("PERIJOVE_SMTP_URL", "The mail server that sends for you. Until then the demo mailbox catches every mail.", False),
        ),
        (
            case.route.way is Way.FOLDER,
            Step("PERIJOVE_SMTP_URL", "A mail server. Mail is written into a folder now and sent to nobody.", False),
        ),
    )  # fmt: skip
    return tuple(step for is_missing, step in steps if is_missing)
