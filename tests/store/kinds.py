"""Every kind of store that must keep the contract, and the few statements the contract is tested with."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Final, TypeAlias

from core.engine.journal import SQL
from core.engine.ports import Reader, Store, Transaction
from core.engine.store.sql import Statement
from core.engine.store.sqlite import open_sqlite

OpenStore: TypeAlias = Callable[[], AbstractAsyncContextManager[Store]]
"""Opens the same database each time."""

SET, GET = SQL["meta_set"], SQL["meta_get"]
ALL: Final = Statement("all", "SELECT name, value FROM meta ORDER BY name")
RETURNING: Final = Statement("returning", "INSERT INTO meta (name, value) VALUES (:name, '') RETURNING name, value")


def sqlite(folder: Path) -> OpenStore:
    """One SQLite file in this folder."""
    return lambda: open_sqlite(folder / "contract.db", create=True)


KINDS: Final[dict[str, Callable[[Path], OpenStore]]] = {"sqlite": sqlite}


def put(name: str, value: str = "") -> Callable[[Transaction], str]:
    """A whole command: write one row, answer its name."""

    def run(tx: Transaction) -> str:
        tx.run(SET, {"name": name, "value": value})
        return name

    return run


def put_and_throw(name: str, error: BaseException) -> Callable[[Transaction], None]:
    """A whole command that writes one row and then fails."""

    def run(tx: Transaction) -> None:
        tx.run(SET, {"name": name, "value": "half"})
        raise error

    return run


def names(tx: Reader) -> list[str]:
    """The names of all rows."""
    return [row[0] for row in tx.all(ALL)]
