"""`noroshi reindex`: the search index is whole again, whatever became of it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.cli.conftest import Run


def indexed(desk: Path) -> list[int]:
    """The tickets that the index knows by this word."""
    with closing(sqlite3.connect(desk)) as raw:
        return [number for (number,) in raw.execute("SELECT rowid FROM search_grams WHERE search_grams MATCH '納品'")]


def test_the_index_is_built_from_the_texts(desk: Path, run: Run, as_sato: str) -> None:
    """Nothing has to be running; what was wrong in it is gone, and how many can be searched is said."""
    for subject in ("納品数違い", "請求書の件", "納品の件"):
        assert run("ticket", "new", "--subject", subject).exit_code == 0
    assert indexed(desk) == []
    for _ in range(2):
        result = run("reindex")
        assert (result.exit_code, result.stdout) == (0, "3 tickets can be searched.\n"), result.output
        assert indexed(desk) == [1, 3]
    with closing(sqlite3.connect(desk)) as raw, raw:
        raw.execute("INSERT INTO search_grams (search_grams) VALUES ('delete-all')")
    assert indexed(desk) == []
    assert run("reindex").exit_code == 0
    assert indexed(desk) == [1, 3]
