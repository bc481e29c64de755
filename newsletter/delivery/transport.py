"""How mail leaves the house: by SMTP, by a provider's interface, or as files in a folder. ``app.py`` opens one transport from the settings."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from newsletter.delivery.mailbox import keep
from newsletter.delivery.parcels import Parcel
from newsletter.delivery.pausing import Backoff
from newsletter.delivery.pipelining import Pipelined
from newsletter.delivery.providers.opening import SCHEMES, open_provider
from newsletter.delivery.smtp import Smtp
from newsletter.delivery.supplying import Carrier
from newsletter.delivery.verdicts import Answer, Phase


class Line(Protocol):
    """One open connection, used by one thread."""

    @property
    def most(self) -> int:
        """How many mails it takes at once; all of them are in doubt when it breaks."""

    def send_all(self, parcels: Sequence[Parcel], data_sent: Callable[[], None]) -> Sequence[Answer]:
        """An answer for each mail, in their order. ``data_sent`` is called when a text is out and no answer is read yet."""

    def abort(self) -> None:
        """Called from another thread: nobody waits for the server any longer, and nothing more is said to it."""

    def close(self) -> None:
        """Takes leave; never raises."""


class Transport(Protocol):
    """Where letters are handed over; opened once and shared by the sending threads."""

    @property
    def backoff(self) -> Backoff: ...

    def connect(self) -> Line:
        """Raises smtp.NoLine with the answer that stood in the way."""


class Folder:
    """Writes each mail as an .eml file; a second copy of a mail takes the first one's place."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.backoff = Backoff()
        self.most = 1

    def connect(self) -> "Folder":
        return self

    def send_all(self, parcels: Sequence[Parcel], data_sent: Callable[[], None]) -> Sequence[Answer]:
        return [self.send(parcel, data_sent) for parcel in parcels]

    def send(self, parcel: Parcel, data_sent: Callable[[], None]) -> Answer:
        name = hashlib.sha256(parcel.recipient.encode() + b"\0" + parcel.message).hexdigest()[:24]
        keep(self.folder, parcel.sender, parcel.recipient, parcel.message, name)
        data_sent()
        return Answer(Phase.END, 250, "kept as a file")

    def abort(self) -> None:
        pass

    def close(self) -> None:
        pass


def open_transport(
    url: str, hello: str = "", *, auth: str = "", pipelining: bool = True
) -> Transport | Carrier:
    """From ``smtp://user:password@host:port``, ``smtps://…``, a provider's ``ses://…``, ``mailgun://…`` or ``postmark://…``, or
    ``file:///folder``; opens no connection yet.

    ``?starttls=`` is require, opportunistic (the default: used when offered) or never; ``?client=smtplib`` takes the standard
    library's client instead of our own. ``hello`` is the name we greet servers with.
    Raises ValueError with a sentence for the operator, which never holds the password.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        # The library's own words would hold the password.
        raise ValueError("The mail server's address cannot be read; write it in plain letters.") from None
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if parts.scheme == "file":
        return _open_folder(parts.netloc, unquote(parts.path))
    if parts.scheme in SCHEMES:
        return open_provider(parts, options)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError(
            "The mail server's address begins with smtp://host, smtps://host, ses://, mailgun://, postmark:// or file:///folder."
        )
    return _open_smtp(parts, options, hello, auth, pipelining)


def _open_smtp(
    parts: SplitResult, options: dict[str, str], hello: str, auth: str, pipelining: bool
) -> Smtp | Pipelined:
    starttls, client = options.pop("starttls", "opportunistic"), options.pop("client", "own")
    if starttls not in ("require", "opportunistic", "never") or client not in ("own", "smtplib") or options:
        raise ValueError(
            "After the ? of the mail server's address only starttls=require, opportunistic or never, and client=smtplib may stand."
        )
    host, port = parts.hostname or "", _port(parts) or (465 if parts.scheme == "smtps" else 25)
    login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    tls = parts.scheme == "smtps"
    if client == "smtplib":
        return Smtp(host, port, tls=tls, starttls=starttls, login=login, hello=hello)
    return Pipelined(
        host, port, tls=tls, starttls=starttls, login=login, hello=hello, auth=auth, pipelining=pipelining
    )


def _port(parts: SplitResult) -> int | None:
    """The library's own words would tell what stands there, which is the password's end where that holds a # or a /."""
    try:
        return parts.port
    except ValueError:
        raise ValueError(
            "The mail server's port is no number. In a password write %23 for #, %2F for / and %3F for ?."
        ) from None


def _open_folder(host: str, path: str) -> Folder:
    if host or not path.strip("/"):
        raise ValueError("A folder for mails is written with three slashes, file:///var/mails.")
    return Folder(Path(path))
