"""Faults of the machine are told without drowning anybody: once an hour, with their number."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from core.engine.ports import HOUR, MINUTE, NotStored, Transaction
from core.engine.timers import POISON_PAUSE
from tests.engine.bench import DEADLINES, Bench
from tests.engine.bench import bench as opened
from tests.engine.toy import START, STREAM, Put


async def poisoned(bench: Bench, count: int) -> None:
    """So many boxes whose deadline throws, all due now."""
    bench.toy.poison.update(range(1, count + 1))
    await bench.store.write(lambda tx: [bench.desk.run(tx, Put(box, due=START), "sato") for box in bench.toy.poison])


def fault(bench: Bench, what: str, once: str, tx: Transaction) -> None:
    bench.desk.alarm(tx, what, STREAM, 1, once=once)


def low(bench: Bench, left: int, tx: Transaction) -> None:
    bench.desk.alarm(tx, "disk_low", "desk", 1, left, once="disk")


async def told_again(bench: Bench) -> None:
    await bench.store.write(bench.desk.tell_counted)


async def test_ten_thousand_throwing_deadlines_are_one_alarm(bench: Bench) -> None:
    """Every one is put off to be tried again, and whoever runs the desk reads one line; an hour later the number."""
    await poisoned(bench, 10_000)
    with capture_logs() as lines:
        await bench.timers.step()
    assert len(lines) <= 2 * 10_000 / bench.timers.batch
    assert bench.toy.alarms == [("deadline_throws", STREAM, 1, 1)]
    rows = await bench.rows(DEADLINES)
    assert (len(rows), {row[4] for row in rows}) == (10_000, {1})
    bench.clock.passes(HOUR - MINUTE)
    await told_again(bench)
    assert len(bench.toy.alarms) == 1
    bench.clock.passes(MINUTE)
    await told_again(bench)
    assert [(what, count) for what, _, _, count in bench.toy.alarms[1:]] == [("deadline_throws", 9_999)]
    bench.clock.passes(2 * HOUR)
    await told_again(bench)
    assert len(bench.toy.alarms) == 2


async def test_the_next_fault_after_an_hour_tells_those_before_it(bench: Bench) -> None:
    """Three are counted, a fourth comes an hour later: it stands for four."""
    await poisoned(bench, 4)
    await bench.timers.step()
    bench.clock.passes(HOUR)
    bench.toy.poison.add(5)
    await bench.did(Put(5, due=bench.clock.now() - POISON_PAUSE))
    bench.toy.poison -= {1, 2, 3, 4}
    await bench.timers.step()
    assert [count for *_, count in bench.toy.alarms] == [1, 4]


async def test_different_faults_are_told_each(bench: Bench) -> None:
    """What is at fault is named: one kind hides no other."""
    for once in ("push", "mail", "push"):
        await bench.store.write(partial(fault, bench, "channel_refused", once))
    await bench.store.write(partial(fault, bench, "notice_throws", "push"))
    assert [what for what, *_ in bench.toy.alarms] == ["channel_refused", "channel_refused", "notice_throws"]


async def test_a_value_is_told_and_not_counted(bench: Bench) -> None:
    """How much room is left on the disk is what it is now, not how often it was looked at."""
    for left in (70, 60, 50):
        await bench.store.write(partial(low, bench, left))
    bench.clock.passes(HOUR)
    await told_again(bench)
    assert bench.toy.alarms == [("disk_low", "desk", 1, 70)]


async def test_a_telling_that_was_not_stored_was_none(bench: Bench) -> None:
    """The disk was full just then: the next fault of the kind is told."""

    def full(tx: Transaction) -> None:
        bench.desk.alarm(tx, "channel_refused", STREAM, 1, once="push")
        raise NotStored("full")

    with pytest.raises(NotStored):
        await bench.store.write(full)
    bench.toy.alarms.clear()
    await bench.store.write(lambda tx: bench.desk.alarm(tx, "channel_refused", STREAM, 1, once="push"))
    assert len(bench.toy.alarms) == 1


async def test_a_restart_tells_nothing_twice(tmp_path: Path) -> None:
    """A process that dies of a fault again and again is one alarm."""
    for _ in range(3):
        async with opened(tmp_path / "desk.db") as bench:
            await bench.store.write(lambda tx: bench.desk.alarm(tx, "task_died", STREAM, 1, once="dispatch"))
            told = bench.toy.alarms
    assert told == []


async def test_two_processes_record_no_time_that_runs_backwards(tmp_path: Path) -> None:
    """One clock is an hour behind the other: in a stream that both write, time stands still until it has caught up."""
    async with opened(tmp_path / "desk.db") as ahead, opened(tmp_path / "desk.db") as behind:
        behind.clock.time -= HOUR
        await ahead.did(Put(1))
        await ahead.did(Put(2, due=START - HOUR))
        done = await behind.did(Put(1))
        assert done.at == START
        await behind.timers.step()
        assert (await behind.did(Put(3))).at == START
        assert (await behind.desk.verify()).broken == ()


async def test_a_heartbeat_learns_the_time_of_others(tmp_path: Path) -> None:
    """Also in a stream of its own, a process records nothing before what it found at its last heartbeat."""
    async with opened(tmp_path / "desk.db") as ahead, opened(tmp_path / "desk.db") as behind:
        behind.clock.time -= HOUR
        await ahead.did(Put(1))
        await behind.timers.step()
        assert (await behind.did(Put(2))).at == START


async def test_a_clock_that_was_set_back_while_the_desk_stood_still_is_told(tmp_path: Path) -> None:
    """The last recorded time lies ahead of the clock: who runs the desk hears by how much, once."""
    async with opened(tmp_path / "desk.db") as before:
        await before.did(Put(1))
    async with opened(tmp_path / "desk.db") as after:
        after.clock.time -= HOUR
        await after.timers.step()
        await after.timers.step()
        assert after.toy.alarms == [("clock_jumped", "desk", 1, -HOUR)]


async def test_an_engine_that_cannot_do_what_is_due_has_no_heartbeat(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody then reads that nobody is called, though the process lives."""

    async def breaks() -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(bench.timers, "sweep", breaks)
    with pytest.raises(ZeroDivisionError):
        await bench.timers.step()
    assert await bench.beats() == []
