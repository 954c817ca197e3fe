"""aiosqlite's connection, so that a whole function is one hop, and is closed whatever happens."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import quote

import aiosqlite

R = TypeVar("R")
WRITER: Final = (
    "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY", "wal_autocheckpoint=4000",
)  # fmt: skip
"""temp_store: a savepoint's own journal stays in memory; on disk it costs as much as the command itself.
wal_autocheckpoint (pages): at most 16 MB of WAL; at a quarter of it every third sweep waits for a checkpoint."""


class Connection(aiosqlite.Connection):
    """aiosqlite's connection (0.22.1) with the one thing it lacks: a whole function in one hop.

    `_execute` and `_conn` are private there; the version is pinned and tests/store holds this class.
    """

    async def hop(self, work: Callable[[sqlite3.Connection], R]) -> R:
        """Run `work` with the sqlite3 connection on the connection's own thread."""

        def whole() -> R:
            try:
                return work(self._conn)
            except StopIteration as error:  # a future refuses it, and its waiter would wait for ever
                raise RuntimeError("StopIteration left a transaction") from error

        return await self._execute(whole)  # type: ignore[no-any-return, no-untyped-call]


@asynccontextmanager
async def connected(path: Path, busy_for: float, *, readonly: bool = False) -> AsyncIterator[Connection]:
    """A connection that is closed whatever happens: its thread would keep the process alive for ever."""
    uri = _uri(path, readonly=readonly)
    connection = Connection(
        lambda: sqlite3.connect(uri, uri=True, isolation_level=None, cached_statements=512, timeout=busy_for),
        iter_chunk_size=64,
    )
    pragmas = ("query_only=1",) if readonly else WRITER
    try:
        await connection
        await connection.hop(lambda raw: [raw.execute(f"PRAGMA {pragma}").fetchall() for pragma in pragmas])
        yield connection
    finally:
        await connection.close()


def _uri(path: Path, *, readonly: bool) -> str:
    return f"file:{quote(str(path.absolute()))}{'?mode=ro' if readonly else ''}"
