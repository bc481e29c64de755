"""The outside programs that benchmarks measure against, and how they come to this machine: Debian's nginx, wrk and postfix."""

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

PACKAGES = {"nginx": "nginx-light", "wrk": "wrk", "smtp-source": "postfix", "smtp-sink": "postfix"}
TICKS = os.sysconf("SC_CLK_TCK")


def find(*programs: str) -> list[Path]:
    """The programs' paths; installs what is missing where it may, else ends with the one line to run."""
    missing = sorted({PACKAGES[name] for name in programs if not _path(name)})
    if missing:
        install = ["apt-get", "install", "-q", "-y", "--no-install-recommends", *missing]
        if os.geteuid() != 0:
            sys.exit(f"This needs: sudo {' '.join(install)}")
        quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
        subprocess.run(["apt-get", "update", "-q"], check=True, **quiet)
        subprocess.run(install, check=True, **quiet)
    return [path for name in programs if (path := _path(name))]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(port: int, seconds: float = 30) -> None:
    """Until something listens on the loopback port."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    sys.exit(f"nothing listens on port {port}")


def cpu_seconds(root: int) -> float:
    """Processor time, user and system, of a process and all that it started and that still lives."""
    stats = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(") ")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            stats[int(entry.name)] = (int(fields[1]), (int(fields[11]) + int(fields[12])) / TICKS)
    family, grown = {root}, True
    while grown:
        more = {pid for pid, (parent, _) in stats.items() if parent in family} - family
        family |= more
        grown = bool(more)
    return sum(stats[pid][1] for pid in family if pid in stats)


def _path(name: str) -> Path | None:
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    return Path(found) if found else None
