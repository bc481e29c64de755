"""A table to take away: lines of cells as CSV (RFC 4180), sent as they are made. Called by the doors of readers and returns."""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from flask import Response

from blog import clock
from blog.web.wiring import house

BYTES = 64_000
"""So much of a download is gathered before it is sent."""


def table(name: str, lines: Iterable[tuple[str, ...]]) -> Response:
    """The file is called ``name`` and the day of the publication."""
    day = clock.now().astimezone(house().settings.zone)
    response = Response(_csv(lines), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{day:%Y-%m-%d}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _csv(lines: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """With a mark at its head by which Excel knows the encoding."""
    buffer = StringIO("\ufeff")
    buffer.seek(1)
    writer = csv.writer(buffer)
    for line in lines:
        writer.writerow(line)
        if buffer.tell() > BYTES:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()
