"""The schema on PostgreSQL: made by the same migrations, brought up to date, refused when it is newer."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import psycopg
import pytest

from core.engine.store import migrate
from core.engine.store.migrate import SchemaTooNew, migrations
from core.engine.store.postgres import NoDesk, open_postgres
from core.engine.store.rendering import rendered
from tests.store.kinds import names, put
from tests.store.server import server

COLUMNS = """SELECT c.relname, a.attname, a.attnotnull OR EXISTS (
        SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND a.attnum = ANY (i.indkey))
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY c.relname, a.attnum"""
KEYS = """SELECT c.relname, array_agg(a.attname ORDER BY array_position(i.indkey::int[], a.attnum::int))
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
    WHERE i.indisprimary AND c.relnamespace = 'public'::regnamespace GROUP BY c.relname"""
INDEXES = """SELECT i.relname, t.relname, x.indisunique, x.indpred IS NOT NULL FROM pg_index x
    JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
    WHERE NOT x.indisprimary AND t.relnamespace = 'public'::regnamespace"""
OWN_COLUMNS = {("journal", "xid", True), ("search_text", "grams", False)}
OWN_INDEXES = {"journal_order", "search_text_grams"}
"""What stands in the files beside the migrations."""


@pytest.fixture
def url(tmp_path: Path) -> str:
    return server().database(tmp_path, empty=True)


def asked(url: str, sql: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as raw:
        return raw.execute(sql).fetchall()


async def test_a_fresh_database_gets_all_and_a_second_opening_changes_nothing(url: str) -> None:
    """Every numbered file is applied once, in order, and recorded."""
    async with open_postgres(url, create=True):
        pass
    before = asked(url, COLUMNS)
    assert asked(url, "SELECT number, name FROM migration ORDER BY number") == [one[:2] for one in migrations()]
    async with open_postgres(url):
        pass
    assert asked(url, COLUMNS) == before


async def test_an_empty_database_is_no_desk_until_one_is_asked_for(url: str) -> None:
    """Only who creates makes tables; whoever opens is told that there is nothing."""
    with pytest.raises(NoDesk):
        async with open_postgres(url):
            pass
    assert asked(url, COLUMNS) == []


async def test_an_older_database_keeps_its_data(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database of an earlier version gets what is missing, and its rows stay."""
    every = migrations()
    with monkeypatch.context() as patch:
        patch.setattr(migrate, "migrations", lambda: every[:1])
        async with open_postgres(url, create=True) as store:
            await store.write(put("old"))
    async with open_postgres(url) as store:
        assert await store.read(names) == ["old"]
    assert asked(url, "SELECT COUNT(*) FROM migration") == [(len(every),)]


async def test_a_newer_schema_is_refused_and_not_touched(url: str) -> None:
    """An old program says which schema it met and which it knows; nothing changes."""
    async with open_postgres(url, create=True):
        pass
    with psycopg.connect(url) as raw:
        raw.execute("INSERT INTO migration (number, name) VALUES (999, '999_later.sql')")
    with pytest.raises(SchemaTooNew, match="999"):
        async with open_postgres(url, create=True):
            pass


async def test_a_failing_migration_leaves_nothing(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Statements before the wrong one are undone, and the migration is not recorded."""
    async with open_postgres(url, create=True):
        pass
    before = asked(url, COLUMNS)
    half = (998, "998_half.sql", "CREATE TABLE half (a INTEGER);\nCREATE TABLE meta (a INTEGER);\n")
    every = [*migrations(), half]
    monkeypatch.setattr(migrate, "migrations", lambda: every)
    with pytest.raises(psycopg.errors.DuplicateTable):
        async with open_postgres(url):
            pass
    assert asked(url, COLUMNS) == before
    assert asked(url, "SELECT 1 FROM migration WHERE number = 998") == []


def test_both_databases_have_the_same_tables(tmp_path: Path) -> None:
    """Tables, columns in their order, what may be empty, keys, indexes: the same but for what stands beside."""
    url = server().database(tmp_path)
    raw = sqlite3.connect(":memory:", isolation_level=None)
    migrate.migrate(raw)
    tables = [
        name for (name,) in raw.execute("SELECT name FROM pragma_table_list WHERE type = 'table' AND schema = 'main'")
    ]
    tables = sorted(name for name in tables if not name.startswith("sqlite_"))
    columns, keys, indexes = [], {}, set()
    for table in tables:
        info = raw.execute(f"PRAGMA table_info({table})").fetchall()
        columns += [(table, name, bool(notnull or key)) for _, name, _, notnull, _, key in info]
        keys[table] = [name for name, key in sorted(((row[1], row[5]) for row in info), key=lambda one: one[1]) if key]
        found = raw.execute(f"PRAGMA index_list({table})").fetchall()
        indexes |= {(name, table, bool(unique), bool(part)) for _, name, unique, origin, part in found if origin == "c"}
    raw.close()
    assert [row for row in asked(url, COLUMNS) if row not in OWN_COLUMNS] == columns
    assert dict(asked(url, KEYS)) == keys
    assert {row for row in asked(url, INDEXES) if row[0] not in OWN_INDEXES} == indexes


def test_only_definitions_are_rendered() -> None:
    """A type by its other name, no rowids; the words of a row stay as they are, and a full-text index is left out."""
    text = """-- INTEGER
CREATE TABLE a (id INTEGER PRIMARY KEY, n INTEGER NOT NULL, b BLOB, t TEXT DEFAULT '') WITHOUT ROWID;
INSERT INTO a (t) VALUES ('TEXT WITHOUT ROWID');
-- For words
CREATE VIRTUAL TABLE words USING fts5 (grams);
ALTER TABLE a ADD COLUMN x REAL;
"""
    table, row, column = rendered("000_none.sql", text)
    assert "id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, n BIGINT NOT NULL, b BYTEA" in table
    assert table.endswith("""t TEXT COLLATE "C" DEFAULT '');""")
    assert row == "INSERT INTO a (t) VALUES ('TEXT WITHOUT ROWID');"
    assert column == "ALTER TABLE a ADD COLUMN x DOUBLE PRECISION;"
