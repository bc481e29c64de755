"""Carries letters over a line that knows nothing of event loops, each line in a thread of its own: smtplib, a folder, a provider."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from newsletter.delivery.pausing import Backoff
from newsletter.delivery.supplying import Connection, Supplier
from newsletter.delivery.transport import Line, Transport


class Plain:
    """Makes a carrier of a plain transport."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def backoff(self) -> Backoff:
        return self._transport.backoff

    async def connect(self, supplier: Supplier) -> Connection:
        thread = ThreadPoolExecutor(1, thread_name_prefix="line")
        try:
            line = await asyncio.get_running_loop().run_in_executor(thread, self._transport.connect)
        except BaseException:
            thread.shutdown(wait=False)
            raise
        return _Threaded(line, thread, supplier)


class _Threaded:
    def __init__(self, line: Line, thread: ThreadPoolExecutor, supplier: Supplier) -> None:
        self._line, self._thread, self._supplier = line, thread, supplier
        self._is_finishing = False
        self._nudged = asyncio.Event()
        self._work = asyncio.create_task(self._carry())
        self.failure: BaseException | None = None

    def nudge(self) -> None:
        self._nudged.set()

    def finish(self) -> None:
        self._is_finishing = True
        self._nudged.set()

    def abort(self) -> None:
        """A thread cannot be interrupted: its line's own time-outs end it."""
        self.finish()

    async def _carry(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while not self._is_finishing:
                load = self._supplier.take()
                if load is None:
                    self._nudged.clear()
                    await self._nudged.wait()
                    continue
                self._supplier.begins(load)
                answer = await loop.run_in_executor(self._thread, self._line.send, load.parcel, _nothing)
                self._supplier.answered(load, answer)
        except Exception as error:
            self.failure = error
        finally:
            await loop.run_in_executor(self._thread, self._line.close)
            self._thread.shutdown(wait=False)
            self._supplier.lost(self)


def _nothing() -> None:
    pass
