"""What any store keeps: whole functions, all or nothing each, durable before they are answered."""

from __future__ import annotations

import asyncio
import threading

import pytest

from core.engine.counts import Counts
from core.engine.outcome import Refusal
from core.engine.ports import Measured, NotStored, Reader, Store, Transaction
from tests.store.kinds import GET, RETURNING, SET, OpenStore, names, put, put_and_throw


async def test_what_was_answered_is_there_after_reopening(open_store: OpenStore) -> None:
    """A value returned by write was committed before."""
    async with open_store() as store:
        assert await store.write(put("a", "1")) == "a"
    async with open_store() as store:
        assert await store.read(lambda tx: tx.one(GET, {"name": "a"})) == ("1",)


async def test_a_command_runs_whole_and_not_on_the_loop(store: Store) -> None:
    """One function, one thread that is not the event loop's."""
    writing = await store.write(lambda tx: [threading.get_ident() for _ in range(3)])
    assert len(set(writing)) == 1
    assert threading.get_ident() not in writing


async def test_an_exception_undoes_only_its_own_command(store: Store) -> None:
    """Of commands that share a commit the failing ones leave nothing, the others are stored and answered."""
    work = [put_and_throw(f"bad {n}", KeyError(n)) if n % 3 == 0 else put(f"good {n}") for n in range(30)]
    answers = await asyncio.gather(*(store.write(one) for one in work), return_exceptions=True)
    assert [isinstance(answer, KeyError) for answer in answers] == [n % 3 == 0 for n in range(30)]
    assert sorted(await store.read(names)) == sorted(f"good {n}" for n in range(30) if n % 3)


async def test_a_refusal_is_a_value(store: Store) -> None:
    """What a command wrote before it answered with a refusal is stored."""

    def refuse(tx: Transaction) -> Refusal:
        put("tried")(tx)
        return Refusal("closed")

    assert await store.write(refuse) == Refusal("closed")
    assert await store.read(names) == ["tried"]


@pytest.mark.parametrize("error", [StopIteration(), asyncio.CancelledError(), SystemExit(3), GeneratorExit()])
async def test_nothing_that_a_command_raises_stops_the_store(store: Store, error: BaseException) -> None:
    """Also exceptions that futures do not like reach their caller, and the next command is stored."""
    writing = asyncio.ensure_future(store.write(put("before")))
    (answer,) = await asyncio.gather(_caught(store, error), return_exceptions=True)
    assert isinstance(answer, BaseException)
    assert await writing == "before"
    assert await store.write(put("after")) == "after"
    assert await store.read(names) == ["after", "before"]


async def _caught(store: Store, error: BaseException) -> BaseException | None:
    try:
        await store.write(put_and_throw("bad", error))
    except BaseException as raised:
        return raised
    return None


async def test_nothing_that_a_query_raises_stops_the_readers(store: Store) -> None:
    """Readers are there again after any number of failed queries."""

    def stop(tx: Reader) -> None:
        raise StopIteration

    for _ in range(8):
        with pytest.raises(RuntimeError):
            await store.read(stop)
    assert await store.read(names) == []


async def test_an_attempt_undoes_what_it_wrote_and_no_more(store: Store) -> None:
    """Inside a command a failing part is undone alone, also nested; what was remembered is forgotten with it."""

    def inner(tx: Transaction) -> None:
        tx.attempt(lambda: put("kept for now")(tx))
        tx.memo["seen"] = True
        raise KeyError

    def outer(tx: Transaction) -> dict[str, object]:
        put("outer")(tx)
        with pytest.raises(KeyError):
            tx.attempt(lambda: inner(tx))
        tx.attempt(lambda: put("second")(tx))
        return dict(tx.memo)

    assert await store.write(outer) == {}
    assert await store.read(names) == ["outer", "second"]


async def test_a_cancelled_caller_revokes_nothing(store: Store) -> None:
    """Handed over means it happens, whenever the caller is cancelled; the store lives on."""
    waiting = [asyncio.create_task(store.write(put(f"n{n:02}"))) for n in range(64)]
    await asyncio.sleep(0)
    for task in waiting:
        task.cancel()
    assert all(
        isinstance(one, asyncio.CancelledError) for one in await asyncio.gather(*waiting, return_exceptions=True)
    )
    await store.write(put("z"))
    assert len(await store.read(names)) == 65


async def test_a_cancelled_reader_gives_its_connection_back(store: Store) -> None:
    """After many cancelled queries there are still readers."""
    for _ in range(8):
        task = asyncio.create_task(store.read(names))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert await store.read(names) == []


async def test_a_query_sees_one_state(store: Store) -> None:
    """What is committed while a query runs is not seen by it."""
    began, go_on = threading.Event(), threading.Event()

    def twice(tx: Reader) -> tuple[list[str], list[str]]:
        before = names(tx)
        began.set()
        go_on.wait(20)
        return before, names(tx)

    reading = asyncio.create_task(store.read(twice))
    await asyncio.to_thread(began.wait, 20)
    await store.write(put("new"))
    go_on.set()
    assert await reading == ([], [])
    assert await store.read(names) == ["new"]


async def test_a_query_cannot_write(store: Store) -> None:
    """A reader is read-only whatever statement it is given."""
    with pytest.raises(Exception, match=r"(?i)read-?only"):
        await store.read(lambda tx: tx.one(SET, {"name": "a", "value": "b"}))
    assert await store.read(names) == []


async def test_a_returning_that_is_not_looked_at_cannot_block_the_commit(store: Store) -> None:
    """Rows of RETURNING are fetched by the store, whichever way the statement was run."""

    def add(tx: Transaction) -> tuple[int, object]:
        return tx.run(RETURNING, {"name": "run"}), tx.one(RETURNING, {"name": "one"})

    assert await store.write(add) == (1, ("one", ""))
    assert await store.read(names) == ["one", "run"]


async def test_run_counts_rows_and_many_writes_all(store: Store) -> None:
    """`run` answers how many rows changed; `many` runs once per row."""

    def work(tx: Transaction) -> int:
        tx.many(SET, [{"name": name, "value": ""} for name in "abc"])
        return tx.run(SET, {"name": "a", "value": "2"})

    assert await store.write(work) == 1
    assert await store.read(names) == ["a", "b", "c"]


async def test_a_listener_that_throws_stops_nobody(store: Store) -> None:
    """Other listeners hear, and whoever writes at once, or later, is stored and answered."""
    heard: list[bool] = []

    def throw(_: object) -> None:
        raise RuntimeError("mine")

    store.on_commit(throw)
    store.on_commit(lambda _: heard.append(True))
    async with asyncio.timeout(30):
        many = await asyncio.gather(*(store.write(put(f"n{n:03}")) for n in range(200)))
        assert await store.write(put("after")) == "after"
    assert len(many) == 200
    assert heard
    assert len(await store.read(names)) == 201


async def test_new_ids_are_given_once(store: Store) -> None:
    """Ids of a counter follow each other; what a failed command had taken is given again or left out, never twice."""

    def take(tx: Transaction) -> int:
        return tx.new_ids("ticket", 3)

    def take_and_throw(tx: Transaction) -> int:
        raise KeyError(take(tx))

    firsts = [await store.write(take)]
    with pytest.raises(KeyError):
        await store.write(take_and_throw)
    firsts += [await store.write(take) for _ in range(2)]
    assert firsts[0] == 1
    taken = [first + n for first in firsts for n in range(3)]
    assert len(set(taken)) == len(taken)
    assert await store.write(lambda tx: tx.new_ids("call")) == 1


async def test_listeners_hear_of_commits_and_of_nothing_else(store: Store) -> None:
    """Called once per commit that stored something, on the loop, after it can be read."""
    heard: list[int] = []
    store.on_commit(lambda _: heard.append(threading.get_ident()))
    await store.read(names)
    with pytest.raises(KeyError):
        await store.write(put_and_throw("a", KeyError()))
    assert heard == []
    await store.write(put("a"))
    assert heard == [threading.get_ident()]


async def test_commits_are_measured(store: Store) -> None:
    """Every command that was stored is counted with what its commit took; a question is none, a loss is told apart."""
    counts = Counts()
    assert isinstance(store, Measured)
    store.measure(counts)
    await store.read(names)
    await asyncio.gather(*(store.write(put(f"a{n}")) for n in range(5)))
    assert counts.batch.sum == 5
    assert sum(counts.commit.counts) == sum(counts.batch.counts) > 0
    assert 0 < counts.commit.sum < 60
    with pytest.raises(NotStored):
        await store.write(put_and_throw("b", NotStored("full")))
    assert (counts.lost, counts.batch.sum) == (1, 5)
