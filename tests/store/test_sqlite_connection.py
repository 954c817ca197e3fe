"""The one subclass of aiosqlite, and how connections are set and closed."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import threading
from importlib.metadata import version
from pathlib import Path
from typing import Any

import aiosqlite
import pytest

from core.engine.store.connection import connected
from core.engine.store.sqlite import open_sqlite
from tests.store.kinds import names, put

ROOT = Path(__file__).parents[2]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "desk.db"


def workers() -> list[threading.Thread]:
    """Threads that would keep this process alive."""
    return [thread for thread in threading.enumerate() if "_connection_worker_thread" in thread.name]


class Crossings:
    """The queue to a connection's thread, and what went through it."""

    def __init__(self, queue: Any) -> None:
        self._queue = queue
        self.items: list[object] = []

    def put_nowait(self, item: object) -> None:
        self.items.append(item)
        self._queue.put_nowait(item)


def test_aiosqlite_is_the_one_that_was_read() -> None:
    """`_execute` and `_conn` are private: another version is read first, then named here and in the requirements."""
    assert version("aiosqlite") == "0.22.1"
    assert "aiosqlite==0.22.1" in (ROOT / "requirements/base.txt").read_text(encoding="utf-8")


async def test_a_hop_is_one_entry_in_the_queue_of_the_thread(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A function of any length crosses once, runs on the connection's own thread, and gets its sqlite3 connection."""
    async with connected(path, 0.0) as connection:
        crossed = Crossings(connection._tx)
        monkeypatch.setattr(connection, "_tx", crossed)

        def work(raw: sqlite3.Connection) -> tuple[int, int]:
            return sum(raw.execute("SELECT 1").fetchone()[0] for _ in range(10)), threading.get_ident()

        assert await connection.hop(work) == (10, connection._thread.ident)
        assert len(crossed.items) == 1


async def test_a_hop_passes_exceptions_on(path: Path) -> None:
    """What the function raises arrives at the caller, StopIteration as an error that a future can carry."""

    def stop(raw: sqlite3.Connection) -> None:
        raise StopIteration

    async with connected(path, 0.0) as connection:
        with pytest.raises(ZeroDivisionError):
            await connection.hop(lambda raw: 1 // 0)
        with pytest.raises(RuntimeError, match="StopIteration"):
            await connection.hop(stop)
        assert await connection.hop(lambda raw: raw.execute("SELECT 2").fetchone()) == (2,)


async def test_a_closed_connection_says_so(path: Path) -> None:
    """A hop after the end is a ValueError at once."""
    async with connected(path, 0.0) as connection:
        assert isinstance(connection, aiosqlite.Connection)
    with pytest.raises(ValueError, match="closed"):
        await connection.hop(lambda raw: None)


async def test_commits_are_durable_and_readers_do_not_block(path: Path) -> None:
    """The writer has WAL, synchronous=FULL and foreign keys; it does not wait by SQLite's own busy handler."""
    async with open_sqlite(path, create=True) as store:

        def pragma(raw: sqlite3.Connection) -> list[object]:
            asked = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            return [raw.execute(f"PRAGMA {name}").fetchone()[0] for name in asked]

        assert await store._writer.hop(pragma) == ["wal", 2, 1, 0]


async def test_readers_are_read_only_twice(path: Path) -> None:
    """A reader's file is opened read-only, and query_only says it before the file does."""
    async with open_sqlite(path, create=True), connected(path, 0.0, readonly=True) as reader:
        assert await reader.hop(lambda raw: raw.execute("PRAGMA query_only").fetchone()) == (1,)
        await reader.hop(lambda raw: raw.execute("PRAGMA query_only=0").fetchall())
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            await reader.hop(lambda raw: raw.execute("DELETE FROM meta"))


async def test_a_missing_file_is_not_made_by_accident(tmp_path: Path, path: Path) -> None:
    """Without `create` a wrong path is an error and leaves no file."""
    with pytest.raises(FileNotFoundError):
        async with open_sqlite(path):
            pass
    assert await asyncio.to_thread(lambda: list(tmp_path.iterdir())) == []


async def test_every_way_out_ends_the_threads(path: Path) -> None:
    """After a clean end, an exception, a cancellation, a file that is no database and a folder, no thread is left."""
    async with open_sqlite(path, create=True) as store:
        await store.write(put("a"))
        assert len(workers()) == 3
    with pytest.raises(KeyError):
        async with open_sqlite(path):
            raise KeyError
    opening = asyncio.create_task(_open_and_wait(path))
    await asyncio.sleep(0)
    opening.cancel()
    await asyncio.gather(opening, return_exceptions=True)
    path.with_name("no.db").write_text("this is no database, however long it is looked at" * 100, encoding="utf-8")
    for wrong in (path.with_name("no.db"), path.parent):
        with pytest.raises(sqlite3.DatabaseError):
            async with open_sqlite(wrong):
                pass
    for thread in workers():
        await asyncio.to_thread(thread.join, 20)
    assert workers() == []


async def _open_and_wait(path: Path) -> None:
    async with open_sqlite(path):
        await asyncio.Event().wait()


SCRIPT = """
import asyncio, pathlib, sys
from core.engine.store.sqlite import open_sqlite
from tests.store.kinds import put
async def main(path):
    async with open_sqlite(path, create=True) as store:
        await store.write(put("a"))
        {end}
asyncio.run(main(pathlib.Path(sys.argv[1])))
"""


@pytest.mark.parametrize(("end", "code"), [("return", 0), ("raise SystemExit(3)", 3), ("raise ValueError", 1)])
async def test_a_process_ends_with_its_block(path: Path, end: str, code: int) -> None:
    """A program that opens a store in one `async with` exits, whatever happens inside, and what it wrote is there."""
    script = SCRIPT.format(end=end)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, str(path), cwd=ROOT, stderr=asyncio.subprocess.DEVNULL
    )
    async with asyncio.timeout(60):
        assert await process.wait() == code
    async with open_sqlite(path) as store:
        assert await store.read(names) == ["a"]
