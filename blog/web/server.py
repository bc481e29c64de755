"""The web server: Uvicorn, with ready pages answered in front of it. ``python -m blog.web.server`` is started by ``blog.opening``.

The application is loaded once and its workers are forked from it, so that they share most of their memory; nothing is open by then.
"""

import argparse
import gc
import logging
import sys
from typing import Any, cast

import uvicorn
from a2wsgi import WSGIMiddleware
from flask import Flask

from blog.pagecache.front import Front
from blog.pagecache.serving import PageCache
from blog.supervising import end_with_parent
from blog.web import bodies
from blog.web.guard import LARGEST_PICTURE
from blog.web.workers import Workers

THREADS = 4
"""Of each worker, for pages that are not ready and for the studio."""
WAITING = 2000
"""Connections that a worker holds; who comes beyond is told to come again."""
IDLE = 75
"""Seconds that a connection may say nothing."""
FAREWELL = 10
"""Seconds that a worker gets for what is in flight."""
TURN = 0.0005
"""Seconds after which a thread lets another have its turn: a ready page waits no longer for one that is being made."""


class Site:
    """The WSGI application as ASGI, for Uvicorn."""

    def __init__(self, application: Flask) -> None:
        self.cache: PageCache = application.extensions["pagecache"]
        self._wsgi = WSGIMiddleware(cast(Any, application), workers=THREADS)
        logging.getLogger("uvicorn.error").addFilter(_name_alone)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        # In an environ "_" and "-" are the same; only a proxy's own headers may look like a proxy's.
        scope["headers"] = [(name, value) for name, value in scope["headers"] if b"_" not in name]
        allowed = bodies.most(scope["headers"], LARGEST_PICTURE)
        if not allowed:
            # The application has its own words for what is too large.
            await self._wsgi(scope, receive if allowed is None else bodies.nothing, send)
            return
        try:
            body = await bodies.gather(receive, allowed)
        except bodies.Broken:
            return
        except bodies.TooSlow:
            await _refuse(send, 408, b"Your request took too long to arrive. Try again.")
        except bodies.TooLarge:
            await _refuse(send, 413, b"That is too large.")
        else:
            with body:
                await self._wsgi(scope, bodies.told(body), send)


class Served(uvicorn.Config):
    def load(self) -> None:
        super().load()
        self.loaded_app = Site(cast(Flask, self.loaded_app))


def main() -> None:
    words = argparse.ArgumentParser()
    words.add_argument("--host", required=True)
    words.add_argument("--port", type=int, required=True)
    words.add_argument("--workers", type=int, required=True)
    asked = words.parse_args()
    config = Served(
        "app:app", host=asked.host, port=asked.port, workers=asked.workers, http=Front, loop="uvloop", ws="none", lifespan="off",
        interface="asgi3", log_config=None, access_log=False, proxy_headers=False, server_header=False, backlog=2048,
        limit_concurrency=WAITING, timeout_keep_alive=IDLE, timeout_graceful_shutdown=FAREWELL,
    )  # fmt: skip
    listening = config.bind_socket()
    config.load()
    gc.collect()
    gc.freeze()  # What is looked through is written to, and what is written to is shared no more.

    def work() -> None:
        end_with_parent()
        sys.setswitchinterval(TURN)
        uvicorn.Server(config).run(sockets=[listening])

    Workers(work, asked.workers, FAREWELL + 5).run()


async def _refuse(send: Any, status: int, words: bytes) -> None:
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", b"%d" % len(words)),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": words})


def _name_alone(record: logging.LogRecord) -> bool:
    """A traceback may hold addresses: of an error that nobody has caught, its name is told."""
    if record.exc_info and record.exc_info[0]:
        record.msg, record.args, record.exc_info = (
            f"{record.msg.strip()}: {record.exc_info[0].__name__}",
            (),
            None,
        )
    return True


if __name__ == "__main__":
    main()
