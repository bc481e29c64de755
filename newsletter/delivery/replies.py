"""An SMTP server's replies, out of whatever pieces they arrive in (RFC 5321, 4.2). Used by ``dialling`` and ``pipelining``."""

from typing import NamedTuple

from newsletter.delivery.verdicts import GARBAGE

LONGEST_REPLY = 65_536
"""Bytes of one whole reply; a longer one is garbage."""

_KNOWN = 8
"""Replies that are read only once on a connection: those to MAIL, RCPT and DATA hardly ever change."""

_CODES = {b"%03d" % code: code for code in range(200, 600)}


class Reply(NamedTuple):
    """``code`` is GARBAGE for what is no SMTP; ``words`` are the lines without codes, joined by line feeds."""

    code: int
    words: bytes

    @property
    def text(self) -> str:
        return self.words.decode("utf-8", "replace")


_NONSENSE = Reply(GARBAGE, b"The server's answer was no SMTP.")


class Replies:
    """Feed it what was read and it gives the replies that are whole. After garbage it gives nothing more."""

    __slots__ = ("_deaf", "_known", "_length", "_lines", "_rest")

    def __init__(self) -> None:
        self._rest = bytearray()
        self._lines: list[bytes] = []
        self._length = 0
        self._deaf = False
        self._known: dict[bytes, Reply] = {}

    @property
    def is_amid(self) -> bool:
        """Whether a reply has begun and is not whole yet."""
        return bool(self._rest or self._lines)

    def feed(self, data: bytes) -> list[Reply]:
        if self._deaf:
            return []
        lines = data.split(b"\n")
        rest = lines.pop()
        if lines and self._rest:
            lines[0] = bytes(self._rest) + lines[0]
            self._rest.clear()
        found = self._read(lines)
        if not rest:
            return found
        self._rest += rest
        if not self._deaf and self._length + len(self._rest) > LONGEST_REPLY:
            found.append(self._nonsense())
        return found

    def _read(self, lines: list[bytes]) -> list[Reply]:
        found: list[Reply] = []
        known = self._known
        for line in lines:
            if line in known and not self._lines:
                found.append(known[line])
                continue
            code = _CODES.get(line[:3])
            if code is None or self._length + len(line) > LONGEST_REPLY:
                found.append(self._nonsense())
                break
            words = line[4:].strip(b" \t\r")
            if line[3:4] == b"-":
                self._lines.append(words)
                self._length += len(line) + 1
            elif self._lines:
                found.append(Reply(code, b"\n".join([*self._lines, words])))
                self._lines, self._length = [], 0
            else:
                found.append(Reply(code, words))
                if len(known) < _KNOWN:
                    known[line] = found[-1]
        return found

    def _nonsense(self) -> Reply:
        self._deaf = True
        return _NONSENSE
