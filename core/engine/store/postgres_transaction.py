"""What a command or a query does on one PostgreSQL connection, and what its faults mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

import psycopg
from psycopg import errors
from psycopg.pq import TransactionStatus

from core.engine.ports import NotStored, Params, Signals
from core.engine.store.postgres_seats import Connection, Counters
from core.engine.store.sql import Statement

R = TypeVar("R")
NONE: Final[Params] = {}
OTHERS: Final = (errors.SerializationFailure, errors.DeadlockDetected)
"""Somebody else was quicker: the command is done again, as it would have been after theirs."""
PASSING: Final = (psycopg.OperationalError, errors.ReadOnlySqlTransaction, errors.InFailedSqlTransaction)
"""Faults of the machine or the network: full disk, no memory, no connection, a lock not given in time, a standby."""


class Again(NotStored):
    """Nothing is stored; the same command is to be done once more."""


class Alone(Again):
    """It changes what every command stands on: once more, with no other beside it."""


class PostgresReader:
    """Statements on one connection; every one is fetched to its end, no cursor leaves."""

    def __init__(self, raw: Connection) -> None:
        self._raw = raw
        self._cursor = raw.cursor()
        self.memo: dict[Any, Any] = {}

    def all(self, statement: Statement, params: Params = NONE, /) -> list[tuple[Any, ...]]:
        return self._run(statement, params).fetchall()

    def one(self, statement: Statement, params: Params = NONE, /) -> tuple[Any, ...] | None:
        rows = self._run(statement, params).fetchall()
        return rows[0] if rows else None

    def _run(self, statement: Statement, params: Params) -> psycopg.Cursor[tuple[Any, ...]]:
        try:
            return self._cursor.execute(statement.postgres, params)
        except psycopg.Error as error:
            raise self._told(error) from error

    def _told(self, error: psycopg.Error) -> Exception:
        return error if isinstance(error, errors.ReadOnlySqlTransaction) else meaning(error)


class PostgresTransaction(PostgresReader):
    """A write transaction; savepoints nest."""

    def __init__(self, raw: Connection, counters: Counters, *, alone: bool = False, firm: bool = False) -> None:
        super().__init__(raw)
        self.signals = Signals()
        self._counters = counters
        self._alone = alone
        self._firm = firm
        self._lost: NotStored | None = None

    def run(self, statement: Statement, params: Params = NONE, /) -> int:
        return self._run(statement, params).rowcount

    def insert(self, statement: Statement, params: Params = NONE, /) -> int:
        """Insert one row; its id, which the statement returns (`/*pg RETURNING id */`)."""
        row = self._run(statement, params).fetchone()
        assert row is not None
        return int(row[0])

    def many(self, statement: Statement, rows: Sequence[Params], /) -> None:
        self._only_alone(statement)
        try:
            self._cursor.executemany(statement.postgres, rows)
        except psycopg.Error as error:
            raise self._told(error) from error

    def new_ids(self, counter: str, count: int = 1) -> int:
        return self._counters.take(counter, count)

    def attempt(self, work: Callable[[], R]) -> R:
        """Run `work` under a savepoint; its exception undoes its own writes and passes on.

        Raises NotStored when the fault is the machine's, or another command's doing.
        """
        self._say("SAVEPOINT job")
        try:
            value = work()
        except NotStored:
            raise
        except BaseException:
            self.memo.clear()
            self._say("ROLLBACK TO job; RELEASE job")
            raise
        self.require_whole()
        self._say("RELEASE job")
        return value

    def require_whole(self) -> None:
        """Raises NotStored when it was lost, even where a command swallowed that: COMMIT would store nothing and not
        say so."""
        if self._lost is not None:
            raise self._lost
        if self._raw.info.transaction_status != TransactionStatus.INTRANS:
            raise NotStored("the transaction was lost")

    def _run(self, statement: Statement, params: Params) -> psycopg.Cursor[tuple[Any, ...]]:
        if statement.alone:
            self._only_alone(statement)
        return super()._run(statement, params)

    def _only_alone(self, statement: Statement) -> None:
        if statement.alone and not self._alone:
            self._lost = Alone(statement.name)
            raise self._lost

    def _say(self, sql: str) -> None:
        try:
            self._raw.execute(sql)
        except psycopg.Error as error:
            raise self._told(error) from error

    def _told(self, error: psycopg.Error) -> Exception:
        found = meaning(error)
        if isinstance(error, errors.UniqueViolation) and not self._firm:
            found = Again(str(error.diag.constraint_name))  # two at once made the same; the second will see the first
        if isinstance(found, NotStored):
            self._lost = found
        return found


def meaning(error: psycopg.Error) -> Exception:
    """What a fault means to whoever asked: once more, not stored, or a fault of the statement itself.

    Its text stays out of it, which may quote what a customer wrote.
    """
    if isinstance(error, OTHERS):
        return Again(type(error).__name__)
    if isinstance(error, PASSING):
        return NotStored(type(error).__name__)
    return error
