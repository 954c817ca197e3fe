"""The anchor: the engine's own statements, recorded once, replayed by a plain sqlite3 loop with group commit.

The loop decides nothing, hashes nothing, wakes nobody: it is what is left when everything but SQL is taken away.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from core.engine.ports import Reader, Signals
from core.engine.store.sql import Statement
from core.engine.store.sqlite import SqliteStore
from core.engine.store.sqlite_transaction import SqliteTransaction

R = TypeVar("R")
Recorded = list[tuple[str, Mapping[str, Any]]]
"""The statements of one command with their parameters."""


class Recorder:
    """A transaction that remembers every statement it passes on."""

    def __init__(self, tx: SqliteTransaction, statements: Recorded) -> None:
        self._tx = tx
        self._statements = statements
        self.memo = tx.memo
        self.signals = tx.signals

    def all(self, statement: Statement, params: Mapping[str, Any] = {}, /) -> list[tuple[Any, ...]]:
        return self._tx.all(self._noted(statement, params), params)

    def one(self, statement: Statement, params: Mapping[str, Any] = {}, /) -> tuple[Any, ...] | None:
        return self._tx.one(self._noted(statement, params), params)

    def run(self, statement: Statement, params: Mapping[str, Any] = {}, /) -> int:
        return self._tx.run(self._noted(statement, params), params)

    def insert(self, statement: Statement, params: Mapping[str, Any] = {}, /) -> int:
        return self._tx.insert(self._noted(statement, params), params)

    def many(self, statement: Statement, rows: Sequence[Mapping[str, Any]], /) -> None:
        for params in rows:
            self._noted(statement, params)
        self._tx.many(statement, rows)

    def new_ids(self, counter: str, count: int = 1) -> int:
        return self._tx.new_ids(counter, count)

    def attempt(self, work: Callable[[], R]) -> R:
        return self._tx.attempt(work)

    def _noted(self, statement: Statement, params: Mapping[str, Any]) -> Statement:
        self._statements.append((statement.sqlite, dict(params)))
        return statement


class RecordingStore:
    """A store that records each command's statements, one list per command."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store
        self.sweep = store.sweep
        self.commands: list[Recorded] = []

    async def write(self, work: Callable[[Any], R]) -> R:
        """Run and record."""
        statements: Recorded = []
        self.commands.append(statements)
        return await self._store.write(lambda tx: work(Recorder(tx, statements)))  # type: ignore[arg-type]

    async def read(self, work: Callable[[Reader], R]) -> R:
        """Run; reads are not part of the anchor."""
        return await self._store.read(work)

    def on_commit(self, call: Callable[[Signals], None]) -> None:
        """As the store."""
        self._store.on_commit(call)


def replay(path: Path, commands: Sequence[Recorded], group: int) -> float:
    """Seconds for all commands, `group` of them to a durable commit."""
    raw = sqlite3.connect(path, isolation_level=None, cached_statements=512)
    try:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            raw.execute(f"PRAGMA {pragma}").fetchall()
        begun = time.perf_counter()
        for start in range(0, len(commands), group):
            raw.execute("BEGIN IMMEDIATE")
            for statements in commands[start : start + group]:
                for sql, params in statements:
                    raw.execute(sql, params).fetchall()
            raw.execute("COMMIT")
        return time.perf_counter() - begun
    finally:
        raw.close()
