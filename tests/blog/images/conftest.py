"""A disk for pictures, and one way to take a picture in."""

import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from blog.db import Database
from blog.images import intake
from blog.images.reading import Picture
from blog.images.storage import Disk

TakeIn = Callable[..., Picture]


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    return Disk(tmp_path / "media")


@pytest.fixture
def take_in(db: Database, disk: Disk, noon: datetime) -> TakeIn:
    def take(data: bytes, filename: str = "picture.png") -> Picture:
        return intake.take_in(db, disk, io.BytesIO(data), filename, None, noon)[0]

    return take
