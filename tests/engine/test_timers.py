"""Time: due rows become commands, earliest first; a row that throws holds up nobody."""

from __future__ import annotations

import asyncio
import json

import pytest

from core.console.running import beside
from core.engine import timers
from core.engine.ports import HOUR, MINUTE, SECOND, NotStored
from core.engine.timers import POISON_PAUSE, Timers
from core.engine.work import Work
from tests.engine.bench import DEADLINES, Bench
from tests.engine.toy import START, STREAM, Contents, Put, Rang, Ring

PATIENCE = 20


async def rang(bench: Bench) -> list[tuple[int, int]]:
    """What time did, in order: (ref, due after the start)."""
    told = [json.loads(row[2]) for row in await bench.desk.ask(Contents(), "sato") if row[1] == "rang"]
    return [(event["ref"], event["due"] - START) for event in told]


async def test_the_earliest_deadline_comes_first(bench: Bench) -> None:
    """In the order of their time, whatever the order they were set in; none before its time."""
    for box, due in ((1, 300), (2, 100), (3, 200), (4, 400)):
        await bench.did(Put(box, due=START + due))
    bench.clock.passes(99)
    await bench.timers.step()
    assert await rang(bench) == []
    bench.clock.passes(201)
    await bench.timers.step()
    assert await rang(bench) == [(2, 100), (3, 200), (1, 300)]
    assert [row[0] for row in await bench.rows(DEADLINES)] == [4]


async def test_a_step_says_how_long_to_sleep(bench: Bench) -> None:
    """Until the next deadline, at most a second, and never less than nothing."""
    assert await bench.timers.step() == timers.SLEEP_AT_MOST
    await bench.did(Put(1, due=START + 300))
    assert await bench.timers.step() == 300
    await bench.did(Put(2, due=START + HOUR))
    bench.clock.passes(300)
    assert await bench.timers.step() == timers.SLEEP_AT_MOST


async def test_an_earlier_deadline_wakes_the_timers(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who sleeps for an hour is woken by the commit that sets something due now."""
    monkeypatch.setattr(timers, "SLEEP_AT_MOST", HOUR)
    happened = asyncio.Event()
    asleep = asyncio.Event()
    steps = bench.timers.step

    async def step() -> int:
        pause = await steps()
        asleep.set()
        return pause

    monkeypatch.setattr(bench.timers, "step", step)
    bench.store.on_commit(lambda _: happened.set() if asleep.is_set() else None)
    async with beside(bench.timers.run()), asyncio.timeout(PATIENCE):
        await asleep.wait()
        await bench.did(Put(1, due=START))
        while await rang(bench) == []:
            happened.clear()
            await happened.wait()


async def test_a_row_that_throws_is_tried_later_and_told_once(bench: Bench) -> None:
    """The poison row is put off, counted and told; the others of the same sweep happen; mended, it happens too."""
    bench.toy.poison.add(2)
    for box in (1, 2, 3):
        await bench.did(Put(box, due=START))
    await bench.timers.step()
    assert len(await rang(bench)) == 2
    for tries in (1, 2, 3):
        assert await bench.rows(DEADLINES) == [(2, "ring", 2, bench.clock.now() + POISON_PAUSE, tries)]
        assert bench.toy.alarms == [("deadline_throws", STREAM, 2, 1)]
        bench.clock.passes(POISON_PAUSE)
        if tries == 3:
            bench.toy.poison.clear()
        await bench.timers.step()
    assert await bench.rows(DEADLINES) == []
    assert len(await rang(bench)) == 3
    assert not (await bench.desk.verify()).broken


async def test_a_deadline_of_an_unknown_kind_is_poison(bench: Bench) -> None:
    """A row that a newer program left is put off like any that throws."""
    await bench.does(f"INSERT INTO deadline VALUES ('{STREAM}', 1, 'later', 0, {START}, 0)")
    await bench.did(Put(2, due=START))
    await bench.timers.step()
    assert [row[:2] for row in await bench.rows(DEADLINES)] == [(1, "later")]
    assert len(await rang(bench)) == 1


async def test_an_alarm_that_throws_holds_up_nobody(bench: Bench) -> None:
    """When even telling fails, the sweep goes on and the row is still put off."""

    def broken(work: Work, what: str, stream: str, stream_id: int, value: int) -> None:
        work.record(work.lock(STREAM, 9), Rang(9, 9))
        raise KeyError(what)

    bench.desk.catalogue.alarm = broken
    bench.toy.poison.add(1)
    for box in (1, 2):
        await bench.did(Put(box, due=START))
    await bench.timers.step()
    assert [row[0] for row in await bench.rows(DEADLINES)] == [1]
    assert len(await rang(bench)) == 1


async def test_a_sweep_takes_a_hundred_and_the_rest_comes_next(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """One transaction claims at most a hundred rows; a step goes on until nothing is due, each exactly once."""
    batch = bench.timers.batch = 100
    for box in range(1, 251):
        await bench.did(Put(box, due=START))
    assert [await bench.timers.sweep() for _ in range(4)] == [batch, batch, 50, 0]
    assert len(set(await rang(bench))) == len(await rang(bench)) == 250
    for box in range(1, 251):
        await bench.did(Put(box, due=START))
    await bench.timers.step()
    assert await bench.rows(DEADLINES) == []


async def test_what_an_earlier_row_moved_or_cancelled_does_not_happen(bench: Bench) -> None:
    """Two rows of one sweep: the first command cancels one and moves another, and both are left alone."""

    def cancel(work: Work, command: Ring) -> None:
        box = work.lock(STREAM, 1)
        if command.ref == 1:
            work.deadline(box, "ring", 2, None)
            work.deadline(box, "ring", 3, START + HOUR)

    bench.toy.on_ring = cancel
    for ref in (1, 2, 3):
        await bench.did(Put(1, due=START + ref, ref=ref))
    bench.clock.passes(10)
    await bench.timers.step()
    assert await rang(bench) == [(1, 1)]
    assert await bench.rows(DEADLINES) == [(1, "ring", 3, START + HOUR, 0)]


async def test_the_timers_beat_and_say_goodbye(bench: Bench) -> None:
    """While they run their heartbeat is there, renewed every five seconds; after a clean end it is not."""
    await bench.timers.step()
    bench.clock.passes(4 * SECOND)
    await bench.timers.step()
    assert await bench.beats() == [("bench", START)]
    bench.clock.passes(SECOND)
    await bench.timers.step()
    assert await bench.beats() == [("bench", START + 5 * SECOND)]
    async with beside(Timers(bench.desk, "second").run()):
        pass
    async with beside(bench.timers.run()):
        await asyncio.sleep(0)
    assert await bench.beats() == []


async def test_a_heartbeat_that_could_not_be_stored_is_tried_at_once_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A busy database costs one step, not five seconds, and does not end the timers."""
    write, left = bench.store.write, [2]

    async def busy(work: object) -> object:
        if left[0] > 0:
            left[0] -= 1
            raise NotStored("busy")
        return await write(work)  # type: ignore[arg-type]

    monkeypatch.setattr(bench.store, "write", busy)
    monkeypatch.setattr(timers, "SLEEP_AT_MOST", 0)
    beaten = asyncio.Event()
    bench.store.on_commit(lambda _: beaten.set())
    async with beside(bench.timers.run()), asyncio.timeout(PATIENCE):
        while await bench.beats() == []:
            beaten.clear()
            await beaten.wait()
        assert await bench.beats() == [("bench", START)]


async def test_leaving_while_nothing_can_be_stored_is_still_leaving(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk at the end hides neither the cancellation nor raises another error."""

    async def full(work: object) -> object:
        raise NotStored("full")

    task = asyncio.create_task(bench.timers.run())
    await asyncio.sleep(0)
    monkeypatch.setattr(bench.store, "write", full)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("jump", [HOUR, -HOUR, 6 * MINUTE, -6 * MINUTE])
async def test_a_jump_of_the_clock_is_told(bench: Bench, jump: int) -> None:
    """More than five minutes between the two hands, either way, is journalled with its size, once."""
    await bench.timers.step()
    bench.clock.time += jump
    for _ in range(3):
        await bench.timers.step()
        bench.clock.passes(SECOND)
    assert bench.toy.alarms == [("clock_jumped", "desk", 1, jump)]


@pytest.mark.parametrize("drift", [4 * MINUTE, -4 * MINUTE])
async def test_a_drift_of_the_clock_is_no_jump(bench: Bench, drift: int) -> None:
    """Less than five minutes is what clocks do; time that passes on both hands is no jump, however long."""
    await bench.timers.step()
    bench.clock.time += drift
    await bench.timers.step()
    bench.clock.passes(24 * HOUR)
    await bench.timers.step()
    assert bench.toy.alarms == []


async def test_after_a_jump_forward_steps_pause(bench: Bench) -> None:
    """For half a minute nothing happens by time, then it does; a jump back pauses nothing."""
    await bench.timers.step()
    await bench.did(Put(1, due=START + HOUR))
    bench.clock.time += HOUR
    await bench.timers.step()
    bench.clock.passes(29 * SECOND)
    await bench.timers.step()
    assert await rang(bench) == []
    assert await bench.beats() == [("bench", START + HOUR + 29 * SECOND)]
    bench.clock.passes(SECOND)
    await bench.timers.step()
    assert len(await rang(bench)) == 1
    bench.clock.time -= HOUR
    await bench.did(Put(1, due=bench.clock.now()))
    await bench.timers.step()
    assert len(await rang(bench)) == 2


async def test_a_jump_that_could_not_be_stored_is_noticed_again(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the telling is not stored, steps pause all the same, and the next step tells."""
    await bench.timers.step()
    bench.clock.time += HOUR
    write = bench.store.write

    async def busy(work: object) -> object:
        raise NotStored("busy")

    monkeypatch.setattr(bench.store, "write", busy)
    with pytest.raises(NotStored):
        await bench.timers.step()
    monkeypatch.setattr(bench.store, "write", write)
    assert bench.toy.alarms == []
    await bench.timers.step()
    assert bench.toy.alarms == [("clock_jumped", "desk", 1, HOUR)]
