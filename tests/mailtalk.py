"""One conversation of the recording server, and the faults that may strike in it. Used by ``tests.mailserver`` alone."""

import asyncio
import base64
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
    """One connection."""

    def __init__(
        self, server: "RecordingServer", reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.server, self.reader, self.writer = server, reader, writer
        self.sender = self.recipient = ""
        self.encrypted = self.signed_in = False

    async def run(self) -> None:
        await self.answer("connect", "220 recorder ESMTP")
        while line := await self.reader.readline():
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
                await self.auth(rest)
            case "MAIL":
                self.sender = rest.partition("<")[2].partition(">")[0]
                refused = self.server.login and not self.signed_in
                await self.answer("mail", "530 5.7.0 Authentication required" if refused else "250 2.1.0 Ok")
            case "RCPT":
                self.recipient = rest.partition("<")[2].partition(">")[0]
                await self.answer("rcpt", "250 2.1.5 Ok")
            case "DATA":
                if await self.answer("data", "354 Go on"):
                    await self.data()
            case "QUIT":
                await self.say("221 2.0.0 Bye")
                raise Over
            case "RSET" | "NOOP":
                await self.say("250 2.0.0 Ok")
            case _:
                await self.say("502 5.5.2 What?")

    def greeting(self) -> list[str]:
        features = ["recorder", "8BITMIME", "SIZE 20000000", "SMTPUTF8", "ENHANCEDSTATUSCODES"]
        if self.server.tls and not self.encrypted:
            features.append("STARTTLS")
        if self.server.login:
            features.append("AUTH PLAIN")
        return [f"250-{feature}" for feature in features[:-1]] + [f"250 {features[-1]}"]

    async def starttls(self) -> None:
        if not self.server.tls:
            await self.say("502 5.5.1 No TLS here")
        elif await self.answer("starttls", "220 2.0.0 Go on"):
            await self.writer.start_tls(self.server.tls)
            self.encrypted = True

    async def auth(self, rest: str) -> None:
        user, password = self.server.login or ("", "")
        wanted = base64.b64encode(f"\0{user}\0{password}".encode()).decode()
        self.signed_in = rest.partition(" ")[2] == wanted
        await self.answer(
            "auth", "235 2.7.0 Welcome" if self.signed_in else "535 5.7.8 Wrong user name or password"
        )

    async def data(self) -> None:
        fault = self.server.strike("body", self.recipient)
        if fault:
            await self.reader.readline()
            await self.suffer(fault)
        lines: list[bytes] = []
        while (line := await self.reader.readline()) != b".\r\n":
            if not line:
                raise Over
            lines.append(line[1:] if line.startswith(b".") else line)
        await self.at_the_dot(b"".join(lines))

    async def at_the_dot(self, message: bytes) -> None:
        fault = self.server.strike("dot", self.recipient)
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
                raise Over
            case "silence":
                await asyncio.Event().wait()
            case "garbage":
                await self.say("\x00\xffHello, is it me you are looking for?")
            case "drip":
                for byte in "250 " + "x" * 10_000:
                    self.writer.write(byte.encode())
                    await self.writer.drain()
                    await asyncio.sleep(0.05)
            case reply:
                await self.say(reply)
                if reply.startswith("421"):
                    raise Over

    async def say(self, text: str) -> None:
        self.writer.write(text.encode("latin-1") + b"\r\n")
        await self.writer.drain()
