"""What a visitor's connection talks to: a ready page leaves before anything else is woken; all else goes the server's usual way.

Uvicorn's own protocol, with a glance at what came first. Between two requests, a whole plain head (``heads.py``) for a page that is at hand
and fresh is answered at once, in the event loop, for about what a file costs. Everything else, and whatever is in any way odd, is
left to Uvicorn's parser and comes to the same cache as WSGI, which asks the application. Chosen by ``blog.web.server``.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from blog.pagecache.heads import read
from blog.pagecache.serving import PageCache

OK, UNCHANGED = b"HTTP/1.1 200 OK\r\ndate: ", b"HTTP/1.1 304 Not Modified\r\ndate: "


class Front(HttpToolsProtocol):
    """``config.loaded_app.cache`` is the page cache. A connection that says nothing, or half a head, is closed after the keep-alive time."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._cache: PageCache = self.config.loaded_app.cache
        self._is_amid = False
        """In the middle of a request, by Uvicorn's parser."""
        self._begun_at = self._heard_at = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_more()

    def data_received(self, data: bytes) -> None:
        if not self._is_amid and self._is_at_rest() and self._answer(data):
            self._heard_at = self.loop.time()
            return
        super().data_received(data)
        if self._is_at_rest() and not self.timeout_keep_alive_task:
            # A head that comes drop by drop wins no time.
            self._await_more(self._begun_at - self.loop.time() if self._is_amid else 0.0)

    def on_message_begin(self) -> None:
        self._is_amid, self._begun_at = True, self.loop.time()
        super().on_message_begin()

    def on_message_complete(self) -> None:
        self._is_amid = False
        super().on_message_complete()

    def timeout_keep_alive_handler(self) -> None:
        """Set anew only when it has rung, so that a ready page need not touch it."""
        left = 0.0 if self._is_amid else self._heard_at + self.timeout_keep_alive - self.loop.time()
        if left > 0 and not self.transport.is_closing():
            self._await_more(left - self.timeout_keep_alive)
        else:
            super().timeout_keep_alive_handler()

    def _is_at_rest(self) -> bool:
        """Nobody works on an answer, and none waits to be written."""
        return (
            (self.cycle is None or self.cycle.response_complete)
            and not self.pipeline
            and not self.flow.write_paused
        )

    def _answer(self, data: bytes) -> bool:
        asked = read(data)
        ready = self._cache.ready(asked.key, asked.encodings) if asked else None
        if asked is None or ready is None or self.transport.is_closing():
            return False
        ((_, date), *_) = self.server_state.default_headers
        if asked.tags and ready.is_held(asked.tags):
            self.transport.write(b"%b%b\r\n%b" % (UNCHANGED, date, ready.lines_unchanged))
        elif asked.is_head:
            self.transport.write(b"%b%b\r\n%b" % (OK, date, ready.lines))
        else:
            self.transport.writelines((b"%b%b\r\n%b" % (OK, date, ready.lines), ready.body))
        return True

    def _await_more(self, more: float = 0.0) -> None:
        after = max(self.timeout_keep_alive + more, 0.0)
        self.timeout_keep_alive_task = self.loop.call_later(after, self.timeout_keep_alive_handler)
