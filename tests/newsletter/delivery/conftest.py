"""The delivery room's part of the cast."""

import ssl
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from blog.db import Database
from tests.mailserver import RecordingServer, recording_server
from tests.newsletter.delivery.belt import LOOP, LOOPS
from tests.newsletter.delivery.office import Clock, Office, smtp_to


@pytest.fixture
def clock(noon: datetime) -> Clock:
    return Clock(noon)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RecordingServer]:
    with recording_server(tmp_path) as made:
        yield made


@pytest.fixture
def office(db: Database, clock: Clock, server: RecordingServer) -> Office:
    return Office(db, clock, smtp_to(server))


@pytest.fixture(params=LOOPS, ids=lambda loop: loop.__module__.partition(".")[0])
def each_loop(request: pytest.FixtureRequest) -> Iterator[None]:
    """Once on asyncio's own event loop, once on uvloop."""
    token = LOOP.set(request.param)
    yield
    LOOP.reset(token)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate and its key for 127.0.0.1, signed by nobody."""
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"]
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        *names,
        "-keyout",
        str(path),
        "-out",
        str(path),
    ]
    out = path.with_suffix(".crt")
    subprocess.run([*made[:-1], str(out)], check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + out.read_bytes())
    return path


@pytest.fixture
def tls_server(tmp_path: Path, certificate: Path) -> Iterator[RecordingServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with recording_server(tmp_path, tls=context) as made:
        yield made


@pytest.fixture
def trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate.with_suffix(".crt")))


@pytest.fixture
def s(db: Database) -> Iterator[Session]:
    """One transaction, for what is called inside those of others."""
    with db.transaction() as s:
        yield s


@pytest.fixture
def statements(db: Database) -> Iterator[list[str]]:
    """Every statement that the database is asked from now on."""
    heard: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        heard.append(statement)

    event.listen(db.engine, "before_cursor_execute", hear)
    yield heard
    event.remove(db.engine, "before_cursor_execute", hear)
