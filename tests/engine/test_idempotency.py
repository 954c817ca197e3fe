"""An Idempotency-Key: pressed twice is done once, and answered the same."""

from __future__ import annotations

import asyncio

import pytest
from msgspec import Struct

from core.engine.desk import REMEMBERED, Key
from core.engine.outcome import Done, Refusal
from core.engine.ports import NotStored
from core.engine.store.sqlite import SqliteStore
from tests.engine.bench import Bench
from tests.engine.toy import Open, Put, Smash

KEY = Key("k1", "/boxes", b"body")


async def twice(bench: Bench, command: Struct, first: Key = KEY, second: Key = KEY) -> tuple[object, object]:
    """The answers to the same command under two keys."""
    answer = await bench.desk.handle(command, "sato", first)
    bench.clock.passes(1_000)
    return answer, await bench.desk.handle(command, "sato", second)


async def test_the_same_key_and_body_is_done_once(bench: Bench) -> None:
    """The second answer is the first one, with its time; nothing happens again."""
    first, second = await twice(bench, Put(1))
    assert first == second == Done(1, at=bench.clock.now() - 1_000)
    assert await bench.happened() == ["filled"]


async def test_also_when_both_come_at_once(bench: Bench) -> None:
    """Two of the same key in one commit are one act."""
    answers = await asyncio.gather(*(bench.desk.handle(Put(1), "sato", KEY) for _ in range(5)))
    assert answers == [answers[0]] * 5
    assert await bench.happened() == ["filled"]


async def test_another_body_under_the_same_key_is_a_conflict(bench: Bench) -> None:
    """A key that was used for something else is refused and does nothing; the first answer stays."""
    _, second = await twice(bench, Put(1), second=Key("k1", "/boxes", b"other"))
    assert second == Refusal("conflict", "idempotency_key")
    assert await bench.desk.handle(Put(1), "sato", KEY) == Done(1, at=bench.clock.now() - 1_000)
    assert await bench.happened() == ["filled"]


@pytest.mark.parametrize("other", [Key("k2", "/boxes", b"body"), Key("k1", "/lids", b"body")])
async def test_a_key_holds_for_its_route(bench: Bench, other: Key) -> None:
    """Another key or another route is another act."""
    await twice(bench, Put(1), second=other)
    assert await bench.happened() == ["filled", "filled"]


async def test_a_key_holds_for_its_actor(bench: Bench) -> None:
    """Two people may choose the same key."""
    for person in ("sato", "suzuki"):
        await bench.desk.handle(Put(1), person, KEY)
    assert await bench.happened() == ["filled", "filled"]


async def test_refusals_are_remembered(bench: Bench) -> None:
    """A refusal is answered again although it would be done by now."""
    refusal = await bench.desk.handle(Open(1), "sato", KEY)
    assert isinstance(refusal, Refusal)
    assert await bench.desk.handle(Put(1), "sato", KEY) == refusal
    assert await bench.happened() == []


async def test_faults_are_not_remembered(bench: Bench) -> None:
    """After an exception, and after a transaction that was lost, the same key does it."""
    with pytest.raises(ZeroDivisionError):
        await bench.desk.handle(Smash(1), "sato", KEY)
    assert isinstance(bench.store, SqliteStore)
    pages = await bench.store._writer.hop(lambda raw: raw.execute("PRAGMA page_count").fetchone()[0])
    await bench.store._writer.hop(lambda raw: raw.execute(f"PRAGMA max_page_count={pages}").fetchall())
    with pytest.raises(NotStored):
        await bench.desk.handle(Put(1, "x" * 300_000), "sato", KEY)
    await bench.store._writer.hop(lambda raw: raw.execute("PRAGMA max_page_count=1000000").fetchall())
    assert isinstance(await bench.desk.handle(Put(1), "sato", KEY), Done)
    assert await bench.happened() == ["filled"]


async def test_after_a_day_a_key_is_forgotten(bench: Bench) -> None:
    """Up to 24 hours it answers, from then on it does; the timers clear away what is forgotten."""
    await bench.desk.handle(Put(1), "sato", KEY)
    bench.clock.passes(REMEMBERED - 1)
    await bench.desk.handle(Put(1), "sato", KEY)
    assert await bench.happened() == ["filled"]
    bench.clock.passes(1)
    await bench.desk.handle(Put(1), "sato", KEY)
    assert await bench.happened() == ["filled", "filled"]
    bench.clock.passes(REMEMBERED)
    await bench.timers.step()
    assert await bench.counted("idempotency") == 0
