"""What the recorders wrote, read by a judge; and the recorder's other end, by which a scenario waits for mails."""

import socket
import subprocess
import sys
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

RECORDER = Path(__file__).with_name("recorder.py")
LONG = 600.0
"""Seconds after which a scenario that waits for mails has failed."""


class Recorder:
    """A recorder that runs; ``port`` is for mail."""

    def __init__(self, record: Path) -> None:
        self.record = record
        self._process = subprocess.Popen(
            [sys.executable, "-I", str(RECORDER), str(record)], stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout
        self.port, self._talk = map(int, self._process.stdout.readline().split())

    def until(self, number: int, what: str = "mails", within: float = LONG) -> bool:
        """Waits until so many mails have come (``readers``: to so many addresses; ``bad``: so many bad answers were given)."""
        try:
            self._ask(f"until {what} {number}", within)
        except TimeoutError:
            return False
        return True

    def number(self, what: str = "mails") -> int:
        return int(self._ask(f"number {what}"))

    def kill_comes(self) -> None:
        """Connections that break from here on broke by this kill."""
        self._ask("kill")

    def say(self, step: str, reply: str) -> None:
        """Answers so at ``step`` from now on, to everybody; with no ``reply`` it hangs up."""
        self._ask(f"say {step} {reply}")

    def be_well(self) -> None:
        self._ask("well")

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        assert self._process.stdout
        self._process.stdout.close()

    def _ask(self, words: str, within: float = 10.0) -> str:
        with socket.create_connection(("127.0.0.1", self._talk), timeout=within) as line:
            line.sendall(f"{words}\n".encode())
            return line.makefile().readline().strip()


@contextmanager
def recorder(record: Path) -> Iterator[Recorder]:
    made = Recorder(record)
    try:
        yield made
    finally:
        made.close()


@dataclass(frozen=True)
class Mail:
    moment: float
    connection: str
    recipient: str
    message_id: str
    sha256: str


@dataclass
class Kill:
    connections: int = 0
    """That were open."""
    duplicates: int = 0
    """Second copies of letters that were in flight on them."""


@dataclass
class Account:
    """All that came."""

    mails: dict[int, list[Mail]] = field(default_factory=lambda: defaultdict(list))
    """The copies of each letter, by the number that its Message-ID begins with."""
    kills: list[Kill] = field(default_factory=list)
    most_connections: int = 0
    faults: list[str] = field(default_factory=list)
    """Copies that nothing excuses."""

    @property
    def duplicates(self) -> int:
        return sum(len(copies) - 1 for copies in self.mails.values())

    @property
    def letters(self) -> int:
        """Mails, copies and all."""
        return sum(map(len, self.mails.values()))

    def most_within(self, seconds: float) -> int:
        """Mails in the fullest span of so many seconds, wherever it begins."""
        moments = sorted(mail.moment for copies in self.mails.values() for mail in copies)
        return max(
            (last - bisect_left(moments, moment - seconds) + 1 for last, moment in enumerate(moments)),
            default=0,
        )


def read_record(record: Path) -> Account:
    """A second copy is excused by a kill that broke the connection of the one before, if both are the same mail."""
    account, killed_at, open_now = Account(), dict[str, Kill](), set[str]()
    for line in record.read_text().splitlines():
        what, moment, connection, *words = line.split(" ")
        match what:
            case "M":
                recipient, message_id, sha256 = words
                number = int(message_id.lstrip("<").partition(".")[0])
                account.mails[number].append(Mail(float(moment), connection, recipient, message_id, sha256))
            case "O":
                open_now.add(connection)
                account.most_connections = max(account.most_connections, len(open_now))
            case "K":
                account.kills.append(Kill())
            case "B" if account.kills:
                killed_at[connection] = account.kills[-1]
                account.kills[-1].connections += 1
        if what in "QB":
            open_now.discard(connection)
    for number, copies in account.mails.items():
        for before, after in zip(copies, copies[1:], strict=False):
            kill = killed_at.get(before.connection)
            if kill is None:
                account.faults.append(f"letter {number} came again without a kill")
            else:
                kill.duplicates += 1
            if (before.recipient, before.message_id, before.sha256) != (
                after.recipient,
                after.message_id,
                after.sha256,
            ):
                account.faults.append(f"the copies of letter {number} differ")
    account.faults += [
        f"{kill.duplicates} duplicates, {kill.connections} open connections"
        for kill in account.kills
        if kill.duplicates > kill.connections
    ]
    return account
