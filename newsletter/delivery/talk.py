"""smtplib with patience of a known length: a reply must be whole within the time-out, however slowly it drips. Used by ``smtp``."""

import smtplib
import socket
import ssl
import time

LONGEST_REPLY = 65_536


class Talk(smtplib.SMTP):
    """One conversation. Nothing is dialled before ``connect``."""

    def __init__(self, hello: str, timeout: float) -> None:
        self._rest = b""
        self._patience = timeout
        super().__init__(local_hostname=hello, timeout=timeout)

    def connect(self, host: str = "", port: int = 0, source_address: object = None) -> tuple[int, bytes]:
        self._host = host  # what a certificate is checked against; smtplib sets it only when it dials at once
        return super().connect(host, port)

    def last_word(self) -> tuple[int, bytes]:
        """The answer to the final dot. It may take twice as long, for giving up on it means a second copy."""
        self._patience, usual = self._patience * 2, self._patience
        try:
            return self.getreply()
        finally:
            self._patience = usual

    def getreply(self) -> tuple[int, bytes]:
        """As smtplib's, but the time-out holds for the whole reply; code -1 for what is no SMTP."""
        deadline = time.monotonic() + self._patience
        lines: list[bytes] = []
        while sum(map(len, lines)) < LONGEST_REPLY:
            line = self._line(deadline)
            lines.append(line[4:].strip(b" \t\r\n"))
            if not line[:3].isdigit():
                break
            if line[3:4] != b"-":
                return int(line[:3]), b"\n".join(lines)
        self.close()
        return -1, b"The server's answer was no SMTP."

    def starttls(self, *, context: ssl.SSLContext | None = None) -> tuple[int, bytes]:  # type: ignore[override]
        answer = super().starttls(context=context)
        if self._rest:
            # Words sent in clear before the handshake could come from anybody on the way.
            self.close()
            raise smtplib.SMTPServerDisconnected("The server spoke before the encryption began.")
        return answer

    def close(self) -> None:
        self._rest = b""
        super().close()

    def _line(self, deadline: float) -> bytes:
        while b"\n" not in self._rest:
            self._rest += self._more(deadline)
        line, _, self._rest = self._rest.partition(b"\n")
        return line

    def _more(self, deadline: float) -> bytes:
        sock = self.sock
        if not isinstance(sock, socket.socket):
            raise smtplib.SMTPServerDisconnected("There is no connection.")
        left = deadline - time.monotonic()
        if left <= 0 or len(self._rest) > LONGEST_REPLY:
            self.close()
            raise smtplib.SMTPServerDisconnected("The server did not answer in time.")
        sock.settimeout(left)
        try:
            data = sock.recv(8192)
        except OSError as error:
            self.close()
            late = isinstance(error, TimeoutError)
            raise smtplib.SMTPServerDisconnected(
                "The server did not answer in time." if late else "The line broke."
            ) from None
        finally:
            if self.sock:
                sock.settimeout(self._patience)
        if not data:
            self.close()
            raise smtplib.SMTPServerDisconnected("The server closed the connection.")
        return data


class TlsTalk(Talk, smtplib.SMTP_SSL):
    """Encrypted from the first byte."""

    def __init__(self, hello: str, timeout: float, context: ssl.SSLContext) -> None:
        super().__init__(hello, timeout)
        self.context = context
