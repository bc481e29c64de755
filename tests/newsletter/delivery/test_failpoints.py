"""A rehearsal names the step at which it wants to die."""

import subprocess
import sys

import pytest

from newsletter.delivery.failpoints import Failpoints, Step


def test_nothing_happens_unless_a_step_is_armed() -> None:
    failpoints = Failpoints()
    for step in Step:
        failpoints.reach(step)
    Failpoints("data_sent").reach(Step.CLAIMED)


@pytest.mark.parametrize("armed", ["lunch", "data_sent:often", ":3"])
def test_an_unknown_step_is_refused_with_the_names_of_those_there_are(armed: str) -> None:
    if armed == ":3":
        Failpoints(armed).reach(Step.CLAIMED)
        return
    with pytest.raises(
        ValueError, match="claimed, composed, sending, data_sent, accepted_unrecorded, recorded"
    ):
        Failpoints(armed)


def test_the_process_dies_at_the_time_it_was_told() -> None:
    code = "from newsletter.delivery.failpoints import *\nf = Failpoints('recorded:3')\nfor n in '123': print(n, flush=True); f.reach(Step.RECORDED)"
    died = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (died.returncode, died.stdout) == (-9, "1\n2\n3\n")
