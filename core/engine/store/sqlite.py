"""SQLite through aiosqlite: one writer with group commit, read-only readers on their own connections.

A command is one plain function that runs in one hop on the connection's thread; waiting commands share a commit.
Measured facts behind every choice: docs/decisions/001-engine-on-sqlite.md.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import quote

import aiosqlite

from core.engine.ports import NotStored, Params, Reader, Transaction
from core.engine.store.migrate import migrate
from core.engine.store.sql import SqlFile, Statement

R = TypeVar("R")
SQL: Final = SqlFile("core.engine.store", "sqlite.sql")
NONE: Final[Params] = {}
BATCH: Final = 128
BUSY_FOR: Final = 5.0
BUSY_STEP: Final = 0.0005


class Connection(aiosqlite.Connection):
    """aiosqlite's connection (0.22.1) with the one thing it lacks: a whole function in one hop.

    `_execute` and `_conn` are private there; the version is pinned and tests/store holds this class.
    """

    async def hop(self, work: Callable[[sqlite3.Connection], R]) -> R:
        """Run `work` with the sqlite3 connection on the connection's own thread."""
        return await self._execute(lambda: work(self._conn))  # type: ignore[no-any-return, no-untyped-call]


class SqliteReader:
    """Statements on one connection; every one is fetched to its end, no cursor leaves."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._execute = connection.execute
        self.memo: dict[str, Any] = {}

    def all(self, statement: Statement, params: Params = NONE, /) -> list[tuple[Any, ...]]:
        return self._execute(statement.sqlite, params).fetchall()

    def one(self, statement: Statement, params: Params = NONE, /) -> tuple[Any, ...] | None:
        rows = self._execute(statement.sqlite, params).fetchall()
        return rows[0] if rows else None


class SqliteTransaction(SqliteReader):
    """A write transaction; savepoints nest."""

    def run(self, statement: Statement, params: Params = NONE, /) -> int:
        cursor = self._execute(statement.sqlite, params)
        if cursor.description is not None:  # a RETURNING that is not fetched would block the COMMIT
            cursor.fetchall()
        return cursor.rowcount

    def many(self, statement: Statement, rows: Sequence[Params], /) -> None:
        self._connection.executemany(statement.sqlite, rows)

    def new_ids(self, counter: str, count: int = 1) -> int:
        row = self.one(SQL["new_ids"], {"counter": counter, "count": count})
        assert row is not None
        return int(row[0]) - count

    def attempt(self, work: Callable[[], R]) -> R:
        """Run `work` under a savepoint; its exception undoes its own writes and passes on.

        Raises NotStored when the whole transaction is gone (a full disk rolls back everything).
        """
        execute = self._connection.execute
        execute("SAVEPOINT job")
        try:
            value = work()
        except BaseException:
            if not self._connection.in_transaction:
                raise NotStored("the transaction was lost") from None
            execute("ROLLBACK TO job")
            self.memo.clear()
            execute("RELEASE job")
            raise
        execute("RELEASE job")
        return value


@dataclass(slots=True)
class _Job:
    work: Callable[[Transaction], Any]
    future: asyncio.Future[Any]
    value: Any = None
    error: BaseException | None = None


class SqliteStore:
    """A store on one SQLite file. Open it with `open_sqlite`."""

    def __init__(self, writer: Connection, readers: Sequence[Connection]) -> None:
        self._writer = writer
        self._idle: asyncio.Queue[Connection] = asyncio.Queue()
        for reader in readers:
            self._idle.put_nowait(reader)
        self._pending: list[_Job] = []
        self._drain: asyncio.Task[None] | None = None
        self._listeners: list[Callable[[], None]] = []

    def on_commit(self, call: Callable[[], None]) -> None:
        self._listeners.append(call)

    async def write(self, work: Callable[[Transaction], R]) -> R:
        job = _Job(work, asyncio.get_running_loop().create_future())
        self._pending.append(job)
        if self._drain is None:
            self._drain = asyncio.create_task(self._drain_all())
        return await asyncio.shield(job.future)

    async def read(self, work: Callable[[Reader], R]) -> R:
        connection = await self._idle.get()
        hop = asyncio.ensure_future(connection.hop(lambda raw: _reading(raw, work)))
        hop.add_done_callback(lambda _: self._idle.put_nowait(connection))
        return await asyncio.shield(hop)

    async def _drain_all(self) -> None:
        while self._pending:
            batch, self._pending = self._pending[:BATCH], self._pending[BATCH:]
            await self._writer.hop(lambda raw, batch=batch: _commit(raw, batch))  # type: ignore[misc]
            _resolve(batch)
            if any(job.error is None for job in batch):
                for call in self._listeners:
                    call()
        self._drain = None

    async def settle(self) -> None:
        """Wait until nothing is left to write (before closing)."""
        while (drain := self._drain) is not None:
            await asyncio.shield(drain)


def _resolve(batch: Sequence[_Job]) -> None:
    for job in batch:
        if job.error is None:
            job.future.set_result(job.value)
        else:
            job.future.set_exception(job.error)
            job.future.exception()  # a cancelled caller never fetches it: that is no fault to be logged


def _commit(raw: sqlite3.Connection, batch: Sequence[_Job]) -> None:
    """All jobs in one transaction; refusals are values, an exception undoes only its own job."""
    try:
        _begin(raw)
        transaction = SqliteTransaction(raw)
        for job in batch:
            _attempt(transaction, job)
        raw.execute("COMMIT")
    except (NotStored, sqlite3.Error) as error:
        if raw.in_transaction:
            with suppress(sqlite3.Error):
                raw.execute("ROLLBACK")
        lost = NotStored(f"nothing was stored: {error}")
        for job in batch:
            job.error = lost


def _attempt(transaction: SqliteTransaction, job: _Job) -> None:
    try:
        job.value = transaction.attempt(lambda: job.work(transaction))
    except NotStored:
        raise
    except Exception as error:
        job.error = error


def _begin(raw: sqlite3.Connection) -> None:
    """BEGIN IMMEDIATE with our own short retry: SQLite's busy handler starves against a busy second writer."""
    until = time.monotonic() + BUSY_FOR
    while True:
        try:
            raw.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(BUSY_STEP)
        else:
            return


def _reading(raw: sqlite3.Connection, work: Callable[[Reader], R]) -> R:
    raw.execute("BEGIN")
    try:
        return work(SqliteReader(raw))
    finally:
        raw.execute("ROLLBACK")


def _require(path: Path) -> None:
    if not path.exists():
        raise FileNotFoundError(path)


def _uri(path: Path, *, readonly: bool) -> str:
    return f"file:{quote(str(path.absolute()))}{'?mode=ro' if readonly else ''}"


async def _connect(path: Path, *, readonly: bool) -> Connection:
    uri = _uri(path, readonly=readonly)
    connection = Connection(
        lambda: sqlite3.connect(uri, uri=True, isolation_level=None, cached_statements=512, timeout=0.0),
        iter_chunk_size=64,
    )
    await connection
    pragmas = ("query_only=1",) if readonly else ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
    await connection.hop(lambda raw: [raw.execute(f"PRAGMA {pragma}").fetchall() for pragma in pragmas])
    return connection


@asynccontextmanager
async def open_sqlite(path: Path, *, create: bool = False, readers: int = 2) -> AsyncIterator[SqliteStore]:
    """Open a database file, migrated to the newest schema; closed on the way out whatever happens.

    Raises FileNotFoundError when it is not there and `create` is False, SchemaTooNew when it is newer than we are.
    """
    if not create:
        _require(path)
    open_: list[Connection] = []
    try:
        open_.append(writer := await _connect(path, readonly=False))
        await writer.hop(migrate)
        for _ in range(readers):
            open_.append(await _connect(path, readonly=True))
        store = SqliteStore(writer, open_[1:])
        try:
            yield store
        finally:
            await store.settle()
    finally:
        for connection in reversed(open_):
            await connection.close()
