"""An HTTP server for tests that speaks like a provider: it takes down each request and answers what it is told to answer."""

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Asked:
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Says:
    """``raw`` takes the place of a whole HTTP answer, after which the line is closed."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None


HANGS_UP = Says(raw=b"")


@dataclass
class Provided:
    """The server as tests see it. ``answer`` is asked for each request; ``connections`` counts the lines that were opened."""

    answer: Callable[[Asked], Says]
    asked: list[Asked] = field(default_factory=list)
    port: int = 0
    connections: int = 0
    lines: list[socket.socket] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def drop_lines(self) -> None:
        """As a server does with lines that are idle for too long."""
        while self.lines:
            self.lines.pop().shutdown(socket.SHUT_RDWR)


@contextmanager
def provided(answer: Callable[[Asked], Says], tls: ssl.SSLContext | None = None) -> Iterator[Provided]:
    made = Provided(answer)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        timeout = 5

        def setup(self) -> None:
            made.connections += 1
            made.lines.append(self.request)
            super().setup()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            asked = Asked(self.path, dict(self.headers.items()), body)
            made.asked.append(asked)
            self._say(made.answer(asked))

        def _say(self, says: Says) -> None:
            if says.raw is not None:
                self.wfile.write(says.raw)
                self.close_connection = True
                return
            body = says.body if isinstance(says.body, bytes) else json.dumps(says.body).encode()
            self.send_response(says.status)
            for name, value in says.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            pass  # lines that tests break

    with Quiet(("127.0.0.1", 0), Handler) as server:
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        made.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield made
        finally:
            server.shutdown()
            thread.join()
