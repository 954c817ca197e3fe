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

from core.engine.ports import NotStored, Transaction
from core.engine.store import postgres
from core.engine.store.postgres import PostgresStore, open_postgres
from core.engine.store.postgres_transaction import Again
from core.engine.store.sql import Statement
from tests.store.kinds import ALL, GET, names, put
from tests.store.server import server

PATIENCE = 20
GROW = Statement("grow", "UPDATE meta SET value = value || :value WHERE name = :name")
ADD = Statement("add", "INSERT INTO meta (name, value) VALUES (:name, :value)")
ADD_ALONE = Statement("add_alone", "INSERT INTO meta (name, value) VALUES (:name, :value) /*alone*/")
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
        raise Again("SerializationFailure")

    with pytest.raises(NotStored, match="busy"):
        await store.write(unlucky)
    assert await store.write(put("a")) == "a"


async def test_who_is_overtaken_again_and_again_runs_alone(store: PostgresStore, url: str) -> None:
    """After three tries a command has everything to itself: no stream of short ones keeps a long one from its end."""
    await store.write(put("a"))
    alone: list[bool] = []

    def unlucky(tx: Transaction) -> None:
        alone.append(tx._alone)  # type: ignore[attr-defined]
        names(tx)
        if len(alone) <= postgres.PATIENT:
            with psycopg.connect(url, autocommit=True) as quicker:
                quicker.execute("UPDATE meta SET value = value || '.' WHERE name = 'a'")
        tx.run(GROW, {"name": "a", "value": "!"})

    await store.write(unlucky)
    assert alone == [False] * postgres.PATIENT + [True]
    assert await store.read(lambda tx: tx.one(GET, {"name": "a"})) == ("...!",)


async def test_a_text_with_a_null_character_is_kept_readable(store: PostgresStore) -> None:
    """What PostgreSQL cannot keep is replaced by the sign for the unreadable; nothing is refused for it."""
    await store.write(put("a", "x\0y"))
    assert await store.read(lambda tx: tx.one(GET, {"name": "a"})) == ("x\ufffdy",)


async def test_ids_go_on_whatever_becomes_of_a_command(store: PostgresStore) -> None:
    """Many commands at once get ids that are all different, in the order in which they were asked for."""
    given: list[int] = []

    def take(tx: Transaction) -> None:
        given.append(tx.new_ids("ticket", 2))

    await asyncio.gather(*(store.write(take) for _ in range(40)))
    assert sorted(given) == [1 + 2 * n for n in range(40)]
