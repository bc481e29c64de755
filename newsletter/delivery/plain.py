"""Carries letters over a line that knows nothing of event loops, each line in a thread of its own: smtplib, a folder, a provider.

A line may take several letters at once; then they begin together and end together.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from newsletter.delivery.packing import Load
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
        self.most = line.most
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
        """A thread cannot be interrupted, but what it waits for can be cut off."""
        self.finish()
        self._line.abort()

    async def _carry(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while not self._is_finishing:
                if not (loads := self._take()):
                    self._nudged.clear()
                    await self._nudged.wait()
                    continue
                for load in loads:
                    self._supplier.begins(load)
                parcels = [load.parcel for load in loads]
                answers = await loop.run_in_executor(self._thread, self._line.send_all, parcels, _nothing)
                # Paired before any is believed: with one missing nobody could say whose it is.
                for load, answer in list(zip(loads, answers, strict=True)):
                    self._supplier.answered(load, answer)
        except Exception as error:
            self.failure = error
        finally:
            await loop.run_in_executor(self._thread, self._line.close)
            self._thread.shutdown(wait=False)
            self._supplier.lost(self)

    def _take(self) -> list[Load]:
        """What there is just now, as many as the line takes at once; it does not wait for more."""
        loads: list[Load] = []
        while len(loads) < self.most and (load := self._supplier.take()) is not None:
            loads.append(load)
        return loads


def _nothing() -> None:
    pass
