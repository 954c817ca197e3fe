"""SQLite through aiosqlite: one writer with group commit, read-only readers on their own connections.

A command is one plain function that runs in one hop on the connection's thread; waiting commands share a commit.
Measured facts behind every choice: docs/decisions/001-engine-on-sqlite.md.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from core.engine.ports import Meter, NotStored, Reader, Signals, Transaction
from core.engine.store.connection import Connection, connected
from core.engine.store.listeners import Listeners
from core.engine.store.migrate import migrate
from core.engine.store.sqlite_transaction import SqliteReader, SqliteTransaction, passing

R = TypeVar("R")
BATCH: Final = 128
SWEEP: Final = 100
"""Due rows to one transaction: commands wait for all of them."""
BUSY_FOR: Final = 5.0
"""Seconds to wait for another process that holds the write lock."""
BUSY_STEP: Final = 0.0005


@dataclass(slots=True)
class _Job:
    work: Callable[[Transaction], Any]
    future: asyncio.Future[Any]
    value: Any = None
    error: BaseException | None = None


class SqliteStore:
    """A store on one SQLite file. Open it with `open_sqlite`."""

    sweep = SWEEP

    def __init__(self, writer: Connection, readers: Sequence[Connection], busy_for: float = BUSY_FOR) -> None:
        self._writer = writer
        self._busy_for = busy_for
        self._idle: asyncio.Queue[Connection] = asyncio.Queue()
        for reader in readers:
            self._idle.put_nowait(reader)
        self._pending: list[_Job] = []
        self._drain: asyncio.Task[None] | None = None
        self._listeners = Listeners()
        self._meter: Meter | None = None

    def measure(self, meter: Meter) -> None:
        self._meter = meter

    def on_commit(self, call: Callable[[Signals], None]) -> None:
        self._listeners.add(call)

    async def write(self, work: Callable[[Transaction], R]) -> R:
        job = _Job(work, asyncio.get_running_loop().create_future())
        self._pending.append(job)
        if self._drain is None:
            self._drain = asyncio.create_task(self._drain_all())
        stored: R = await job.future  # a caller that is cancelled revokes nothing: its job stays in the batch
        return stored

    async def read(self, work: Callable[[Reader], R]) -> R:
        connection = await self._idle.get()
        hop = asyncio.ensure_future(connection.hop(lambda raw: _reading(raw, work)))
        hop.add_done_callback(lambda _: self._idle.put_nowait(connection))
        return await asyncio.shield(hop)

    async def _drain_all(self) -> None:
        try:
            while self._pending:
                batch, self._pending = self._pending[:BATCH], self._pending[BATCH:]
                signals = await self._store_measured(batch)
                _resolve(batch)
                if any(job.error is None for job in batch):
                    self._listeners.tell(signals)
        finally:
            self._drain = None

    async def _store_measured(self, batch: Sequence[_Job]) -> Signals:
        begun = time.perf_counter()
        signals = await self._store(batch)
        if self._meter is not None:
            if isinstance(batch[0].error, NotStored):
                self._meter.lost += 1
            else:
                self._meter.stored(len(batch), time.perf_counter() - begun)
        return signals

    async def _store(self, batch: Sequence[_Job]) -> Signals:
        try:
            return await self._writer.hop(lambda raw: _commit(raw, batch, self._busy_for))
        except ValueError as error:  # the connection is closed
            return _lose(batch, error)

    async def settle(self) -> None:
        """Wait until nothing is left to write (before closing)."""
        while (drain := self._drain) is not None:
            await asyncio.shield(drain)


def _resolve(batch: Sequence[_Job]) -> None:
    for job in batch:
        if job.future.cancelled():
            continue
        if job.error is None:
            job.future.set_result(job.value)
        else:
            job.future.set_exception(job.error)


def _commit(raw: sqlite3.Connection, batch: Sequence[_Job], busy_for: float) -> Signals:
    """All jobs in one transaction; refusals are values, an exception undoes only its own job.

    First without savepoints, which cost a fifth of a command; a batch in which one throws is done again with them.
    """
    try:
        _begin(raw, busy_for)
        transaction = SqliteTransaction(raw)
        if not _all_well(transaction, batch):
            _end(raw)
            _begin(raw, busy_for)
            transaction = SqliteTransaction(raw)
            for job in batch:
                _attempt(transaction, job)
        transaction.finish()
        raw.execute("COMMIT")
        return transaction.signals
    except (NotStored, sqlite3.Error) as error:
        _end(raw)
        return _lose(batch, error)


def _all_well(transaction: SqliteTransaction, batch: Sequence[_Job]) -> bool:
    """Every job, one after the other; False when one threw, and nothing of the batch counts."""
    for job in batch:
        try:
            job.value = job.work(transaction)
        except NotStored:
            raise
        except BaseException as error:
            if passing(error):
                raise NotStored(str(error)) from error
            return False
        transaction.require_whole()
    return True


def _attempt(transaction: SqliteTransaction, job: _Job) -> None:
    try:
        job.value = transaction.attempt(lambda: job.work(transaction))
    except NotStored:
        raise
    except StopIteration as error:
        job.error = RuntimeError("StopIteration left a command")
        job.error.__cause__ = error
    except BaseException as error:
        job.error = error


def _lose(batch: Sequence[_Job], error: Exception) -> Signals:
    for job in batch:
        job.error = NotStored(f"nothing was stored: {error}")
        job.error.__cause__ = error
    return Signals()


def _begin(raw: sqlite3.Connection, busy_for: float) -> None:
    """BEGIN IMMEDIATE with our own short retry: SQLite's busy handler starves against a busy second writer."""
    until = time.monotonic() + busy_for
    while True:
        try:
            raw.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            if time.monotonic() >= until:
                raise NotStored(f"busy: {error}") from error
            time.sleep(BUSY_STEP)
        else:
            return


def _end(raw: sqlite3.Connection) -> None:
    if raw.in_transaction:
        with suppress(sqlite3.Error):
            raw.execute("ROLLBACK")


def _reading(raw: sqlite3.Connection, work: Callable[[Reader], R]) -> R:
    try:
        raw.execute("BEGIN")
        return work(SqliteReader(raw))
    except sqlite3.Error as error:
        if passing(error):
            raise NotStored(f"nothing could be read: {error}") from error
        raise
    finally:
        _end(raw)


def _require(path: Path) -> None:
    if not path.exists():
        raise FileNotFoundError(path)


def _prepare(raw: sqlite3.Connection) -> None:
    """The newest schema; from then on the writer waits for others in its own way."""
    migrate(raw)
    raw.execute("PRAGMA busy_timeout=0").fetchall()


@asynccontextmanager
async def open_sqlite(
    path: Path, *, create: bool = False, readers: int = 2, busy_for: float = BUSY_FOR
) -> AsyncIterator[SqliteStore]:
    """Open a database file, migrated to the newest schema; closed on the way out whatever happens.

    Raises FileNotFoundError when it is not there and `create` is False, SchemaTooNew when it is newer than we are.
    """
    if not create:
        _require(path)
    async with AsyncExitStack() as stack:
        writer = await stack.enter_async_context(connected(path, busy_for))
        await writer.hop(_prepare)
        others = [await stack.enter_async_context(connected(path, busy_for, readonly=True)) for _ in range(readers)]
        store = SqliteStore(writer, others, busy_for)
        stack.push_async_callback(store.settle)
        yield store
