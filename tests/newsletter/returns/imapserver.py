"""The smallest IMAP server that a mailbox can be fetched from: one folder of mails, their flags, and what was moved away."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Folder:
    mails: dict[int, bytes]
    seen: set[int] = field(default_factory=set)
    moved: dict[int, str] = field(default_factory=dict)
    port: int = 0
    password: str = "a secret"
    commands: list[str] = field(default_factory=list)


class _Talk(socketserver.StreamRequestHandler):
    folder: Folder

    def handle(self) -> None:
        self._say("* OK ready")
        while line := self.rfile.readline().decode().strip():
            tag, name, rest = (*line.split(" ", 2), "")[:3]
            self.folder.commands.append(line.partition(" ")[2])
            answer = getattr(self, f"do_{name.lower()}", lambda _rest: "OK")(rest)
            self._say(f"{tag} {answer} done")
            if name.lower() == "logout":
                return

    def do_capability(self, _rest: str) -> str:
        self._say("* CAPABILITY IMAP4rev1 MOVE UIDPLUS")
        return "OK"

    def do_login(self, rest: str) -> str:
        return "OK" if self.folder.password in rest else "NO wrong password"

    def do_select(self, _rest: str) -> str:
        self._say(f"* {len(self.folder.mails)} EXISTS")
        return "OK [READ-WRITE]"

    def do_logout(self, _rest: str) -> str:
        self._say("* BYE")
        return "OK"

    def do_expunge(self, _rest: str) -> str:
        return "OK"

    def do_uid(self, rest: str) -> str:
        deed, _, words = rest.partition(" ")
        numbers = [int(number) for number in re.findall(r"^\d+|(?<=,)\d+", words)]
        if deed == "SEARCH":
            new = [str(n) for n in self.folder.mails if n not in self.folder.seen | set(self.folder.moved)]
            self._say(f"* SEARCH {' '.join(new)}")
        elif deed == "FETCH":
            body = self.folder.mails[numbers[0]]
            self.wfile.write(
                f"* 1 FETCH (UID {numbers[0]} BODY[]<0> {{{len(body)}}}\r\n".encode() + body + b")\r\n"
            )
        elif deed == "STORE" and "\\Seen" in words:
            self.folder.seen |= set(numbers)
        elif deed in ("COPY", "MOVE"):
            self.folder.moved |= dict.fromkeys(numbers, words.split()[-1].strip('"'))
        return "OK"

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def imap_server(*mails: bytes) -> Iterator[Folder]:
    folder = Folder(dict(enumerate(mails, 1)))
    handler = type("Talk", (_Talk,), {"folder": folder})
    with _Server(("127.0.0.1", 0), handler) as server:
        folder.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield folder
        finally:
            server.shutdown()
            thread.join()
