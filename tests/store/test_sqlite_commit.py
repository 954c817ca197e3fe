"""SQLite: commands share commits, and a fault of the machine is one answer for all of them: not stored."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from core.engine.ports import NotStored, Transaction
from core.engine.store import sqlite
from core.engine.store.connection import Connection
from core.engine.store.sql import Statement
from core.engine.store.sqlite import SqliteStore, open_sqlite
from tests.store.kinds import SET, names, put, put_and_throw

LARGE = "x" * 300_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "desk.db"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[SqliteStore]:
    async with open_sqlite(path, create=True, busy_for=0.0) as store:
        yield store


def writer(store: SqliteStore) -> Connection:
    return store._writer


async def raw(store: SqliteStore, work: Callable[[sqlite3.Connection], Any]) -> Any:
    return await writer(store).hop(work)


async def traced(store: SqliteStore) -> list[str]:
    """Every statement that the writer runs from now on."""
    lines: list[str] = []
    await raw(store, lambda connection: connection.set_trace_callback(lines.append))
    return lines


async def all_of(*writing: Any) -> list[Any]:
    return list(await asyncio.gather(*writing, return_exceptions=True))


async def test_waiting_commands_share_a_commit(store: SqliteStore) -> None:
    """32 callers at once are one transaction without a savepoint; 300 are three, none above 128."""
    lines = await traced(store)
    await all_of(*(store.write(put(f"a{n}")) for n in range(32)))
    assert (lines.count("COMMIT"), lines.count("BEGIN IMMEDIATE"), lines.count("SAVEPOINT job")) == (1, 1, 0)
    lines.clear()
    await all_of(*(store.write(put(f"b{n}")) for n in range(300)))
    assert lines.count("COMMIT") == 3
    assert max(part.count("INSERT") for part in "\n".join(lines).split("COMMIT")) == sqlite.BATCH


async def test_a_batch_in_which_one_throws_is_done_again_with_savepoints(store: SqliteStore) -> None:
    """Whoever throws loses their own writes alone; all others of the batch are stored once, and the caller hears."""
    lines = await traced(store)
    answers = await all_of(
        store.write(put("a")), store.write(put_and_throw("bad", KeyError("mine"))), store.write(put("b"))
    )
    assert (answers[0], type(answers[1]), answers[2]) == ("a", KeyError, "b")
    assert await store.read(names) == ["a", "b"]
    assert (lines.count("ROLLBACK"), lines.count("SAVEPOINT job"), lines.count("COMMIT")) == (1, 3, 1)


async def test_a_swallowed_full_disk_commits_nothing_behind_its_back(store: SqliteStore) -> None:
    """A command that hides a full disk has lost the transaction: nobody after it writes outside of one."""
    pages = await raw(store, lambda connection: connection.execute("PRAGMA page_count").fetchone()[0])
    await raw(store, lambda connection: connection.execute(f"PRAGMA max_page_count={pages + 5}").fetchall())

    def hide(tx: Transaction) -> None:
        with suppress(sqlite3.Error):
            put("large", LARGE)(tx)

    answers = await all_of(store.write(put("a")), store.write(hide), store.write(put("b")))
    assert [type(answer) for answer in answers] == [NotStored] * 3
    assert await store.read(names) == []


async def test_one_command_is_one_hop(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin, all statements and commit cross to the connection's thread once."""
    hops: list[object] = []
    hop = Connection.hop

    async def counted(self: Connection, work: Any) -> Any:
        hops.append(work)
        return await hop(self, work)

    monkeypatch.setattr(Connection, "hop", counted)
    await all_of(*(store.write(put(f"a{n}")) for n in range(20)))
    assert len(hops) == 1


async def test_a_full_disk_inside_a_command_stores_nothing_of_the_batch(store: SqliteStore) -> None:
    """The whole batch is answered with NotStored, nothing of it is there, and the next command is stored."""
    pages = await raw(store, lambda connection: connection.execute("PRAGMA page_count").fetchone()[0])
    await raw(store, lambda connection: connection.execute(f"PRAGMA max_page_count={pages + 5}").fetchall())
    answers = await all_of(
        store.write(put("before")), store.write(put("large", LARGE)), store.write(put_and_throw("bad", KeyError()))
    )
    assert [type(answer) for answer in answers] == [NotStored] * 3
    assert "full" in str(answers[0])
    assert await store.read(names) == []
    assert await store.write(put("small")) == "small"
    assert await store.read(names) == ["small"]


@contextmanager
def disk_ends_at(size: int) -> Any:
    """No file of this process may grow beyond this size."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_full_disk_at_the_commit_stores_nothing_of_the_batch(store: SqliteStore, path: Path) -> None:
    """When COMMIT itself cannot be written all are answered with NotStored, and the store works on afterwards."""
    await store.write(put("first"))
    with disk_ends_at(path.with_name(path.name + "-wal").stat().st_size + 8_192):
        answers = await all_of(store.write(put("small")), store.write(put("large", LARGE)))
    assert [type(answer) for answer in answers] == [NotStored] * 2
    assert await store.read(names) == ["first"]
    assert await store.write(put("large", LARGE)) == "large"
    assert await store.read(names) == ["first", "large"]


async def test_a_fault_of_the_machine_in_one_statement_fails_the_batch(store: SqliteStore) -> None:
    """Also when SQLite kept the transaction: the machine's faults are answered alike, and nothing stays half-open."""
    fault = sqlite3.OperationalError("disk I/O error")
    fault.sqlite_errorcode = sqlite3.SQLITE_IOERR_WRITE
    answers = await all_of(store.write(put("a")), store.write(put_and_throw("b", fault)), store.write(put("c")))
    assert [type(answer) for answer in answers] == [NotStored] * 3
    assert await store.write(put("d")) == "d"
    assert await store.read(names) == ["d"]


async def test_a_fault_of_the_command_in_one_statement_is_its_own(store: SqliteStore) -> None:
    """A constraint that fails is an error of its command alone."""
    answers = await all_of(store.write(put("a")), store.write(lambda tx: tx.run(SET, {"name": "b", "value": None})))
    assert isinstance(answers[1], sqlite3.IntegrityError)
    assert await store.read(names) == ["a"]


async def test_a_reader_that_meets_a_fault_of_the_machine_says_so(store: SqliteStore) -> None:
    """What could not be read may be tried again, and the reader is free; a mistake in a statement is no such fault."""
    fault = sqlite3.OperationalError("disk I/O error")
    fault.sqlite_errorcode = sqlite3.SQLITE_IOERR_READ

    def fails(tx: object) -> None:
        raise fault

    for _ in range(3):
        with pytest.raises(NotStored, match="read"):
            await store.read(fails)
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await store.read(lambda tx: tx.one(Statement("wrong", "SELECT * FROM nowhere")))
    assert await store.read(names) == []


async def test_a_swallowed_loss_is_still_a_loss(store: SqliteStore) -> None:
    """A command that hides the end of its transaction stores nothing more: it and its batch are not stored."""

    def careless(tx: Transaction) -> str:
        with suppress(NotStored):
            tx.attempt(lambda: tx.run(SET, {"name": "large", "value": LARGE}))
        return "fine"

    pages = await raw(store, lambda connection: connection.execute("PRAGMA page_count").fetchone()[0])
    await raw(store, lambda connection: connection.execute(f"PRAGMA max_page_count={pages + 5}").fetchall())
    answers = await all_of(store.write(put("a")), store.write(careless), store.write(put("b")))
    assert [type(answer) for answer in answers] == [NotStored] * 3
    assert await store.read(names) == []


async def test_beyond_the_limit_a_locked_database_is_busy(store: SqliteStore, path: Path) -> None:
    """Another that keeps the write lock makes commands fail as not stored, and says so; later they are stored."""
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        answers = await all_of(store.write(put("a")), store.write(put("b")))
        assert [type(answer) for answer in answers] == [NotStored] * 2
        assert "busy" in str(answers[0])
        assert await store.read(names) == []
        other.execute("ROLLBACK")
    other.close()
    assert await store.write(put("a")) == "a"


async def test_within_the_limit_a_locked_database_is_waited_for(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that finds the lock taken tries again until it is free."""
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    tried: list[float] = []

    def pause(seconds: float) -> None:
        tried.append(seconds)
        if len(tried) == 3:
            other.execute("COMMIT")

    async with open_sqlite(path, create=True, busy_for=60.0) as store:
        monkeypatch.setattr("core.engine.store.sqlite.time.sleep", pause)
        other.execute("BEGIN IMMEDIATE")
        other.execute("INSERT INTO meta (name, value) VALUES ('theirs', '')")
        assert await store.write(put("ours")) == "ours"
        assert tried == [sqlite.BUSY_STEP] * 3
        assert await store.read(names) == ["ours", "theirs"]
    other.close()


async def test_a_reader_does_not_wait_for_a_writer(store: SqliteStore, path: Path) -> None:
    """Queries are answered while another holds the write lock."""
    await store.write(put("a"))
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        assert await store.read(names) == ["a"]
    other.close()


async def test_a_closed_store_says_that_nothing_was_stored(path: Path) -> None:
    """A command that comes too late is answered, not left waiting."""
    async with open_sqlite(path, create=True) as store:
        pass
    with pytest.raises(NotStored, match="nothing was stored"):
        await store.write(put("late"))


async def test_closing_waits_for_what_was_handed_over(path: Path) -> None:
    """Commands that were handed over before the end of the block are stored, though nobody waits for them."""
    async with open_sqlite(path, create=True) as store:
        waiting = [asyncio.create_task(store.write(put(f"n{n:03}"))) for n in range(300)]
        await asyncio.sleep(0)
    await asyncio.gather(*waiting)
    async with open_sqlite(path) as store:
        assert len(await store.read(names)) == 300


async def test_no_transaction_outlives_its_function(store: SqliteStore) -> None:
    """After commands and queries, good and bad, no connection is inside a transaction."""

    def throws(tx: object) -> None:
        raise KeyError

    await all_of(store.write(put("a")), store.write(throws), store.read(names), store.read(throws))
    idle = [store._idle.get_nowait() for _ in range(store._idle.qsize())]
    assert len(idle) == 2
    open_ = [await one.hop(lambda connection: connection.in_transaction) for one in (writer(store), *idle)]
    assert open_ == [False] * 3
