"""What PostgreSQL alone can do to a command: others beside it, a connection that goes away, a commit unheard of."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import errors

from core.engine.ports import NotStored, Signals, Transaction
from core.engine.store import postgres
from core.engine.store.postgres import PostgresStore, Unsure, open_postgres
from core.engine.store.sql import Statement
from tests.store.kinds import ALL, GET, names, put
from tests.store.server import server

PATIENCE = 20
LOCK = Statement("lock", "SELECT value FROM meta WHERE name = :name /*pg FOR UPDATE */")
GROW = Statement("grow", "UPDATE meta SET value = value || :value WHERE name = :name")
ADD = Statement("add", "INSERT INTO meta (name, value) VALUES (:name, :value)")
ADD_ALONE = Statement("add_alone", "INSERT INTO meta (name, value) VALUES (:name, :value) /*alone*/")
LISTENING = """SELECT COUNT(*) FROM pg_stat_activity
    WHERE query LIKE 'LISTEN%' AND state = 'idle' AND datname = current_database()"""
WRONG = Statement("wrong", "SELECT nothing FROM nowhere")


@pytest.fixture
def url(tmp_path: Path) -> str:
    return server().database(tmp_path)


@pytest.fixture
async def store(url: str) -> AsyncIterator[PostgresStore]:
    async with open_postgres(url) as store:
        yield store


class Gate:
    """Two commands meet here, in threads."""

    def __init__(self) -> None:
        self.came, self.go = threading.Event(), threading.Event()
        self.tries = 0

    def passes(self, do: Callable[[Transaction], Any]) -> Callable[[Transaction], Any]:
        """A command that reads, waits at the gate at its first try, then does it."""

        def work(tx: Transaction) -> Any:
            names(tx)
            self.tries += 1
            if self.tries == 1:
                self.came.set()
                assert self.go.wait(PATIENCE)
            return do(tx)

        return work

    async def reached(self) -> None:
        assert await asyncio.to_thread(self.came.wait, PATIENCE)


async def test_who_is_overtaken_does_it_again(store: PostgresStore) -> None:
    """A command whose row another changed meanwhile is done once more and then sees what the other did."""
    await store.write(put("a", "1"))
    gate = Gate()
    slow = asyncio.create_task(
        store.write(gate.passes(lambda tx: (tx.run(GROW, {"name": "a", "value": "3"}), tx.all(ALL))))
    )
    await gate.reached()
    await store.write(lambda tx: tx.run(GROW, {"name": "a", "value": "2"}))
    gate.go.set()
    assert await slow == (1, [("a", "123")])
    assert gate.tries == 2


async def test_who_makes_the_same_row_second_sees_the_first(store: PostgresStore) -> None:
    """A row that two make at once is made by one; the other is done again, and decides by what is there."""

    def make(tx: Transaction) -> str:
        if tx.one(GET, {"name": "one"}) is not None:
            return "was there"
        tx.run(ADD, {"name": "one", "value": ""})
        return "made"

    gate = Gate()
    slow = asyncio.create_task(store.write(gate.passes(make)))
    await gate.reached()
    assert await store.write(make) == "made"
    gate.go.set()
    assert await slow == "was there"


async def test_a_row_that_is_always_twice_is_the_commands_own_fault(store: PostgresStore) -> None:
    """After a few tries the error is raised as it is; an attempt inside the command can then undo it."""
    await store.write(put("a"))
    with pytest.raises(errors.UniqueViolation):
        await store.write(lambda tx: tx.run(ADD, {"name": "a", "value": ""}))

    def careful(tx: Transaction) -> str:
        with pytest.raises(errors.UniqueViolation):
            tx.attempt(lambda: tx.run(ADD, {"name": "a", "value": ""}))
        return put("b")(tx)

    assert await store.write(careful) == "b"
    assert await store.read(names) == ["a", "b"]


async def test_a_deadlock_is_done_again(store: PostgresStore) -> None:
    """Two commands that want each other's rows are both stored."""
    await store.write(lambda tx: [put(name)(tx) for name in "ab"])
    both = threading.Barrier(2)

    def crossing(first: str, second: str) -> Callable[[Transaction], None]:
        met: list[bool] = []

        def work(tx: Transaction) -> None:
            tx.run(GROW, {"name": first, "value": "x"})
            if not met:
                met.append(True)
                both.wait(PATIENCE)
            tx.run(GROW, {"name": second, "value": "x"})

        return work

    await asyncio.gather(store.write(crossing("a", "b")), store.write(crossing("b", "a")))
    assert await store.read(lambda tx: tx.all(ALL)) == [("a", "xx"), ("b", "xx")]


async def test_what_changes_everything_runs_alone(store: PostgresStore) -> None:
    """A command that changes what all stand on waits for those that run, and those that come wait for it."""
    gate = Gate()
    other = asyncio.create_task(store.write(gate.passes(put("other"))))
    await gate.reached()
    seen: list[list[str]] = []
    began = threading.Event()

    def change(tx: Transaction) -> None:
        seen.append(names(tx))
        began.set()
        tx.run(ADD_ALONE, {"name": "change", "value": ""})

    changing = asyncio.create_task(store.write(change))
    assert await asyncio.to_thread(began.wait, PATIENCE)
    third = asyncio.create_task(store.write(put("third")))
    assert not changing.done()
    gate.go.set()
    await asyncio.gather(other, changing, third)
    assert seen[0] == []
    assert "other" in seen[-1]


async def test_a_swallowed_loss_is_still_a_loss(store: PostgresStore) -> None:
    """A command that goes on after a failed statement is not told that it is stored: COMMIT would store nothing."""

    def swallow(tx: Transaction) -> None:
        put("a")(tx)
        with pytest.raises(errors.UndefinedTable):
            tx.one(WRONG)

    with pytest.raises(NotStored):
        await store.write(swallow)
    assert await store.read(names) == []


async def test_two_that_meet_for_ever_are_told_that_it_is_busy(
    store: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is overtaken at every try gets an answer in the end: busy, nothing stored."""
    monkeypatch.setattr(postgres, "BUSY_FOR", 0.0)

    def unlucky(tx: Transaction) -> None:
        raise postgres.Again("SerializationFailure")

    with pytest.raises(NotStored, match="busy"):
        await store.write(unlucky)
    assert await store.write(put("a")) == "a"


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
    with pytest.raises(NotStored):
        await store.read(lambda tx: (everybody_out(url), names(tx)))


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


async def test_ids_go_on_whatever_becomes_of_a_command(store: PostgresStore) -> None:
    """Many commands at once get ids that are all different, in the order in which they were asked for."""
    given: list[int] = []

    def take(tx: Transaction) -> None:
        given.append(tx.new_ids("ticket", 2))

    await asyncio.gather(*(store.write(take) for _ in range(40)))
    assert sorted(given) == [1 + 2 * n for n in range(40)]


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
