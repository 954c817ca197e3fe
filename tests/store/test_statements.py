"""Every statement of the core, written once, is understood by both databases."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import psycopg

from core.engine.store.migrate import migrate
from core.engine.store.sql import SqlFile, Statement
from tests.store.server import server

ROOT = Path(__file__).parents[2]
OWN = {"sqlite.sql": "sqlite", "postgres.sql": "postgres"}
"""Files that one database alone is shown."""
INSTEAD = "postgres_"
"""A block of this name stands for the one without it, on PostgreSQL."""


def statements(kind: str) -> list[Statement]:
    """All that this kind of database is shown."""
    found = [path for path in sorted((ROOT / "core").rglob("*.sql")) if "migrations" not in path.parts]
    shown: list[Statement] = []
    for path in found:
        if path.name != "schema.sql" and OWN.get(path.name, kind) == kind:
            named = SqlFile(".".join(path.parent.relative_to(ROOT).parts), path.name)
            other = {name.removeprefix(INSTEAD) for name in named if name.startswith(INSTEAD)}
            not_shown = other if kind == "postgres" else {f"{INSTEAD}{name}" for name in other}
            shown += [statement for name, statement in named.items() if name not in not_shown]
    return shown


def test_sqlite_understands_every_statement() -> None:
    """Each can be planned on a fresh schema."""
    raw = sqlite3.connect(":memory:", isolation_level=None)
    migrate(raw)
    for statement in statements("sqlite"):
        names = {name: 1 for name in parameters(statement)}
        raw.execute(f"EXPLAIN {statement.sqlite}", names).fetchall()
    raw.close()


def test_postgres_understands_every_statement(tmp_path: Path) -> None:
    """Each can be prepared on a fresh schema: names, types and functions are all known there."""
    misunderstood = []
    with psycopg.connect(server().database(tmp_path), autocommit=True) as raw:
        for number, statement in enumerate(statements("postgres")):
            names = parameters(statement)
            text = statement.postgres % {name: f"${place}" for place, name in enumerate(names, 1)}
            try:
                raw.execute(f"PREPARE p{number} AS {text}")
            except psycopg.Error as error:
                misunderstood.append(f"{statement.name}: {error}")
    assert misunderstood == []


def parameters(statement: Statement) -> list[str]:
    """The names it is given, in a fixed order."""
    found: dict[str, str] = {}

    class Names(dict[str, str]):
        def __missing__(self, name: str) -> str:
            return found.setdefault(name, "")

    assert statement.postgres % Names() is not None
    return sorted(found)
