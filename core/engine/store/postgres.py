"""PostgreSQL through psycopg in threads: a connection and a transaction for each command, several at once.

Commands on one stream take turns by its row; each sees one state of everything (REPEATABLE READ), and is done again
when another changed what it stood on. docs/decisions/041-commands-side-by-side-on-postgresql.md says why.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from queue import SimpleQueue
from secrets import token_hex
from typing import Any, Final, TypeVar

import psycopg
from psycopg.pq import TransactionStatus

from core.engine.ports import Meter, NotStored, Reader, Signals, Transaction, Unsure
from core.engine.store.listeners import Listeners
from core.engine.store.postgres_hints import CHANNEL, hints, payload
from core.engine.store.postgres_schema import NoDesk as NoDesk
from core.engine.store.postgres_schema import prepare
from core.engine.store.postgres_seats import Connection, Counters, Seat, connect
from core.engine.store.postgres_seats import Unreachable as Unreachable
from core.engine.store.postgres_transaction import Again, Alone, PostgresReader, PostgresTransaction, meaning

R = TypeVar("R")
WRITERS: Final = 4
READERS: Final = 4
SWEEP: Final = 20
"""Due rows to one transaction: an accept on one of their tickets waits for all of them."""
BUSY_FOR: Final = 5.0
"""Seconds in which a command is done again because others were quicker."""
BREATH: Final = 0.002
"""Seconds at first between two tries, up to 32 times as long, by chance: who met once shall not meet again."""
PATIENT: Final = 3
"""Tries after which the others wait: a long command among many short ones would never come to its end."""
FIRM: Final = 3
"""Tries after which a row that is there twice is the command's own fault."""
FATE_KNOWN_IN: Final = 5.0
BESIDE: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ; LOCK TABLE meta IN ROW SHARE MODE; SELECT pg_current_xact_id()"
ALONE: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ; LOCK TABLE meta IN EXCLUSIVE MODE; SELECT pg_current_xact_id()"
READ: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


@dataclass(slots=True)
class _Job:
    future: asyncio.Future[Any]
    value: Any = None
    error: BaseException | None = None
    signals: Signals | None = None
    """Of what it stored."""
    begun: float = 0.0
    """When a command began (monotonic seconds); 0 for a question."""


class PostgresStore:
    """A store on one PostgreSQL database. Open it with `open_postgres`."""

    sweep = SWEEP

    def __init__(self, url: str, *, writers: int = WRITERS, readers: int = READERS) -> None:
        self._url = url
        self.process = token_hex(8)
        """Tells our own hints from those of others."""
        self._counters = Counters(url)
        self._writers = ThreadPoolExecutor(writers, "noroshi-write")
        self._readers = ThreadPoolExecutor(readers, "noroshi-read")
        self._free: dict[ThreadPoolExecutor, SimpleQueue[Seat]] = {
            self._writers: SimpleQueue(),
            self._readers: SimpleQueue(),
        }
        for pool, count in ((self._writers, writers), (self._readers, readers)):
            for _ in range(count):
                self._free[pool].put(Seat(url))
        self._under_way: set[asyncio.Future[Any]] = set()
        self._listeners = Listeners()
        self._meter: Meter | None = None

    def measure(self, meter: Meter) -> None:
        self._meter = meter

    def on_commit(self, call: Callable[[Signals], None]) -> None:
        self._listeners.add(call)

    async def write(self, work: Callable[[Transaction], R]) -> R:
        stored: R = await self._hand(self._writers, lambda seat, job: self._store(seat, job, work))
        return stored

    async def read(self, work: Callable[[Reader], R]) -> R:
        seen: R = await self._hand(self._readers, lambda seat, job: self._look(seat, job, work))
        return seen

    def told(self, signals: Signals) -> None:
        """Pass a hint on, our own or another process's."""
        self._listeners.tell(signals)

    def _hand(self, pool: ThreadPoolExecutor, do: Callable[[Seat, _Job], None]) -> asyncio.Future[Any]:
        """Handed over means it happens: a caller that is cancelled revokes nothing."""
        loop = asyncio.get_running_loop()
        job = _Job(loop.create_future())
        landed = loop.create_future()
        self._under_way.add(landed)
        pool.submit(self._do, pool, do, job, lambda: loop.call_soon_threadsafe(self._land, job, landed))
        return job.future

    def _do(
        self, pool: ThreadPoolExecutor, do: Callable[[Seat, _Job], None], job: _Job, land: Callable[[], object]
    ) -> None:
        seat = self._free[pool].get()
        try:
            do(seat, job)
        except StopIteration as error:  # a future refuses it, and its waiter would wait for ever
            job.error = RuntimeError("StopIteration left a transaction")
            job.error.__cause__ = error
        except BaseException as error:
            job.error = error
        finally:
            self._free[pool].put(seat)
            land()

    def _land(self, job: _Job, landed: asyncio.Future[Any]) -> None:
        self._under_way.discard(landed)
        landed.set_result(None)
        if self._meter is not None and job.begun:
            _measure(self._meter, job)
        if not job.future.cancelled():
            if job.error is None:
                job.future.set_result(job.value)
            else:
                job.future.set_exception(job.error)
        if job.signals is not None:
            self.told(job.signals)

    def _look(self, seat: Seat, job: _Job, work: Callable[[Reader], Any]) -> None:
        raw, _ = seat.begin(READ)
        try:
            job.value = work(PostgresReader(raw))
        finally:
            _end(raw)

    def _store(self, seat: Seat, job: _Job, work: Callable[[Transaction], Any]) -> None:
        """One command to its commit, done again while others are quicker."""
        job.begun = time.monotonic()
        until, tries, how = job.begun + BUSY_FOR, 0, BESIDE
        while True:
            try:
                raw, xid = seat.begin(how)
                tx = PostgresTransaction(raw, self._counters, alone=how is ALONE, firm=tries >= FIRM)
                self._run(raw, xid, tx, job, work)
            except Again as error:
                if isinstance(error, Alone):
                    how = ALONE
                    continue
                if time.monotonic() >= until:
                    raise NotStored(f"busy: {error}") from error
                tries += 1
                if tries == PATIENT:
                    how = ALONE
                time.sleep(random.uniform(0, BREATH * (1 << min(tries, 5))))
            else:
                return

    def _run(
        self, raw: Connection, xid: int, tx: PostgresTransaction, job: _Job, work: Callable[[Transaction], Any]
    ) -> None:
        try:
            job.value = work(tx)
            tx.require_whole()
            self._commit(raw, xid, tx.signals)
            job.signals = tx.signals
        finally:
            _end(raw)

    def _commit(self, raw: Connection, xid: int, signals: Signals) -> None:
        try:
            self._say_commit(raw, signals)
        except psycopg.Error as error:
            if not raw.closed:
                raise meaning(error) from error
            self._learn(xid, error)

    def _say_commit(self, raw: Connection, signals: Signals) -> None:
        raw.execute(f"SELECT pg_notify('{CHANNEL}', '{payload(self.process, signals)}'); COMMIT")

    def _learn(self, xid: int, error: psycopg.Error) -> None:
        """The connection went away during COMMIT: ask the server how it ended."""
        until = time.monotonic() + FATE_KNOWN_IN
        while time.monotonic() < until:
            with suppress(psycopg.Error), connect(self._url) as raw:
                row = raw.execute("SELECT pg_xact_status(CAST(CAST(%s AS text) AS xid8))", (str(xid),)).fetchone()
                fate = None if row is None else row[0]
                if fate == "committed":
                    return
                if fate == "aborted":
                    raise NotStored("the connection was lost before the commit") from error
            time.sleep(0.05)
        raise Unsure("the connection was lost during the commit") from error

    async def settle(self) -> None:
        """Wait until nothing is under way (before closing)."""
        while self._under_way:
            await asyncio.wait(set(self._under_way))

    def close(self) -> None:
        """Close every connection. Nothing may be under way."""
        for pool, seats in self._free.items():
            pool.shutdown()
            while not seats.empty():
                seats.get().leave()
        self._counters.close()


def _end(raw: Connection) -> None:
    """No transaction outlives its function."""
    if not raw.closed and raw.info.transaction_status != TransactionStatus.IDLE:
        with suppress(psycopg.Error):
            raw.execute("ROLLBACK")


def _measure(meter: Meter, job: _Job) -> None:
    """Each command is a commit of its own here."""
    if isinstance(job.error, NotStored):
        meter.lost += 1
    elif job.error is None:
        meter.stored(1, time.monotonic() - job.begun)


@asynccontextmanager
async def open_postgres(
    url: str, *, create: bool = False, writers: int = WRITERS, readers: int = READERS
) -> AsyncIterator[PostgresStore]:
    """Open a database, migrated to the newest schema; every connection is closed on the way out whatever happens.

    Raises NoDesk when there is none and `create` is False, SchemaTooNew when it is newer than we are, Unreachable when
    the server is not there or does not let us in.
    """
    await asyncio.to_thread(prepare, url, create=create)
    store = PostgresStore(url, writers=writers, readers=readers)
    listening = asyncio.create_task(hints(url, store.process, store.told))
    try:
        yield store
    finally:
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening
        await store.settle()
        await asyncio.to_thread(store.close)
