"""SMTP by the standard library, told in answers instead of exceptions. The plain transport, chosen by ``client=smtplib``."""

import ipaddress
import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from blog.fetching import cut
from newsletter.delivery.commands import wire_form
from newsletter.delivery.parcels import Parcel
from newsletter.delivery.pausing import Backoff
from newsletter.delivery.talk import Talk, TlsTalk
from newsletter.delivery.verdicts import GARBAGE, NO_ANSWER, Answer, Phase

TIMEOUT = 30.0
"""Seconds for each step of the talk; the answer to the final dot may take twice as long."""

ABANDONED = "We broke the connection off."
MOST_ON_A_LINE = 200
"""Mails on one connection; many servers frown on more."""


class NoLine(Exception):
    """No connection came about; ``answer`` says how far it got."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.reply)
        self.answer = answer


class Smtp:
    """One mail server. TLS is verified with smtps://, with starttls=require and wherever a password is sent."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        tls: bool = False,
        starttls: str = "opportunistic",
        login: tuple[str, str] | None = None,
        hello: str = "",
        timeout: float = TIMEOUT,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self.host, self.port, self.tls, self.starttls = host, port, tls, starttls
        self.login, self.timeout = login, timeout
        self.hello = hello or own_name()
        self.backoff = Backoff()
        self._trust = trust

    def connect(self) -> "SmtpLine":
        return SmtpLine(self)

    def open(self) -> Talk:
        """Greets, secures and signs in; raises NoLine."""
        talk = self._dial()
        try:
            self._greet(talk)
            if not self.tls and self.starttls != "never":
                self._secure(talk)
            if self.login:
                self._sign_in(talk, *self.login)
        except NoLine:
            talk.close()
            raise
        return talk

    def _dial(self) -> Talk:
        talk = (
            TlsTalk(self.hello, self.timeout, self._context(True))
            if self.tls
            else Talk(self.hello, self.timeout)
        )
        with _told(Phase.CONNECT):
            try:
                _expect(Phase.CONNECT, talk.connect(self.host, self.port), 220)
            except BaseException:
                talk.close()
                raise
        return talk

    def _greet(self, talk: Talk) -> None:
        with _told(Phase.HELLO):
            answer = talk.ehlo()
            if 500 <= answer[0] <= 599:
                answer = talk.helo()
            _expect(Phase.HELLO, answer, 250)

    def _secure(self, talk: Talk) -> None:
        if not talk.has_extn("starttls"):
            if self.starttls == "require":
                raise NoLine(
                    Answer(Phase.STARTTLS, 554, "The server offers no STARTTLS, and the settings require it.")
                )
            return
        with _told(Phase.STARTTLS):
            verified = self.starttls == "require" or self.login is not None
            _expect(Phase.STARTTLS, talk.starttls(context=self._context(verified)), 220)
        self._greet(talk)

    def _sign_in(self, talk: Talk, user: str, password: str) -> None:
        if not isinstance(talk.sock, ssl.SSLSocket) and self.starttls != "never" and not is_here(self.host):
            raise NoLine(
                Answer(Phase.LOGIN, 538, "The server offers no encryption; the password was not sent.")
            )
        with _told(Phase.LOGIN):
            code, reply = talk.login(user, password)
            _expect(Phase.LOGIN, (code, reply), 235, 503)

    def _context(self, verified: bool) -> ssl.SSLContext:
        if self._trust:
            return self._trust
        context = ssl.create_default_context()
        if not verified:
            # Encryption to whoever answers is better than none, and it is all that plain smtp:// promises.
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


class SmtpLine:
    """One connection, renewed after 200 mails and when the server has hung up between two."""

    def __init__(self, server: Smtp) -> None:
        self.most = 1
        self._server = server
        self._talk: Talk | None = server.open()
        self._sent = 0
        self._is_over = False

    def send_all(self, parcels: Sequence[Parcel], data_sent: Callable[[], None]) -> Sequence[Answer]:
        return [self.send(parcel, data_sent) for parcel in parcels]

    def send(self, parcel: Parcel, data_sent: Callable[[], None]) -> Answer:
        used = self._sent > 0
        answer = self._try(parcel, data_sent)
        if used and answer.phase is Phase.SENDER and answer.code in (NO_ANSWER, 421):
            # An idle connection that the server closed meanwhile: nothing of this mail has been heard yet.
            self._hang_up()
            answer = self._try(parcel, data_sent)
        return answer

    def abort(self) -> None:
        self._is_over = True
        if (talk := self._talk) and talk.sock:
            cut(talk.sock)

    def close(self) -> None:
        if self._talk:
            with suppress(smtplib.SMTPException, OSError):
                self._talk.sock and self._talk.docmd("QUIT")
        self._hang_up()

    def _try(self, parcel: Parcel, data_sent: Callable[[], None]) -> Answer:
        if self._sent >= MOST_ON_A_LINE:
            self.close()
        try:
            if self._is_over:
                raise NoLine(Answer(Phase.CONNECT, NO_ANSWER, ABANDONED))
            talk = self._talk = self._talk or self._server.open()
            self._sent += 1
            self._hand_over(talk, parcel, data_sent)
        except NoLine as stopped:
            self._leave_clean(stopped.answer)
            return stopped.answer
        raise AssertionError("a talk ends with an answer")

    def _hand_over(self, talk: Talk, parcel: Parcel, data_sent: Callable[[], None]) -> None:
        """Raises NoLine with the answer, whichever it is: the talk has one way out."""
        message = wire_form(parcel.message)
        with _told(Phase.SENDER):
            _expect(
                Phase.SENDER,
                talk.docmd("MAIL", f"FROM:{_path(parcel.sender)}{_options(talk, parcel, message)}"),
                250,
            )
        with _told(Phase.RECIPIENT):
            _expect(Phase.RECIPIENT, talk.docmd("RCPT", f"TO:{_path(parcel.recipient)}"), 250, 251, 252)
        with _told(Phase.DATA):
            _expect(Phase.DATA, talk.docmd("DATA"), 354)
        with _told(Phase.BODY):
            talk.send(message)
        data_sent()
        with _told(Phase.END):
            raise NoLine(_answer(Phase.END, talk.last_word()))

    def _leave_clean(self, answer: Answer) -> None:
        if answer.code in (NO_ANSWER, GARBAGE, 421) or answer.phase in (Phase.BODY, Phase.CONNECT):
            self._hang_up()
        elif answer.phase is not Phase.END and self._talk:
            with suppress(smtplib.SMTPException, OSError):
                if self._talk.docmd("RSET")[0] == 250:
                    return
            self._hang_up()

    def _hang_up(self) -> None:
        if self._talk:
            self._talk.close()
        self._talk, self._sent = None, 0


def _path(address: str) -> str:
    if not re.fullmatch(r"[^<>\s\x00-\x1f\x7f]*", address):
        raise ValueError("an address with such characters could smuggle in commands")
    return f"<{address}>"


def _options(talk: Talk, parcel: Parcel, message: bytes) -> str:
    wide = not (parcel.recipient.isascii() and parcel.sender.isascii())
    talk.command_encoding = "utf-8" if wide else "ascii"
    if wide and not talk.has_extn("smtputf8"):
        whose = Phase.RECIPIENT if parcel.sender.isascii() else Phase.SENDER
        raise NoLine(Answer(whose, 553, "5.1.3 The mail server cannot write to an address outside ASCII."))
    eight_bit = not message.isascii() and talk.has_extn("8bitmime")
    size = f" SIZE={len(message)}" if talk.has_extn("size") else ""
    return size + " SMTPUTF8" * wide + " BODY=8BITMIME" * eight_bit


@contextmanager
def _told(phase: Phase) -> Iterator[None]:
    """Whatever goes wrong in ``phase`` becomes an answer."""
    try:
        yield
    except smtplib.SMTPResponseException as error:
        raise NoLine(_answer(phase, (error.smtp_code, error.smtp_error))) from None
    except ssl.SSLCertVerificationError as error:
        raise NoLine(
            Answer(phase, 554, f"The server's certificate is not trusted: {error.verify_message}")
        ) from None
    except smtplib.SMTPServerDisconnected as error:
        raise NoLine(Answer(phase, NO_ANSWER, str(error))) from None
    except smtplib.SMTPException as error:
        raise NoLine(Answer(phase, 554, str(error))) from None
    except OSError as error:
        raise NoLine(Answer(phase, NO_ANSWER, error.strerror or str(error) or type(error).__name__)) from None
    except ValueError:
        raise NoLine(Answer(phase, 553, "5.1.3 This cannot be written in SMTP.")) from None


def _expect(phase: Phase, answer: tuple[int, bytes], *codes: int) -> None:
    if answer[0] not in codes:
        raise NoLine(_answer(phase, answer))


def _answer(phase: Phase, answer: tuple[int, bytes | str]) -> Answer:
    code, words = answer
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return Answer(phase, code if 200 <= code <= 599 else GARBAGE, text)


def own_name() -> str:
    name = socket.gethostname()
    return name if "." in name else "localhost.localdomain"


def is_here(host: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"
