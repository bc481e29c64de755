"""Which processes one machine runs, by its settings."""

from pathlib import Path

import pytest

from blog.opening import processes
from blog.settings import build


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ({}, "web clock mailbox"),
        ({"smtp_url": "smtp://mail.example.org"}, "web clock"),
        ({"listener_port": 2526}, "web clock mailbox"),
        ({"listener_port": 2526, "bounce_address": "bounces@example.org"}, "web clock mailbox listener"),
    ],
)
def test_the_listener_runs_with_the_others_once_it_is_set(
    tmp_path: Path, said: dict[str, object], names: str
) -> None:
    assert " ".join(processes(build(data=tmp_path, **said))) == names
