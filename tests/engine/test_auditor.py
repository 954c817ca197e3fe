"""The auditor: what stands still is found within 25 seconds, set going again and told; tasks that die begin anew."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from core.console.running import beside
from core.engine import auditor as auditors
from core.engine import crew as crews
from core.engine.auditor import GIGABYTE, LOOK_EVERY, OVERDUE, Auditor, floor_of
from core.engine.crew import Crew
from core.engine.ports import HOUR, MINUTE, SECOND, NotStored
from tests.engine.bench import DEADLINES, OUTGOING, Bench
from tests.engine.toy import START, Put, Tell

PATIENCE = 20
NOTICED_WITHIN = 30 * SECOND


class Looks:
    """An auditor whose looks a test counts, every five seconds of its clock."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.again: list[str] = []
        self.space: tuple[int, int] | None = None
        self.auditor = Auditor(bench.desk, bench.timers, bench.dispatcher, self.again.append, lambda: self.space)

    async def for_(self, span: int) -> None:
        for _ in range(span // LOOK_EVERY):
            self.bench.clock.passes(LOOK_EVERY)
            await self.auditor.step()

    @property
    def alarms(self) -> list[str]:
        return [what for what, *_ in self.bench.toy.alarms]


@pytest.fixture
async def looks(bench: Bench) -> Looks:
    await bench.timers.step()
    return Looks(bench)


async def test_an_overdue_deadline_is_noticed_done_and_told_within_half_a_minute(looks: Looks) -> None:
    """The timers stand still: the deadline happens all the same, admins hear of it once, the timers begin again."""
    await looks.bench.did(Put(1, due=START))
    await looks.for_(NOTICED_WITHIN)
    assert await looks.bench.rows(DEADLINES) == []
    assert looks.alarms == ["deadline_overdue"]
    assert "timers" in looks.again
    assert looks.bench.desk.counts.healed == {"deadline": 1}


async def test_what_is_done_in_time_is_nobodys_fault(looks: Looks) -> None:
    """While timers and dispatcher work the auditor tells nothing and begins nothing again."""
    for n in range(12):
        await looks.bench.did(Put(1, due=looks.bench.clock.now()))
        await looks.bench.did(Tell(n))
        await looks.bench.timers.step()
        await looks.bench.deliver()
        await looks.for_(LOOK_EVERY)
    assert (looks.alarms, looks.again) == ([], [])


async def test_a_message_that_nobody_sends_is_noticed_and_leaves(looks: Looks) -> None:
    """The dispatcher stands still: the auditor claims it, it is sent, and admins hear of it."""
    await looks.bench.did(Tell(1))
    await looks.for_(NOTICED_WITHIN)
    await looks.bench.dispatcher.land()
    assert [row[0] for row in await looks.bench.rows(OUTGOING)] == ["sent"]
    assert "outgoing_stuck" in looks.alarms
    assert "dispatch" in looks.again


async def test_a_lease_of_a_process_that_died_is_taken_over(looks: Looks) -> None:
    """Claimed by somebody who never reported: when the lease is over it leaves."""
    await looks.bench.did(Tell(1))
    await looks.bench.does(f"UPDATE outgoing SET claimed_by = 'dead', claimed_until = {START + 30 * SECOND}")
    await looks.for_(30 * SECOND)
    assert [row[0] for row in await looks.bench.rows(OUTGOING)] == ["queued"]
    await looks.for_(NOTICED_WITHIN)
    await looks.bench.dispatcher.land()
    assert [row[0] for row in await looks.bench.rows(OUTGOING)] == ["sent"]


async def test_a_wire_that_hangs_is_no_standstill(looks: Looks) -> None:
    """While something of a channel is on its way, what waits behind it waits for a reason."""
    looks.bench.push.open.clear()
    for box in range(200):
        await looks.bench.did(Tell(box))
    await looks.bench.dispatcher.step()
    await looks.for_(NOTICED_WITHIN)
    assert "outgoing_stuck" not in looks.alarms
    looks.bench.push.open.set()
    await looks.bench.dispatcher.land()


async def test_a_jump_of_the_clock_is_no_standstill(looks: Looks) -> None:
    """After a jump forward everything is overdue, and waits for the pause on purpose."""
    await looks.bench.did(Put(1, due=START + HOUR))
    looks.bench.clock.time += HOUR
    await looks.auditor.step()
    await looks.bench.timers.step()
    for _ in range(5):
        await looks.for_(LOOK_EVERY)
        await looks.bench.timers.step()
    assert len(await looks.bench.rows(DEADLINES)) == 1
    assert looks.alarms == ["clock_jumped"]


async def test_told_once_an_hour(looks: Looks) -> None:
    """Timers that stand still for good are told once an hour, and everything happens meanwhile."""
    for minute in range(60):
        await looks.bench.did(Put(1, due=START + minute * MINUTE))
        await looks.for_(MINUTE)
    assert await looks.bench.rows(DEADLINES) == []
    assert looks.alarms.count("deadline_overdue") == 1


async def test_a_disk_that_fills_up_is_told_before_it_is_full(looks: Looks) -> None:
    """A tenth of the disk, two gigabytes at most, should stay free; below that admins hear how much is left."""
    looks.space = (3 * GIGABYTE, 100 * GIGABYTE)
    await looks.for_(2 * MINUTE)
    assert looks.alarms == []
    looks.space = (GIGABYTE, 100 * GIGABYTE)
    await looks.for_(2 * MINUTE)
    assert looks.bench.toy.alarms == [("disk_low", "desk", 1, 1_024)]
    assert looks.bench.desk.counts.disk == looks.space
    assert floor_of(10 * GIGABYTE) == GIGABYTE


async def test_the_auditor_survives_a_full_disk(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be stored is tried at the next look."""
    monkeypatch.setattr(auditors, "LOOK_EVERY", 0)
    write, left, looked = bench.store.write, [3], asyncio.Event()

    async def full(work: Callable[..., object]) -> object:
        if left[0] > 0:
            left[0] -= 1
            raise NotStored("full")
        looked.set()
        return await write(work)

    monkeypatch.setattr(bench.store, "write", full)
    auditor = Auditor(bench.desk, bench.timers, bench.dispatcher, lambda name: None, lambda: None)
    async with beside(auditor.run()), asyncio.timeout(PATIENCE):
        await looked.wait()


async def test_the_standstill_is_found_in_time() -> None:
    """The time to notice: late at two looks in a row."""
    assert OVERDUE + 2 * LOOK_EVERY <= NOTICED_WITHIN


async def crewed(bench: Bench, monkeypatch: pytest.MonkeyPatch, **works: crews.Work) -> Crew:
    monkeypatch.setattr(crews, "FIRST_PAUSE", 0.0)
    monkeypatch.setattr(crews, "GRACE", 0.01)
    monkeypatch.setattr(crews, "LOOK_EVERY", 0.01)
    return Crew(bench.desk, works)


async def test_a_task_that_dies_is_told_and_begun_again(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it died of; the others go on, and admins read it once an hour."""
    begun, alive = [0], asyncio.Event()

    async def dies() -> None:
        begun[0] += 1
        if begun[0] <= 3:
            raise ZeroDivisionError
        alive.set()
        await asyncio.Event().wait()

    others = [0]

    async def lives() -> None:
        others[0] += 1
        await asyncio.Event().wait()

    crew = await crewed(bench, monkeypatch, timers=dies, feed=lives)
    async with beside(crew.run()), asyncio.timeout(PATIENCE):
        await alive.wait()
        assert crew.down == set()
    assert (begun, others) == ([4], [1])
    assert bench.desk.counts.restarts == {"timers": 3}
    assert bench.toy.alarms == [("task_died", "desk", 1, 1)]


async def test_a_task_that_dies_on_a_full_disk_is_begun_again(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """It cannot be told then; the log has it."""
    again = asyncio.Event()
    begun = [0]

    async def dies() -> None:
        begun[0] += 1
        if begun[0] > 1:
            again.set()
        raise ZeroDivisionError

    async def full(work: object) -> object:
        raise NotStored("full")

    crew = await crewed(bench, monkeypatch, timers=dies)
    monkeypatch.setattr(bench.store, "write", full)
    async with beside(crew.run()), asyncio.timeout(PATIENCE):
        await again.wait()


async def test_a_task_that_stands_still_is_begun_again(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is cancelled; one that does not even end by that gets another beside it."""
    begun, one, both, let_go = [0], asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def stubborn() -> None:
        begun[0] += 1
        one.set()
        if begun[0] == 2:
            both.set()
        try:
            await asyncio.Event().wait()
        finally:
            await let_go.wait()

    crew = await crewed(bench, monkeypatch, timers=stubborn)
    async with beside(crew.run()), asyncio.timeout(PATIENCE):
        await one.wait()
        crew.begin_again("timers")
        await both.wait()
        let_go.set()
    assert bench.toy.alarms == []
    assert bench.desk.counts.restarts == {"timers": 1}


async def test_the_crew_ends_when_it_is_told_to(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each task has ended in its own way before the crew has."""
    ended: list[str] = []
    begun = asyncio.Event()

    async def tidy() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("tidy")

    crew = await crewed(bench, monkeypatch, timers=tidy)
    async with beside(crew.run()), asyncio.timeout(PATIENCE):
        await begun.wait()
    assert ended == ["tidy"]


async def test_timers_that_died_miss_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Begun again they do what became due meanwhile, and their heartbeat is there at once."""
    crew = await crewed(bench, monkeypatch, timers=bench.timers.run)
    sweep, left = bench.timers.sweep, [1]

    async def once() -> int:
        if left[0]:
            left[0] = 0
            raise ZeroDivisionError
        return await sweep()

    monkeypatch.setattr(bench.timers, "sweep", once)
    await bench.did(Put(1, due=START))
    done = asyncio.Event()
    bench.store.on_commit(lambda *_: done.set())
    async with beside(crew.run()), asyncio.timeout(PATIENCE):
        while await bench.rows(DEADLINES) or await bench.beats() == []:
            done.clear()
            await done.wait()
    assert "task_died" in [what for what, *_ in bench.toy.alarms]
