"""Every table of a desk, as the migrations make them: what is moved when a desk moves."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from core.engine.store.migrate import migrate
from core.engine.store.sql import Statement

STAYS: Final = ("migration", "heartbeat", "presence")
"""Of one database and the processes on it."""
DERIVED: Final = "search_"
"""Kept by a follower of the journal, which makes it anew."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table, its columns in order, its key."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]

    @property
    def count(self) -> Statement:
        """How many rows it has."""
        return Statement(f"count {self.name}", f"SELECT COUNT(*) FROM {self.name}")

    @property
    def clear(self) -> Statement:
        """No rows."""
        return Statement(f"clear {self.name}", f"DELETE FROM {self.name}")

    @property
    def add(self) -> Statement:
        """One row, its columns by their names."""
        values = ", ".join(f":{column}" for column in self.columns)
        return Statement(f"add {self.name}", f"INSERT INTO {self.name} ({', '.join(self.columns)}) VALUES ({values})")

    def page(self, *, first: bool) -> Statement:
        """So many rows by key; all but the first page begin after the key that is given."""
        key, after = ", ".join(self.key), ", ".join(f":{column}" for column in self.key)
        where = "" if first else f"WHERE ({key}) > ({after}) "
        text = f"SELECT {', '.join(self.columns)} FROM {self.name} {where}ORDER BY {key} LIMIT :limit"
        return Statement(f"page of {self.name}", text)


@lru_cache(maxsize=1)
def tables() -> tuple[Table, ...]:
    """All that belongs to the desk itself."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as raw:
        migrate(raw)
        listed = raw.execute(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' ORDER BY name"
        )
        names = [name for (name,) in listed if not name.startswith(("sqlite_", DERIVED)) and name not in STAYS]
        return tuple(_table(raw, name) for name in names)


def _table(raw: sqlite3.Connection, name: str) -> Table:
    info = raw.execute(f"PRAGMA table_info({name})").fetchall()
    key = sorted((place, column) for _, column, _, _, _, place in info if place)
    return Table(name, tuple(row[1] for row in info), tuple(column for _, column in key))
