"""What a command or a query does on one SQLite connection."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from core.engine.ports import NotStored, Params, Signals
from core.engine.store.sql import SqlFile, Statement

R = TypeVar("R")
SQL: Final = SqlFile("core.engine.store", "sqlite.sql")
NONE: Final[Params] = {}
PASSING: Final = frozenset(
    {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_CANTOPEN}
)
"""Faults of the machine, not of a command: it may be tried again as it is."""


class SqliteReader:
    """Statements on one connection; every one is fetched to its end, no cursor leaves."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._execute = connection.execute
        self.memo: dict[Any, Any] = {}

    def all(self, statement: Statement, params: Params = NONE, /) -> list[tuple[Any, ...]]:
        return self._execute(statement.sqlite, params).fetchall()

    def one(self, statement: Statement, params: Params = NONE, /) -> tuple[Any, ...] | None:
        rows = self._execute(statement.sqlite, params).fetchall()
        return rows[0] if rows else None


class SqliteTransaction(SqliteReader):
    """A write transaction; savepoints nest."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self.signals = Signals()
        self._counters: dict[str, int] = {}

    def run(self, statement: Statement, params: Params = NONE, /) -> int:
        cursor = self._execute(statement.sqlite, params)
        if cursor.description is not None:  # a RETURNING that is not fetched would block the COMMIT
            cursor.fetchall()
        return cursor.rowcount

    def insert(self, statement: Statement, params: Params = NONE, /) -> int:
        return self._execute(statement.sqlite, params).lastrowid or 0

    def many(self, statement: Statement, rows: Sequence[Params], /) -> None:
        self._connection.executemany(statement.sqlite, rows)

    def new_ids(self, counter: str, count: int = 1) -> int:
        """Counted in memory while the transaction lasts. What a command that threw had taken is not given again."""
        first = self._counters.get(counter)
        if first is None:
            row = self.one(SQL["counter"], {"counter": counter})
            first = row[0] if row else 1
        self._counters[counter] = first + count
        return int(first)

    def finish(self) -> None:
        """Write what the commit needs and nobody before it: the counters."""
        for counter, next_ in self._counters.items():
            self.run(SQL["counter_save"], {"counter": counter, "next": next_})

    def require_whole(self) -> None:
        """Raises NotStored when the transaction is gone (a full disk rolls back everything, even where a command
        swallowed the error): the next statement, having no BEGIN, would commit on its own.
        """
        if not self._connection.in_transaction:
            raise NotStored("the transaction was lost")

    def attempt(self, work: Callable[[], R]) -> R:
        """Run `work` under a savepoint; its exception undoes its own writes and passes on.

        Raises NotStored when the fault is the machine's, or the whole transaction is gone (a full disk rolls back
        everything).
        """
        self._execute("SAVEPOINT job")
        try:
            value = work()
        except BaseException as error:
            self._undo(error)
            raise
        self.require_whole()
        self._execute("RELEASE job")
        return value

    def _undo(self, error: BaseException) -> None:
        self.memo.clear()
        try:
            self._execute("ROLLBACK TO job")
            self._execute("RELEASE job")
        except sqlite3.Error:
            raise NotStored(f"the transaction was lost: {error}") from error
        if passing(error):
            raise NotStored(str(error)) from error


def passing(error: BaseException) -> bool:
    """Whether the machine is at fault, not the command."""
    return isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) & 0xFF in PASSING
