"""The connections of one run: dials as many as are worth having, and sends home those that are not. Used by the engine alone."""

import asyncio
import time

import structlog

from newsletter.delivery.smtp import NoLine
from newsletter.delivery.supplying import Carrier, Connection, Supplier
from newsletter.delivery.verdicts import Answer
from newsletter.delivery.width import Width

log = structlog.get_logger()


class Crew:
    def __init__(self, carrier: Carrier, supplier: Supplier, most: int) -> None:
        self.width = Width(most)
        self.barred: Answer | None = None
        """What stood in the way of the last connection, while none is open."""
        self.failure: BaseException | None = None
        self._carrier, self._supplier = carrier, supplier
        self._open: set[Connection] = set()
        self._leaving: set[Connection] = set()
        self._dialling: set[asyncio.Task[None]] = set()
        self._is_finishing = False

    def __len__(self) -> int:
        """Those that may still have a letter in hand, and those that are coming."""
        return len(self._open) + len(self._leaving) + len(self._dialling)

    @property
    def open_now(self) -> int:
        return len(self._open)

    @property
    def hands(self) -> int:
        """How many letters the open connections carry at the same time."""
        return sum(getattr(connection, "most", 1) for connection in self._open)

    def staff(self, waiting: int) -> None:
        """With so many letters on the belt."""
        if self.barred:
            return  # The engine is about to hear of it, and leaves the server in peace.
        self.width.judge(len(self._open), waiting, time.process_time())
        here = len(self._open) + len(self._dialling)
        for _ in range(min(self.width.wanted - here, waiting)):
            task = asyncio.create_task(self._dial())
            self._dialling.add(task)
            task.add_done_callback(self._dialling.discard)
        for _ in range(len(self._open) - self.width.wanted):
            self._send_home(next(iter(self._open)))

    def nudge(self) -> None:
        for connection in tuple(self._open):
            connection.nudge()

    def finish(self) -> None:
        self._is_finishing = True
        for connection in tuple(self._open):
            self._send_home(connection)

    def abort(self) -> None:
        self.finish()
        for task in self._dialling:
            task.cancel()
        for connection in tuple(self._leaving):
            connection.abort()

    def lost(self, connection: Connection) -> None:
        self._open.discard(connection)
        self._leaving.discard(connection)
        self.failure = self.failure or getattr(connection, "failure", None)

    def _send_home(self, connection: Connection) -> None:
        self._open.discard(connection)
        self._leaving.add(connection)
        connection.finish()

    async def _dial(self) -> None:
        try:
            connection = await self._carrier.connect(self._supplier)
        except NoLine as barred:
            log.warning("server.no_connection", phase=barred.answer.phase, code=barred.answer.code)
            self.width.refused()
            if not self._open and len(self._dialling) == 1:
                self.barred = barred.answer
            return
        except Exception as error:
            self.failure = self.failure or error
            return
        if self._is_finishing:
            self._send_home(connection)
            return
        self._open.add(connection)
        connection.nudge()
