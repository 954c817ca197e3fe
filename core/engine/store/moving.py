"""A whole desk from one store into another, row by row: one consistent view there, one transaction here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from typing import Any, Final, TypeVar

from core.engine.ports import Params, Reader, Store, Transaction
from core.engine.store.postgres_transaction import PostgresTransaction
from core.engine.store.sql import SqlFile, Statement
from core.engine.store.tables import Table, tables

R = TypeVar("R")
SQL: Final = SqlFile("core.engine.store", "postgres.sql")
PAGE: Final = 2_000
Told = Callable[[int], None]
"""Hears how many more rows were written, from any thread."""


class Source:
    """One consistent view of a store, asked from another thread for as long as it is wanted."""

    def __init__(self) -> None:
        self._asked: SimpleQueue[Callable[[Reader], Any] | None] = SimpleQueue()
        self._answered: SimpleQueue[tuple[Any, BaseException | None]] = SimpleQueue()

    def ask(self, work: Callable[[Reader], R]) -> R:
        """What the view says. Raises what it raised."""
        self._asked.put(work)
        value, error = self._answered.get()
        if error is not None:
            raise error
        found: R = value
        return found

    def serve(self, tx: Reader) -> None:
        """Answer until nobody asks any more."""
        while (work := self._asked.get()) is not None:
            try:
                self._answered.put((work(tx), None))
            except Exception as error:
                self._answered.put((None, error))

    def end(self) -> None:
        self._asked.put(None)


async def moved(source: Store, target: Store, work: Callable[[Source, Transaction], R]) -> R:
    """Run `work` in one transaction of the target, with one view of the source beside it."""
    view = Source()
    serving = asyncio.create_task(source.read(view.serve))
    try:
        return await target.write(lambda tx: work(view, tx))
    finally:
        view.end()
        await serving


def count_rows(tx: Reader) -> dict[str, int]:
    """How many rows each table has."""
    return {table.name: int((tx.one(table.count) or (0,))[0]) for table in tables()}


def copy_rows(view: Source, tx: Transaction, told: Told) -> None:
    """Every row of every table, in place of what the migrations themselves have written."""
    for table in tables():
        tx.run(table.clear)
        add = table.add
        for rows in _pages(view, table):
            tx.many(add, rows)
            told(len(rows))
    if isinstance(tx, PostgresTransaction):
        _go_on_counting(tx)


def _pages(view: Source, table: Table) -> Iterator[list[dict[str, Any]]]:
    after: dict[str, Any] = {}
    while True:
        page, params = table.page(first=not after), {**after, "limit": PAGE}
        rows = [dict(zip(table.columns, row, strict=True)) for row in view.ask(_reading(page, params))]
        if rows:
            yield rows
        if len(rows) < PAGE:
            return
        after = {column: rows[-1][column] for column in table.key}


def _reading(page: Statement, params: Params) -> Callable[[Reader], list[tuple[Any, ...]]]:
    return lambda tx: tx.all(page, params)


def _go_on_counting(tx: PostgresTransaction) -> None:
    """Ids that the database gives follow those that came with the rows."""
    for table, column in tx.all(SQL["identities"]):
        sequence = f"pg_get_serial_sequence('{table}', '{column}')"
        tx.all(Statement("go_on", f"SELECT setval({sequence}, COALESCE(MAX({column}), 0) + 1, false) FROM {table}"))
