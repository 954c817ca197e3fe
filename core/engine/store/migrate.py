"""Numbered migrations, each applied in one transaction together with its own record."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection
from importlib.resources import files
from typing import Final

NAME: Final = re.compile(r"^(\d{3})_\w+\.sql$")


class SchemaTooNew(Exception):
    """The database was written by a newer Noroshi; this one must not touch it."""


def migrations() -> list[tuple[int, str, str]]:
    """Number, file name and text of every migration, in order."""
    folder = files("core.engine.store").joinpath("migrations")
    found = [(int(match[1]), entry.name, entry) for entry in folder.iterdir() if (match := NAME.match(entry.name))]
    return [
        (number, name, entry.read_text(encoding="utf-8")) for number, name, entry in sorted(found, key=lambda f: f[0])
    ]


def migrate(raw: sqlite3.Connection) -> None:
    """Bring the schema up to date; a newer one is refused, an older one keeps its data."""
    raw.execute("CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL)")
    for number, name, text in pending({number for (number,) in raw.execute("SELECT number FROM migration").fetchall()}):
        _apply(raw, number, name, text)


def pending(done: Collection[int]) -> list[tuple[int, str, str]]:
    """The migrations that are still to be done. SchemaTooNew where some were done that nobody here knows."""
    known = migrations()
    if set(done) - {number for number, _, _ in known}:
        raise SchemaTooNew(f"schema {max(done)}, this program knows {known[-1][0]}")
    return [migration for migration in known if migration[0] not in done]


def _apply(raw: sqlite3.Connection, number: int, name: str, text: str) -> None:
    raw.execute("BEGIN IMMEDIATE")
    try:
        taken = raw.execute("SELECT 1 FROM migration WHERE number = ?", (number,)).fetchall()
        for statement in () if taken else statements(text):
            raw.execute(statement)
        if not taken:
            raw.execute("INSERT INTO migration (number, name) VALUES (?, ?)", (number, name))
        raw.execute("COMMIT")
    except BaseException:
        if raw.in_transaction:  # a full disk has rolled back already
            raw.execute("ROLLBACK")
        raise


def statements(text: str) -> list[str]:
    """The single statements of a migration file (executescript would commit behind our back)."""
    found: list[str] = []
    buffer = ""
    for line in text.splitlines(keepends=True):
        buffer += line
        if sqlite3.complete_statement(buffer):
            found.append(buffer.strip())
            buffer = ""
    if buffer.strip() and not all(line.startswith("--") or not line.strip() for line in buffer.splitlines()):
        raise ValueError(f"a migration ends in the middle of a statement: {buffer.strip()[:60]!r}")
    return found
