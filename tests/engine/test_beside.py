"""Several processes on one database: nothing is done twice, nothing forgotten, no news lost, nobody stands still."""

from __future__ import annotations

import asyncio
import random
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from core.engine.journal import SQL
from core.engine.place import Place, place_of, read_place
from core.engine.ports import SECOND, Transaction
from core.engine.store import postgres_transaction
from core.engine.store.sql import Statement
from core.engine.timers import Timers
from tests.engine.bench import DEADLINES, Bench
from tests.engine.bench import bench as opened
from tests.engine.toy import START, Put, Tell

PATIENCE = 60
IDS = Statement("ids", "SELECT id FROM journal ORDER BY id")
STATES = Statement("states", "SELECT state FROM outgoing ORDER BY id")


pytestmark = pytest.mark.parametrize("kind", ["postgres"], indirect=True)


@asynccontextmanager
async def two(folder: Path) -> AsyncIterator[tuple[Bench, Bench]]:
    """Two processes, as far as the database can tell."""
    async with opened(folder / "desk.db") as one, opened(folder / "desk.db") as other:
        yield one, other


def told_faults(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """The faults of statements from now on, by kind."""
    found: Counter[str] = Counter()
    meaning = postgres_transaction.meaning

    def heard(error: Any) -> Exception:
        found[type(error).__name__] += 1
        return meaning(error)

    monkeypatch.setattr(postgres_transaction, "meaning", heard)
    return found


async def page(bench: Bench, after: Place) -> list[Place]:
    """What a follower reads on from a place."""
    rows = await bench.store.read(lambda tx: tx.all(SQL["journal_after"], after.params(500)))
    return [place_of(row, 4) for row in rows]


@pytest.mark.parametrize("late", ["journals first, commits last", "begins first, journals last"])
async def test_news_are_not_overtaken(kind: str, tmp_path: Path, late: str) -> None:
    """An event is not told before one that may still come before it; then both are, and none is left out."""
    came, go = threading.Event(), threading.Event()

    def slowly(tx: Transaction) -> None:
        if late.startswith("journals"):
            one.desk.run(tx, Put(1), "sato")
        tx.all(DEADLINES)
        came.set()
        assert go.wait(PATIENCE)
        if late.startswith("begins"):
            one.desk.run(tx, Put(1), "sato")

    async with two(tmp_path) as (one, other):
        slow = asyncio.create_task(one.store.write(slowly))
        await asyncio.to_thread(came.wait, PATIENCE)
        await other.did(Put(2))
        assert await page(other, Place()) == []
        go.set()
        await slow
        assert len(await page(other, Place())) == 2


@pytest.mark.parametrize("count", [150, pytest.param(1_200, marks=pytest.mark.proof)])
async def test_a_reader_under_many_writers_misses_nothing(kind: str, tmp_path: Path, count: int) -> None:
    """Transactions of all lengths that write before they journal: who goes on from place to place reads every event."""
    dice = random.Random(7)

    def written(bench: Bench, box: int, turns: int) -> Callable[[Transaction], None]:
        def work(tx: Transaction) -> None:
            for _ in range(turns):
                tx.all(DEADLINES)
            bench.desk.run(tx, Put(box), "sato")

        return work

    async with two(tmp_path) as both:
        read: list[Place] = []
        writing = asyncio.gather(
            *(both[n % 2].store.write(written(both[n % 2], n % 40 + 1, dice.randrange(8))) for n in range(count))
        )
        more = True
        while more:
            done = writing.done()
            found = await page(both[0], read[-1] if read else Place())
            read, more = [*read, *found], bool(found) or not done
        await writing
        assert sorted(place.id for place in read) == [row[0] for row in await both[0].rows(IDS)]
        assert read == sorted(read)
        assert (await both[0].desk.verify()).broken == ()


async def test_listeners_of_every_process_hear_everything_once(kind: str, tmp_path: Path) -> None:
    """A follower here tells what was done there, each event once; a place is opaque and tells where to go on."""
    async with two(tmp_path) as (one, other), aclosing(one.desk.feed("sato")) as hints:  # type: ignore[type-var]
        first = asyncio.ensure_future(anext(hints))
        following = asyncio.create_task(one.desk.follower.run())
        async with asyncio.timeout(PATIENCE):
            heard = [(await first).kind]
            for box in range(1, 6):
                await other.did(Put(box))
            found = [await anext(hints) for _ in range(5)]
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        assert heard == ["reload"]
        assert [hint.kind for hint in found] == ["filled"] * 5
        places = [read_place(hint.cursor) for hint in found]
        assert None not in places
        assert len(set(places)) == 5


async def test_every_deadline_is_done_by_one_of_them(kind: str, tmp_path: Path) -> None:
    """Two processes sweep at once what is due at once: each row exactly once."""
    async with two(tmp_path) as (one, other):
        for box in range(1, 61):
            await one.did(Put(box, due=START))

        async def all_due(timers: Timers) -> None:
            while await timers.sweep():
                pass

        await asyncio.gather(*(all_due(bench.timers) for bench in (one, other)))
        await all_due(one.timers)
        happened = await one.happened()
        assert Counter(happened) == {"filled": 60, "rang": 60}


async def test_a_sweep_and_commands_on_the_same_boxes_do_not_block_each_other(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever moves or cancels deadlines while they are swept meets no deadlock, and no row is taken for a poison."""
    found = told_faults(monkeypatch)
    async with two(tmp_path) as (one, other):
        for box in range(1, 31):
            await one.did(Put(box, due=START))

        async def sweeping(timers: Timers) -> None:
            for _ in range(12):
                await timers.sweep()

        async def pressing(bench: Bench) -> None:
            for n in range(60):
                await bench.did(Put(n % 30 + 1, due=START + (n % 3 - 1) * SECOND))

        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(
                sweeping(one.timers), sweeping(other.timers), *(pressing(bench) for bench in (one, other, one))
            )
        assert found["DeadlockDetected"] == 0
        assert {row[4] for row in await one.rows(DEADLINES)} <= {0}
        assert (await one.desk.verify()).broken == ()


async def test_a_stream_that_is_held_is_left_to_its_holder(kind: str, tmp_path: Path) -> None:
    """A sweep passes over what another process has locked, and looks again soon instead of at once."""
    came, go = threading.Event(), threading.Event()

    def holding(tx: Transaction) -> None:
        one.desk.run(tx, Put(1), "sato")
        came.set()
        assert go.wait(PATIENCE)

    async with two(tmp_path) as (one, other):
        for box in (1, 2):
            await one.did(Put(box, due=START))
        held = asyncio.create_task(one.store.write(holding))
        await asyncio.to_thread(came.wait, PATIENCE)
        assert await other.timers.sweep() == 1
        assert 0 < await other.timers.step() <= 20
        go.set()
        await held
        assert await other.timers.sweep() == 1


async def test_a_notice_is_claimed_by_one_and_taken_over_after_its_lease(kind: str, tmp_path: Path) -> None:
    """Nobody sends what another has claimed; when that one is gone, who takes over sends it under the same tag."""
    async with two(tmp_path) as (one, other):
        one.push.open.clear()
        await one.did(Tell(1))
        assert await one.dispatcher.step() == 1
        async with asyncio.timeout(PATIENCE):
            await one.push.arrivals.wait(1)
        assert await other.dispatcher.step() == 0
        other.clock.passes(31 * SECOND)
        await other.deliver()
        assert [message.tag for message in other.push.sent] == [message.tag for message in one.push.sent]
        one.push.open.set()
        await one.dispatcher.land()
        assert (await one.rows(STATES)) == [("sent",)]


async def test_many_commands_on_one_stream_all_count(kind: str, tmp_path: Path) -> None:
    """Sixty at once on one box from two processes: one chain without a gap, and a long command comes to its end too."""

    def long(bench: Bench) -> Callable[[Transaction], None]:
        def work(tx: Transaction) -> None:
            for _ in range(40):
                tx.all(DEADLINES)
            bench.desk.run(tx, Put(1), "sato")

        return work

    async with two(tmp_path) as both:
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(
                *(both[n % 2].did(Put(1)) for n in range(60)), *(bench.store.write(long(bench)) for bench in both)
            )
        found = await both[0].desk.verify()
        assert (found.events, found.broken) == (62, ())
