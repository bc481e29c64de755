"""What a run of the tests that was killed leaves on the machine is gone with the next."""

import fcntl
import tempfile
from pathlib import Path

from tests.postgres import sweep


def test_the_folder_of_a_server_goes_when_nobody_holds_it_any_more() -> None:
    folder = Path(tempfile.mkdtemp(prefix="pj-", dir="/tmp"))
    (folder / "data").mkdir()
    with (folder / "held").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        sweep()
        assert (folder / "data").is_dir()
    sweep()
    assert not folder.exists()
