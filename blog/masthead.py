"""What readers see of the publication: its names, hours, addresses and words. The settings that its owner may change in the studio.

``settings.py`` adds how it runs; ``publication`` keeps what was chosen in the studio, and says where the environment has the last word.
"""

from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from blog import zones

UNSPEAKABLE = frozenset('<>"\\')
"""What would end a name before an address."""
LINKS = 12
ADDRESS_PATTERN = r"^([^@\s<>\x00-\x1f]+@[^@\s<>\x00-\x1f]+)?$"


class Masthead(BaseSettings):
    """The half of the settings that readers meet."""

    site_name: str = Field("Perijove", min_length=1, max_length=60, description="Name of the publication.")
    tagline: str = Field(
        "Astronomy news, pictures first", max_length=120, description="One line under the name."
    )
    logo: str = Field(
        "",
        pattern=r"^([0-9a-f]{64})?$",
        description="Key of the picture in the library that stands beside the name and on browsers' tabs; usually brought in the studio.",
    )
    language: str = Field(
        "en", pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", description="Language of the pages (BCP 47)."
    )
    timezone: str = Field(
        "UTC", description="IANA time zone of the publication: dates on pages, the digest's local hour."
    )
    send_hour: int = Field(7, ge=0, le=23, description="Local hour at which the daily digest leaves.")
    sender: str = Field(
        "Perijove <digest@localhost.localdomain>", description="From address of every mail, with its name."
    )
    reply_to: str = Field(
        "",
        max_length=254,
        pattern=ADDRESS_PATTERN,
        description="Where readers' answers to mails go; empty: to the sender.",
    )
    postal_address: str = Field(
        "",
        max_length=300,
        description="Postal address printed at the foot of each mail, as many countries' law asks.",
    )
    social_links: str = Field(
        "",
        max_length=3000,
        description="Addresses of the publication elsewhere, with spaces between: `https://bsky.app/profile/…`. They stand at the foot of every page.",
    )
    privacy_text: str = Field(
        "",
        max_length=20_000,
        description="Words of the privacy page in place of the usual ones; blank lines part paragraphs. Empty: the page says what Perijove does.",
    )

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        if name not in zones.names():
            near = zones.find_near(name)
            raise ValueError(f"{name!r} is no IANA time zone" + (f"; did you mean {near}?" if near else ""))
        return name

    @field_validator("sender")
    @classmethod
    def _has_address(cls, sender: str) -> str:
        name, address = name_and_address(sender)
        local, _, domain = address.rpartition("@")
        if not local or not domain or any(c.isspace() or ord(c) < 32 for c in local + domain):
            raise ValueError(
                "give an address like Perijove <digest@example.org>: a name if you like, then name@domain"
            )
        return sender

    @field_validator("social_links")
    @classmethod
    def _are_addresses(cls, text: str) -> str:
        found = text.split()
        if bad := next((link for link in found if not _is_web(link)), None):
            raise ValueError(f"“{bad[:60]}” is no web address; it should begin with https://")
        if len(found) > LINKS:
            raise ValueError(f"at most {LINKS} addresses fit")
        return " ".join(dict.fromkeys(found))

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def elsewhere(self) -> tuple[str, ...]:
        """The social links, one by one."""
        return tuple(self.social_links.split())


class Closed(BaseSettings):
    """Settings that look at nothing but their arguments."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        *_others: Any,
        **_more: Any,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def name_and_address(sender: str) -> tuple[str, str]:
    """The two halves of ``Name <address>``; the name may be empty."""
    name, bracket, rest = sender.rpartition("<")
    return (" ".join(name.strip(' "').split()), rest.strip("> ")) if bracket else ("", sender.strip())


def _is_web(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not set(link) & UNSPEAKABLE
