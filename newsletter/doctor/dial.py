"""Ringing the mail server up to see how it encrypts: one Protocol, and the kind that opens a connection. No mail is sent."""

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

TIMEOUT = 5.0
"""Seconds for each step of the talk."""


@dataclass(frozen=True)
class Handshake:
    reached: bool
    fault: str = ""
    """Why no connection came about, or why its certificate is not trusted; in the system's words."""
    offers_tls: bool = False
    trusted: bool = False
    """The certificate is valid today, signed by somebody known, and made out to the host's name."""
    version: str = ""
    expires: datetime | None = None


class Dial(Protocol):
    def call(self, host: str, port: int, tls: bool) -> Handshake:
        """``tls``: from the first byte, as smtps:// has it. Never raises."""


class Telephone:
    def call(self, host: str, port: int, tls: bool) -> Handshake:
        try:
            return _encrypted_at_once(host, port) if tls else _by_starttls(host, port)
        except ssl.SSLError as error:
            return Handshake(True, _words(error), offers_tls=True)
        except (OSError, smtplib.SMTPException) as error:
            return Handshake(False, _words(error))


def _encrypted_at_once(host: str, port: int) -> Handshake:
    with smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=ssl.create_default_context()) as line:
        return _look(line)


def _by_starttls(host: str, port: int) -> Handshake:
    line = smtplib.SMTP(host, port, timeout=TIMEOUT)
    try:
        line.ehlo_or_helo_if_needed()
        if not line.has_extn("starttls"):
            return Handshake(True)
        line.starttls(context=ssl.create_default_context())
        return _look(line)
    finally:
        with suppress(OSError, smtplib.SMTPException):
            line.close()


def _look(line: smtplib.SMTP) -> Handshake:
    sock = line.sock
    if not isinstance(sock, ssl.SSLSocket):
        return Handshake(True)
    told = (sock.getpeercert() or {}).get("notAfter")
    expires = datetime.fromtimestamp(ssl.cert_time_to_seconds(told), UTC) if isinstance(told, str) else None
    return Handshake(True, offers_tls=True, trusted=True, version=sock.version() or "", expires=expires)


def _words(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    said = error.strerror if isinstance(error, OSError) else ""
    return said or str(error) or type(error).__name__
