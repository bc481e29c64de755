"""Quoted-printable (RFC 2045) that nothing on the way changes, and that is already in the relaxed form that DKIM hashes. Pure.

So no line begins with a dot or with "From ", there is no tab, no second space of a run and no space at a line's end: all of those
are written in hexadecimal. Called by ``envelope``.
"""

import re

LONGEST = 76
"""Characters of a line, with the "=" of a soft break (RFC 2045, 6.7)."""
SOFT = b"=\r\n"
_ODD = re.compile(rb"[^!-<>-~ ]|(?<= ) | $")
_CHANGED = re.compile(rb"^(\.|From )")


def quoted(text: str) -> bytes:
    """The lines of ``text``. A soft break may follow the last one."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    *lines, last = (_escaped(line) for line in plain.encode().split(b"\n"))
    return b"\r\n".join([*(_broken(line, LONGEST) for line in lines), _broken(last, LONGEST - 1)])


def _escaped(line: bytes) -> bytes:
    return _begun(_ODD.sub(lambda odd: b"=%02X" % odd[0][0], line))


def _begun(line: bytes) -> bytes:
    return _CHANGED.sub(lambda m: b"=%02X" % m[1][0] + m[1][1:], line)


def _broken(line: bytes, most: int) -> bytes:
    lines = []
    while len(line) > most:
        # Not in the middle of a "=C3".
        cut = LONGEST - 1 - next((back for back in (1, 2) if line[75 - back : 76 - back] == b"="), 0)
        lines.append(line[:cut])
        line = _begun(line[cut:])
    return SOFT.join([*lines, line])
