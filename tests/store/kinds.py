"""Every kind of store that must keep the contract, and the few statements the contract is tested with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from pathlib import Path
from typing import Any, Final, TypeAlias

import pytest

from core.engine.journal import SQL
from core.engine.ports import Reader, Store, Transaction
from core.engine.store.postgres import open_postgres
from core.engine.store.sql import Statement
from core.engine.store.sqlite import open_sqlite
from tests.store.server import server

OpenStore: TypeAlias = Callable[[], AbstractAsyncContextManager[Store]]
"""Opens the same database each time."""

SET, GET = SQL["meta_set"], SQL["meta_get"]
ALL: Final = Statement("all", "SELECT name, value FROM meta ORDER BY name")
RETURNING: Final = Statement("returning", "INSERT INTO meta (name, value) VALUES (:name, '') RETURNING name, value")


def sqlite(folder: Path, **more: Any) -> OpenStore:
    """One SQLite file in this folder."""
    return lambda: open_sqlite(folder / "desk.db", create=True, **more)


def postgres(folder: Path, **more: Any) -> OpenStore:
    """One PostgreSQL database that belongs to this folder."""
    url = server().database(folder)
    return lambda: open_postgres(url, create=True, **more)


KINDS: Final[dict[str, Callable[..., OpenStore]]] = {"sqlite": sqlite, "postgres": postgres}
"""By name; each takes the folder of a test."""


class Chosen:
    """The kind of store that the running test is about."""

    def __init__(self) -> None:
        self.kind = "sqlite"

    def open(self, folder: Path, **more: Any) -> AbstractAsyncContextManager[Any]:
        """The database of this folder, of the chosen kind."""
        return KINDS[self.kind](folder, **more)()

    @contextmanager
    def being(self, kind: str) -> Iterator[str]:
        """For the length of a test."""
        self.kind = kind
        yield kind
        self.kind = "sqlite"


chosen: Final = Chosen()


def on_each(metafunc: pytest.Metafunc, *needs: str) -> None:
    """Run a test that uses one of these fixtures on each kind of store; on PostgreSQL the first one of every file, and
    all in `make proof`."""
    if "kind" not in metafunc.fixturenames or not set(needs) & set(metafunc.fixturenames):
        return
    first = next(name for name in vars(metafunc.module) if name.startswith("test_"))
    if metafunc.function.__name__ == first:
        metafunc.parametrize("kind", ["sqlite", "postgres"], indirect=True)
    elif "proof" in metafunc.config.getoption("-m"):
        metafunc.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.proof)], indirect=True)


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
