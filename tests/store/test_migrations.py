"""Migrations: a fresh file gets all, an old one the rest, a newer one is refused, a failing one leaves nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.engine.store import migrate
from core.engine.store.migrate import SchemaTooNew, migrations, statements
from core.engine.store.sqlite import open_sqlite
from tests.store.kinds import names, put

SCHEMA = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "desk.db"


@pytest.fixture
def raw(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path, isolation_level=None)
    yield connection
    connection.close()


def known(raw: sqlite3.Connection) -> list[tuple[int, str]]:
    return raw.execute("SELECT number, name FROM migration ORDER BY number").fetchall()


async def test_a_fresh_file_gets_all_and_a_second_opening_changes_nothing(path: Path, raw: sqlite3.Connection) -> None:
    """Every numbered file is applied once, in order, and recorded."""
    async with open_sqlite(path, create=True):
        pass
    schema = raw.execute(SCHEMA).fetchall()
    assert known(raw) == [(number, name) for number, name, _ in migrations()]
    async with open_sqlite(path):
        pass
    assert raw.execute(SCHEMA).fetchall() == schema


def test_no_number_is_taken_twice() -> None:
    """Numbers rise; some stay free between what was built side by side."""
    numbers = [number for number, _, _ in migrations()]
    assert numbers == sorted(set(numbers))


async def test_an_older_file_keeps_its_data(
    path: Path, raw: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database of an earlier version gets what is missing, and its rows stay."""
    every = migrations()
    with monkeypatch.context() as patch:
        patch.setattr(migrate, "migrations", lambda: every[:1])
        async with open_sqlite(path, create=True) as store:
            await store.write(put("old"))
    assert len(known(raw)) == 1
    async with open_sqlite(path) as store:
        assert await store.read(names) == ["old"]
    assert len(known(raw)) == len(every)


async def test_a_newer_schema_is_refused_and_not_touched(path: Path, raw: sqlite3.Connection) -> None:
    """An old program says which schema it met and which it knows; the file stays as it was."""
    async with open_sqlite(path, create=True):
        pass
    raw.execute("INSERT INTO migration (number, name) VALUES (999, '999_later.sql')")
    schema = raw.execute(SCHEMA).fetchall()
    with pytest.raises(SchemaTooNew, match="999"):
        async with open_sqlite(path):
            pass
    assert raw.execute(SCHEMA).fetchall() == schema


async def test_a_failing_migration_leaves_nothing(
    path: Path, raw: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Statements before the wrong one are undone, the migration is not recorded, and the mended one applies."""
    every = migrations()
    async with open_sqlite(path, create=True):
        pass
    schema = raw.execute(SCHEMA).fetchall()
    text = "CREATE TABLE half (a INTEGER);\nINSERT INTO half VALUES (1);\n{}\n"
    for last, works in (("CREATE TABLE meta (a);", False), ("CREATE INDEX half_a ON half (a);", True)):
        later = [*every, (998, "998_half.sql", text.format(last))]
        monkeypatch.setattr(migrate, "migrations", lambda later=later: later)
        if not works:
            with pytest.raises(sqlite3.OperationalError, match="already exists"):
                async with open_sqlite(path):
                    pass
            assert raw.execute(SCHEMA).fetchall() == schema
    async with open_sqlite(path):
        pass
    assert known(raw)[-1] == (998, "998_half.sql")
    assert raw.execute("SELECT a FROM half").fetchall() == [(1,)]


def test_statements_are_taken_apart_where_they_end() -> None:
    """A semicolon in a text or a trigger ends no statement; comments are none; half a statement is an error."""
    trigger = "CREATE TRIGGER t AFTER INSERT ON a BEGIN\n  DELETE FROM b;\n  DELETE FROM c;\nEND;"
    text = f"-- a word;\nINSERT INTO a VALUES (';');\n{trigger}\n-- the end\n"
    found = statements(text)
    assert [one.splitlines()[-1] for one in found] == ["INSERT INTO a VALUES (';');", "END;"]
    assert found[1] == trigger
    with pytest.raises(ValueError, match="middle"):
        statements("CREATE TABLE a (b")


async def test_rules_of_an_older_desk_go_on(
    path: Path, raw: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`off` is written `outside` now, in a directory of a new revision; a review date is waited for from now on."""
    older = [one for one in migrations() if one[0] < 26]
    with monkeypatch.context() as patch:
        patch.setattr(migrate, "migrations", lambda: older)
        async with open_sqlite(path, create=True):
            pass
    raw.execute(
        "INSERT INTO rule (position, id, conditions, kind, says, guidance, review_by) VALUES (0, 'r',"
        """ '{"words":["\\"hours\\":\\"off\\""],"hours":"off"}', 'takeover', '{}', '{}', '2027-03-31')"""
    )
    raw.execute(
        "INSERT INTO journal (stream, stream_id, seq, at, actor, type, data, head)"
        " VALUES ('desk', 1, 1, 77, 'console', 'x', '{}', '')"
    )
    async with open_sqlite(path):
        pass
    assert raw.execute("SELECT conditions FROM rule").fetchall() == [
        ('{"words":["\\"hours\\":\\"off\\""],"hours":"outside"}',)
    ]
    assert raw.execute("SELECT revision FROM directory").fetchall() == [(".026",)]
    assert raw.execute("SELECT kind, due FROM deadline").fetchall() == [("review", 77)]
