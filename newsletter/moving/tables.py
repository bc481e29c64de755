"""A file of readers as a stream of lines: delimiter, header and format are told from its first line. Called by check and run."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from zipfile import ZipFile

from newsletter.moving import cells, elsewhere, formats
from newsletter.moving.entries import Line
from newsletter.moving.formats import Format

DELIMITERS = (",", ";", "\t", "|")
LONGEST_ADDRESS = 320


@dataclass(frozen=True)
class Header:
    format: Format
    delimiter: str
    names: tuple[str, ...]
    """The columns, folded."""
    labels: tuple[str, ...]
    """The columns as they stand."""
    is_written: bool = True
    """False for a bare list of addresses, whose first line is a reader already."""

    @property
    def extras(self) -> tuple[str, ...]:
        pairs = zip(self.names, self.labels, strict=True)
        return tuple(label for name, label in pairs if name not in self.format.known and label)


def lines(content: bytes) -> Iterator[Line]:
    """Every line that holds something, over all tables of the file."""
    index = 0
    with ZipFile(io.BytesIO(content)) as packed:
        for entry in packed.infolist():
            with packed.open(entry) as raw:
                text = io.TextIOWrapper(raw, "utf-8", newline="")
                for line in _of_table(entry.filename, text, index):
                    index = line.index
                    yield line


def header(first: str) -> Header | None:
    """None where no column holds addresses."""
    best: Header | None = None
    for delimiter in DELIMITERS:
        found = _header(first, delimiter)
        if found and (best is None or len(found.names) > len(best.names)):
            best = found
    return best


def opening(text: Iterable[str]) -> tuple[str, int]:
    """The first line that says something, and how many lines that took. ``sep=;`` is a spreadsheet's note to itself."""
    for number, line in enumerate(islice(text, 50), 1):
        if line.strip().strip(",;\t|") and not re.match(r'^"?sep=.?"?\s*$', line):
            return line, number
    return "", 0


def chunks(of: Iterable[Line], size: int) -> Iterator[list[Line]]:
    stream = iter(of)
    while chunk := list(islice(stream, size)):
        yield chunk


def _of_table(name: str, text: Iterable[str], index: int) -> Iterator[Line]:
    stream: Iterator[str] = (line.replace("\0", "") for line in text)
    first, before = opening(stream)
    known = header(first)
    if known is None:
        return
    if not known.is_written:
        stream, before = chain([first], stream), before - 1
    rows = csv.reader(stream, delimiter=known.delimiter)
    while True:
        number = before + rows.line_num + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:
            row = None
        if row is None or any(cell.strip() for cell in row):
            index += 1
            yield _line(known, row, index, name, number)


def _line(known: Header, row: Sequence[str] | None, index: int, table: str, number: int) -> Line:
    if row is None:
        return Line(index, table, number, None)
    told = {
        name: cell.strip()
        for name, cell in zip(reversed(known.names), reversed(_even(row, known)), strict=True)
    }
    entry = known.format.read(told, table)
    extras = {
        label: told[name]
        for name, label in zip(known.names, known.labels, strict=True)
        if name not in known.format.known and label
    }
    typed = "".join(c for c in entry.typed if c.isprintable())[:LONGEST_ADDRESS]
    return Line(index, table, number, replace(entry, typed=typed, extras=cells.kept(extras)))


def _even(row: Sequence[str], known: Header) -> list[str]:
    """As many cells as there are columns. Of columns with one name the first counts, so they are read backwards."""
    wide = len(known.names)
    return [*row[:wide], *[""] * (wide - len(row))]


def _header(first: str, delimiter: str) -> Header | None:
    try:
        labels = next(csv.reader([first.replace("\0", "")], delimiter=delimiter), [])
    except csv.Error:
        return None
    names = tuple(_folded(label) for label in labels)
    shown = tuple(cells.clean(label, 60) for label in labels)
    found = formats.find(frozenset(names))
    if found:
        return Header(found, delimiter, names, shown)
    holding = [i for i, label in enumerate(labels) if re.fullmatch(r"\s*[^\s@]+@[^\s@]+\.[^\s@]+\s*", label)]
    if len(holding) != 1:
        return None
    bare = tuple("email" if i in holding else f"column_{i + 1}" for i in range(len(labels)))
    labels_made = tuple("email" if i in holding else f"Column {i + 1}" for i in range(len(labels)))
    return Header(_plain(), delimiter, bare, labels_made, is_written=False)


def _plain() -> Format:
    found = formats.find(frozenset({elsewhere.EMAIL[0]}))
    assert found is not None
    return found


def _folded(label: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", label.strip().lstrip("\ufeff").casefold()).strip("_")
