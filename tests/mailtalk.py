"""One conversation of the recording server, and the faults that may strike in it. Used by ``tests.mailserver`` alone."""

import asyncio
import base64
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.mailserver import RecordingServer

STEPS = ("connect", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "body", "dot")
DROP, SILENCE, GARBAGE, DRIP = "drop", "silence", "garbage", "drip"


@dataclass
class Fault:
    """At ``step`` answer with ``deed``: a whole reply such as ``"451 4.3.0 Later"``, or DROP, SILENCE, GARBAGE, DRIP (1 byte at a time).

    The first ``times`` times (None: always), only for recipients that contain ``whom``. At "body" only DROP and SILENCE have a meaning;
    at "dot" with ``kept`` the mail is recorded before the fault strikes.
    """

    step: str
    deed: str
    times: int | None = None
    whom: str = ""
    kept: bool = False
    struck: int = 0


class Over(Exception):
    """This connection has come to its end."""


class Talk:
    """One connection. Replies leave when nothing more is there to be read, as a server does that offers PIPELINING."""

    def __init__(
        self, server: "RecordingServer", reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.server, self.reader, self.writer = server, reader, writer
        self.sender = self.recipient = ""
        self.encrypted = self.signed_in = self.in_letter = False
        self.heard, self.place = b"", 0
        self.unsaid: list[bytes] = []

    async def run(self) -> None:
        if self.server.tls and self.server.is_encrypted_at_once:
            await self.writer.start_tls(self.server.tls)
            self.encrypted = True
        await self.answer("connect", "220 recorder ESMTP")
        while line := await self.line():
            verb, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
            self.server.commands.append(verb.upper())
            await self.command(verb.upper(), rest)

    async def command(self, verb: str, rest: str) -> None:
        match verb:
            case "EHLO" | "HELO":
                await self.answer("ehlo", "\r\n".join(self.greeting()))
            case "STARTTLS":
                await self.starttls()
            case "AUTH":
                await self.auth(*rest.split(" ", 1))
            case "MAIL":
                await self.mail(rest)
            case "RCPT":
                self.recipient = rest.partition("<")[2].partition(">")[0] if self.in_letter else ""
                if not self.in_letter:
                    await self.say("503 5.5.1 MAIL first")
                elif not await self.answer("rcpt", "250 2.1.5 Ok"):
                    self.recipient = ""
            case "DATA":
                if not (self.recipient or self.server.is_gullible):
                    await self.say("554 5.5.1 No valid recipients")
                elif await self.answer("data", "354 Go on"):
                    await self.data()
            case "BDAT":
                await self.chunk(int(rest.split()[0]))
            case "QUIT":
                await self.say("221 2.0.0 Bye")
                await self.flush()
                raise Over
            case "RSET" | "NOOP":
                self.in_letter = self.in_letter and verb != "RSET"
                await self.say("250 2.0.0 Ok")
            case _:
                await self.say("502 5.5.2 What?")

    def greeting(self) -> list[str]:
        features = ["recorder", *self.server.offers, "ENHANCEDSTATUSCODES"]
        if self.server.tls and not self.encrypted:
            features.append("STARTTLS")
        if self.server.login:
            features.append(f"AUTH {self.server.ways}")
        return [f"250-{feature}" for feature in features[:-1]] + [f"250 {features[-1]}"]

    async def starttls(self) -> None:
        if not self.server.tls:
            await self.say("502 5.5.1 No TLS here")
        elif await self.answer("starttls", "220 2.0.0 Go on"):
            await self.flush()
            await self.writer.start_tls(self.server.tls)
            self.encrypted = True

    async def auth(self, way: str, first: str = "") -> None:
        user, password = self.server.login or ("", "")
        self.signed_in = await self.proves(way, first, user, password)
        await self.answer(
            "auth", "235 2.7.0 Welcome" if self.signed_in else "535 5.7.8 Wrong user name or password"
        )

    async def proves(self, way: str, first: str, user: str, password: str) -> bool:
        match way:
            case "PLAIN":
                return first == armoured(f"\0{user}\0{password}")
            case "LOGIN":
                given = [await self.challenge("Username:"), await self.challenge("Password:")]
                return given == [armoured(user), armoured(password)]
            case "CRAM-MD5":
                words = "<1896.697170952@recorder>"
                proof = hmac.new(password.encode(), words.encode(), "md5").hexdigest()
                return await self.challenge(words) == armoured(f"{user} {proof}")
            case "XOAUTH2" if first != armoured(f"user={user}\x01auth=Bearer {password}\x01\x01"):
                return bool(await self.challenge('{"status":"401"}'))
        return way == "XOAUTH2"

    async def challenge(self, words: str) -> str:
        await self.say(f"334 {armoured(words)}")
        return (await self.line()).decode().strip()

    async def mail(self, rest: str) -> None:
        self.sender, self.recipient = rest.partition("<")[2].partition(">")[0], ""
        if self.in_letter:
            await self.say("503 5.5.1 One letter at a time")
        elif self.server.login and not self.signed_in:
            await self.say("530 5.7.0 Authentication required")
        else:
            self.in_letter = await self.answer("mail", "250 2.1.0 Ok")

    async def data(self) -> None:
        fault = self.server.strike("body", self.recipient)
        if fault:
            await self.line()
            await self.suffer(fault)
        lines: list[bytes] = []
        while (line := await self.line()) != b".\r\n":
            if not line:
                raise Over
            lines.append(line[1:] if line.startswith(b".") else line)
        await self.at_the_end(b"".join(lines))

    async def chunk(self, length: int) -> None:
        """BDAT with LAST. A fault at the end leaves the letter open, as a server may (RFC 3030, 2)."""
        while len(self.heard) - self.place < length:
            await self.more()
        message = self.heard[self.place : self.place + length]
        self.place += length
        if self.recipient:
            await self.at_the_end(message)
        else:
            await self.say("503 5.5.1 No valid recipients")

    async def at_the_end(self, message: bytes) -> None:
        fault = self.server.strike("dot", self.recipient)
        self.in_letter = bool(fault) and self.server.is_stubborn
        if not self.recipient:
            await self.say("554 5.5.1 No valid recipients")
            return
        if fault is None or fault.kept:
            self.server.keep(self.sender, self.recipient, message)
        if fault:
            await self.suffer(fault)
        else:
            await self.say("250 2.0.0 Kept")

    async def answer(self, step: str, usual: str) -> bool:
        """True when the usual answer was given."""
        fault = self.server.strike(step, self.recipient if step in ("rcpt", "data") else "")
        if fault:
            await self.suffer(fault)
        else:
            await self.say(usual)
        return fault is None

    async def suffer(self, fault: Fault) -> None:
        match fault.deed:
            case "drop":
                await self.flush()
                raise Over
            case "silence":
                await self.flush()
                await asyncio.Event().wait()
            case "garbage":
                await self.say("\x00\xffHello, is it me you are looking for?")
            case "drip":
                await self.flush()
                for byte in "250 " + "x" * 10_000:
                    self.writer.write(byte.encode())
                    await self.flush()
                    await asyncio.sleep(0.05)
            case reply:
                await self.say(reply)
                if reply.startswith("421"):
                    await self.flush()
                    raise Over

    async def line(self) -> bytes:
        """With its line end; empty when the client hung up."""
        while (end := self.heard.find(b"\n", self.place)) < 0:
            try:
                await self.more()
            except Over:
                return b""
        line, self.place = self.heard[self.place : end + 1], end + 1
        return line

    async def more(self) -> None:
        await self.flush()
        self.server.turns += 1
        data = await self.reader.read(1 << 16)
        if not data:
            raise Over
        self.heard, self.place = self.heard[self.place :] + data, 0

    async def say(self, text: str) -> None:
        self.unsaid.append(text.encode("latin-1") + b"\r\n")

    async def flush(self) -> None:
        if self.unsaid:
            self.writer.write(b"".join(self.unsaid))
            self.unsaid.clear()
        await self.writer.drain()


def armoured(words: str) -> str:
    return base64.b64encode(words.encode()).decode()
