"""The one reader of the environment. ``app.py`` calls :func:`load` once and hands the frozen Settings on.

Every setting is an environment variable ``PERIJOVE_<NAME>``, and may stand in ``<data>/perijove.env`` too; the environment wins.
"""

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import SettingsConfigDict

from blog.masthead import Closed, Masthead

PREFIX = "PERIJOVE_"
DATABASES = ("postgresql://", "postgres://", "postgresql+psycopg://", "sqlite:///")
"""How an address of a database may begin."""


class SettingsError(Exception):
    """The environment cannot be read; the text lists every fault, one a line."""


class Settings(Masthead):
    """How this publication runs. The defaults make a working one on one machine."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    data: Path = Field(
        Path("data"),
        description="Folder for the embedded database, pictures, mails of the demo mailbox and the secret key.",
    )
    database_url: str = Field(
        "", repr=False, description="`postgresql://…`; empty means SQLite at `<data>/perijove.db`."
    )
    site_url: str = Field(
        "", description="Public address of the site, without a path; empty means `http://localhost:<port>`."
    )
    host: str = Field("127.0.0.1", description="Address the web server listens on.")
    port: int = Field(8000, ge=1, le=65535, description="Port the web server listens on.")
    web_workers: int = Field(2, ge=1, le=64, description="Web processes; about one a core.")
    behind_proxy: bool = Field(
        False, description="Believe the X-Forwarded headers of one reverse proxy on this machine."
    )
    smtp_url: str = Field(
        "",
        repr=False,
        description="`smtp://user:password@host:port`, `smtps://…`, `?starttls=require`, a provider's `ses://…`, `mailgun://…` or `postmark://…`, or `file:///folder`. Empty: `./run` starts a mailbox of its own.",
    )
    smtp_connections: int = Field(
        4, ge=1, le=64, description="SMTP connections kept open while an edition goes out."
    )
    relays: str = Field(
        "",
        repr=False,
        description="Other ways out that lists may choose, with spaces between: `alerts=smtp://user:password@host:587?per_second=20 weekly=…`.",
    )
    domain_limits: str = Field(
        "",
        description="How fast each receiving domain takes mail, with spaces between: `gmail.com=20/s,10 yahoo.com=300/m *=50/s`. A number alone: connections.",
    )
    mailbox_port: int = Field(
        8025,
        ge=1,
        le=65535,
        description="Port of the demo mailbox that `./run` starts when no SMTP server is set.",
    )
    dkim_selector: str = Field(
        "perijove",
        pattern=r"^[A-Za-z0-9]([A-Za-z0-9-]{0,50}[A-Za-z0-9])?$",
        description="Selector of the DKIM key: its record stands at `<selector>._domainkey.<domain of the sender>`.",
    )
    dkim_sign: str = Field(
        "auto",
        pattern="^(auto|off)$",
        description="`auto`: sign mail with the keys whose records the doctor has seen. `off`: the relay signs.",
    )
    theme: str = Field(
        "",
        description="Name of the theme that the site wears: a folder in `<data>/themes`, or one that is shipped; empty: the default.",
    )
    secret_key: SecretStr = Field(
        SecretStr(""),
        description="Signs sessions and links in mails; empty: made once and kept in `<data>/secret.key`.",
    )
    log_level: str = Field(
        "info",
        pattern="^(debug|info|warning|error)$",
        description="How much is logged: debug, info, warning or error.",
    )
    websub_hub: str = Field(
        "",
        pattern=r"^(https://[^\s\"<>]+)?$",
        description="WebSub hub that is told when feeds change, and named in them, such as `https://pubsubhubbub.appspot.com/`; empty: off.",
    )
    indexnow: str = Field(
        "",
        pattern=r"^(https://[^\s\"<>]+)?$",
        description="IndexNow address that is told of new and changed stories, such as `https://api.indexnow.org/indexnow`; empty: off.",
    )
    count_opens: bool = Field(
        False,
        description="Count fetches of a tiny picture in each digest as an estimate of opens. Clicks are counted without it.",
    )
    bounce_address: str = Field(
        "",
        pattern=r"^([A-Za-z0-9._-]+@[A-Za-z0-9.-]+)?$",
        description="Where undeliverable mail comes back: letters leave from `bounces+<letter>@…` made of it. Empty: from `sender`.",
    )
    imap_url: str = Field(
        "",
        repr=False,
        description="`imaps://user:password@host/INBOX`: the mailbox that `bounce_address` leads to; `?move=Done` moves what was read.",
    )
    listener_port: int = Field(
        0, ge=0, le=65535, description="Port on which `perijove listener` takes mail that comes back; 0: off."
    )
    ses_topic: str = Field(
        "", description="ARN of the SNS topic by which Amazon SES reports to `/hooks/ses`; empty: off."
    )
    mailgun_signing_key: SecretStr = Field(
        SecretStr(""), description="HTTP webhook signing key of Mailgun, for `/hooks/mailgun`; empty: off."
    )
    postmark_hook_secret: SecretStr = Field(
        SecretStr(""),
        description="Password in the address given to Postmark, for `/hooks/postmark`; empty: off.",
    )
    sendgrid_public_key: str = Field(
        "",
        repr=False,
        description="Verification key of SendGrid's event webhook, for `/hooks/sendgrid`; empty: off.",
    )
    hook_secret: SecretStr = Field(
        SecretStr(""),
        description="`whsec_…` secret of other reporters (Standard Webhooks), for `/hooks/generic`; empty: off.",
    )
    signup_rush: int = Field(
        100,
        ge=0,
        description="More sign-ups than this within ten minutes, over all networks, and forms ask for a small proof of work.",
    )
    failpoint: str = Field(
        "",
        description="For rehearsals only: the name of a step of delivery at which the process kills itself.",
    )

    @field_validator("site_url")
    @classmethod
    def _bare_address(cls, url: str) -> str:
        url = url.rstrip("/")
        parts = urlsplit(url)
        if url and (parts.scheme not in ("http", "https") or not parts.netloc or parts.path or parts.query):
            raise ValueError("give scheme and host only, like https://news.example.org")
        return url

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        if url and not url.startswith(DATABASES):
            raise ValueError("give an address like postgresql://user:password@host/name")
        return url

    @property
    def database(self) -> str:
        """The SQLAlchemy address of the database; plain ``postgresql://`` means psycopg 3."""
        if self.database_url:
            return self.database_url.replace("postgres://", "postgresql://", 1).replace(
                "postgresql://", "postgresql+psycopg://", 1
            )
        return f"sqlite:///{(self.data / 'perijove.db').resolve()}"

    @property
    def site(self) -> str:
        """The public address that every absolute link begins with, without a trailing slash."""
        return self.site_url or f"http://localhost:{self.port}"

    @property
    def media(self) -> Path:
        return self.data / "media"

    @property
    def mailbox(self) -> Path:
        """Where the demo mailbox keeps what it caught, one ``.eml`` a mail."""
        return self.data / "mailbox"

    @property
    def transport_url(self) -> str:
        """Where mail goes: the SMTP server that was set, or the demo mailbox on this machine."""
        return self.smtp_url or f"smtp://127.0.0.1:{self.mailbox_port}"


def load(environ: Mapping[str, str] | None = None, data: Path | None = None) -> Settings:
    """Settings from ``environ`` over ``<data>/perijove.env`` over the defaults.

    Raises SettingsError naming each unknown variable with its nearest known name and each bad value.
    """
    given = {
        name: value
        for name, value in (os.environ if environ is None else environ).items()
        if name.startswith(PREFIX)
    }
    folder = data or Path(given.get(PREFIX + "DATA", "data"))
    merged = {**_read_env_file(folder / "perijove.env"), **given, PREFIX + "DATA": str(folder)}
    faults = [
        _unknown(name) for name in merged if name.removeprefix(PREFIX).lower() not in Settings.model_fields
    ]
    if faults:
        raise SettingsError("\n".join(faults))
    return build(**{name.removeprefix(PREFIX).lower(): value for name, value in merged.items()})


def build(**values: object) -> Settings:
    """Settings from ``values`` alone, never from the environment; raises SettingsError with one line a fault."""
    try:
        return _Closed(**values)  # type: ignore[arg-type]
    except ValidationError as error:
        lines = [
            f"{PREFIX}{'_'.join(map(str, e['loc'])).upper()}: {e['msg'].removeprefix('Value error, ')}"
            for e in error.errors()
        ]
        raise SettingsError("\n".join(lines)) from None


class _Closed(Closed, Settings):
    """:func:`load` has merged the sources already."""


def _read_env_file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    pairs: dict[str, str] = {}
    for number, line in enumerate(path.read_text().splitlines(), 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        name, sep, value = text.partition("=")
        if not sep:
            raise SettingsError(f"{path}, line {number}: write NAME=value")
        pairs[name.strip()] = value.strip().strip("'\"")
    return pairs


def _unknown(name: str) -> str:
    near = difflib.get_close_matches(name, [PREFIX + field.upper() for field in Settings.model_fields], 1)
    return f"{name} is not a setting" + (f"; did you mean {near[0]}?" if near else "")
