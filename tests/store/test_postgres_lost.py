"""A PostgreSQL server that goes away, cuts us off or does not answer, and what other processes are told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from core.engine.ports import NotStored, Reader, Signals, Transaction, Unsure
from core.engine.store import postgres
from core.engine.store.postgres import PostgresStore, open_postgres
from tests.store.kinds import names, put
from tests.store.server import server

PATIENCE = 20
LISTENING = """SELECT COUNT(*) FROM pg_stat_activity
    WHERE query LIKE 'LISTEN%' AND state = 'idle' AND datname = current_database()"""


@pytest.fixture
def url(tmp_path: Path) -> str:
    return server().database(tmp_path)


@pytest.fixture
async def store(url: str) -> AsyncIterator[PostgresStore]:
    async with open_postgres(url) as store:
        yield store


async def test_a_connection_that_was_cut_is_made_anew(store: PostgresStore, url: str) -> None:
    """In the middle of a command nothing is stored; the next command and the next query need no restart."""
    await store.write(put("a"))
    assert await store.read(names) == ["a"]

    def cut(tx: Transaction) -> None:
        put("lost")(tx)
        everybody_out(url)
        names(tx)

    with pytest.raises(NotStored):
        await store.write(cut)
    assert await store.write(put("b")) == "b"
    everybody_out(url)
    assert await store.read(names) == ["a", "b"]
    everybody_out(url)
    assert await store.write(lambda tx: tx.new_ids("ticket")) == 1

    def cut_reading(tx: Reader) -> None:
        everybody_out(url)
        names(tx)

    with pytest.raises(NotStored):
        await store.read(cut_reading)


async def test_a_server_that_is_gone_stores_nothing(url: str) -> None:
    """While nobody lets us in every command is told so; afterwards it goes on, with the same store."""
    async with open_postgres(url) as store:
        await store.write(put("a"))
        server().closes(url)
        with pytest.raises(NotStored):
            await store.write(put("b"))
        with pytest.raises(NotStored):
            await store.read(names)
        with pytest.raises(NotStored):
            await store.write(lambda tx: tx.new_ids("ticket"))
        server().opens(url)
        assert await store.write(put("c")) == "c"
        assert await store.read(names) == ["a", "c"]


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_commit_nobody_heard_of_is_asked_about(
    store: PostgresStore, url: str, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection that dies around COMMIT: what was stored is answered, what was not is NotStored."""
    cutting(monkeypatch, url, when)
    if when == "after":
        assert await store.write(put("a", "1")) == "a"
        assert await store.read(names) == ["a"]
    else:
        with pytest.raises(NotStored) as raised:
            await store.write(put("a", "1"))
        assert not isinstance(raised.value, Unsure)
        assert await store.read(names) == []


async def test_a_fate_that_cannot_be_learned_is_said_to_be_unknown(
    store: PostgresStore, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the server gone since COMMIT nobody claims that it was stored, nor that it was not."""
    monkeypatch.setattr(postgres, "FATE_KNOWN_IN", 0.0)
    cutting(monkeypatch, url, "after")
    with pytest.raises(Unsure):
        await store.write(put("a"))


async def test_the_loop_hears_of_what_was_set(store: PostgresStore) -> None:
    """Each commit passes on what its own transaction wants woken, no other's."""
    heard: list[Signals] = []
    store.on_commit(heard.append)

    def sets(tx: Transaction) -> None:
        tx.signals.due = 7

    await store.write(sets)
    await store.write(put("a"))
    assert heard == [Signals(due=7), Signals()]


async def test_another_process_is_heard(store: PostgresStore, url: str) -> None:
    """What another process commits arrives as a hint, without our looking; our own does not come twice."""
    heard: asyncio.Queue[Signals] = asyncio.Queue()
    async with open_postgres(url) as other:
        await listening(url, 2)
        store.on_commit(heard.put_nowait)

        def sets(tx: Transaction) -> None:
            put("a")(tx)
            tx.signals.notices = True

        await other.write(sets)
        async with asyncio.timeout(PATIENCE):
            assert await heard.get() == Signals(notices=True)
        await store.write(put("b"))
        await other.write(put("c"))
        async with asyncio.timeout(PATIENCE):
            assert await heard.get() == Signals()
            assert await heard.get() == Signals()
        assert heard.empty()


async def test_after_a_lost_connection_everything_may_be_new(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever could not hear for a while is woken for everything when it can again."""
    monkeypatch.setattr("core.engine.store.postgres_hints.PAUSE", 0.0)
    heard: asyncio.Queue[Signals] = asyncio.Queue()
    async with open_postgres(url) as store:
        await listening(url, 1)
        store.on_commit(heard.put_nowait)
        await asyncio.to_thread(everybody_out, url)
        async with asyncio.timeout(PATIENCE):
            assert await heard.get() == Signals(due=0, notices=True)


def cutting(monkeypatch: pytest.MonkeyPatch, url: str, when: str) -> None:
    """The next COMMIT loses its connection just before it arrives, or before its answer does."""
    commit = PostgresStore._say_commit

    def cut(self: PostgresStore, raw: Any, signals: Signals) -> None:
        if when == "before":
            everybody_out(url)
        commit(self, raw, signals)
        everybody_out(url)
        raw.execute("SELECT 1")  # nobody answers

    monkeypatch.setattr(PostgresStore, "_say_commit", cut)


def everybody_out(url: str) -> None:
    """End every connection to this database but the one that says so."""
    with psycopg.connect(url, autocommit=True) as raw:
        raw.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


async def listening(url: str, count: int) -> None:
    """So many processes listen."""
    async with asyncio.timeout(PATIENCE), await psycopg.AsyncConnection.connect(url, autocommit=True) as raw:
        while True:
            found = await raw.execute(LISTENING)
            if await found.fetchone() == (count,):
                return
            await asyncio.sleep(0.01)
