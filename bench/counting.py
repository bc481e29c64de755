"""What a cheap sink counted, in a page of memory that it shares with whoever watches: the sink writes, senders and benchmarks read."""

import mmap
import struct
from pathlib import Path
from typing import Any, Self

_SIZE = 4096


def _field(at: int, code: str) -> Any:
    """A number at this place of the page."""
    packed = struct.Struct(code)

    def read(count: "Count") -> Any:
        return packed.unpack_from(count.page, at)[0]

    def write(count: "Count", number: float) -> None:
        packed.pack_into(count.page, at, number)

    return property(read, write)


class Count:
    """Mails taken so far, the moment of the first digest, and the port where more are taken."""

    def __init__(self, page: mmap.mmap, path: Path) -> None:
        self.page, self.path = page, path

    @classmethod
    def make(cls, path: Path) -> Self:
        path.write_bytes(bytes(_SIZE))
        return cls.open(path)

    @classmethod
    def open(cls, path: Path) -> Self:
        with path.open("r+b") as file:
            return cls(mmap.mmap(file.fileno(), _SIZE), path)

    @property
    def sample(self) -> Path:
        """The first digest, as it came."""
        return self.path.with_suffix(".eml")

    port: int = _field(0, "<Q")
    mails: int = _field(8, "<Q")
    first_at: float = _field(16, "<d")
    """By ``time.monotonic()``, which all processes of a machine share; 0.0 before there was one."""
