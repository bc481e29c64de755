"""A sender in a process of its own, to be killed: ``python -m tests.faults.sender DATABASE PORT FAILPOINT CONNECTIONS JOURNALS``.

SIGTERM asks it to come to its end.
"""

import os
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import blog.models  # noqa: F401
import newsletter.models  # noqa: F401
from blog.db import Database
from newsletter.delivery.failpoints import Failpoints
from newsletter.delivery.pipelining import Pipelined
from newsletter.delivery.sending import send_ready
from tests.newsletter.delivery.office import plain


def main(database: str, port: str, failpoint: str, connections: str, journals: str) -> None:
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    db = Database(database)
    sent = send_ready(
        db,
        Pipelined("127.0.0.1", int(port), hello="tests.example.org", timeout=5),
        {"digest": plain},
        lambda: datetime.now(UTC),
        f"sender {os.getpid()}",
        connections=int(connections),
        stop=stop,
        failpoints=Failpoints(failpoint),
        journals=Path(journals),
    )
    db.close()
    sys.stdout.write(f"{sent.accepted}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
