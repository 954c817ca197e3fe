"""The one door: an actor, one transaction, recorded time, guards and subscribers inside."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from core.engine.catalogue import Catalogue, CommandRow
from core.engine.outcome import Done, Refusal
from core.engine.work import Work
from tests.engine.bench import Bench
from tests.engine.bench import bench as opened
from tests.engine.toy import STREAM, Contents, Filled, Open, Put, Rang, Smash


async def test_a_command_is_answered_with_its_recorded_time(bench: Bench) -> None:
    """Done carries what to show and when it was recorded; the journal says the same."""
    done = await bench.did(Put(7, "hat"))
    assert done == Done(7, at=bench.clock.now())
    assert await bench.desk.ask(Contents(), "sato") == [("sato", "filled", '{"box":7,"what":"hat"}', done.at)]


async def test_what_was_made_is_shown_as_it_is_at_the_commit(bench: Bench) -> None:
    """A command and the view of what it made share one hop and one transaction."""
    done, shown = await bench.desk.handle_and_show(Put(7, "hat"), "sato", None, lambda command, done: Contents())
    assert (done, [row[1] for row in shown]) == (Done(7, at=bench.clock.now()), ["filled"])


async def test_a_view_that_throws_undoes_nothing(bench: Bench) -> None:
    """What is done is done, whatever comes of showing it."""

    def throws(command: Any, done: Done) -> Contents:
        raise RuntimeError("a view throws")

    done, shown = await bench.desk.handle_and_show(Put(7, "hat"), "sato", None, throws)
    assert (done, shown) == (Done(7, at=bench.clock.now()), None)
    assert await bench.happened() == ["filled"]


async def test_nothing_runs_without_an_actor(bench: Bench) -> None:
    """No command, question or feed for nobody."""
    nobody: Any = None
    with pytest.raises(TypeError, match="actor"):
        await bench.desk.handle(Put(1), nobody)
    with pytest.raises(TypeError, match="actor"):
        await bench.desk.ask(Contents(), nobody)
    with pytest.raises(TypeError, match="actor"):
        bench.desk.feed(nobody)
    assert await bench.happened() == []


async def test_recorded_time_never_runs_backwards(bench: Bench, tmp_path: Path) -> None:
    """While the wall clock is behind what was recorded, recorded time stands still; also after a restart."""
    first = await bench.did(Put(1))
    bench.clock.time -= 3_600_000
    second = await bench.did(Put(1))
    assert (first.at, second.at) == (first.at, first.at)
    async with opened(tmp_path / "desk.db") as again:
        again.clock.time = first.at - 7_200_000
        assert (await again.did(Put(1))).at == first.at
        again.clock.time = first.at + 5
        assert (await again.did(Put(1))).at == first.at + 5
    assert not (await bench.desk.verify()).broken


async def test_a_guard_may_forbid(bench: Bench) -> None:
    """A guard's refusal is the answer, and the command does not run; guards that say nothing stop nothing."""
    bench.desk.catalogue.guard(Put, lambda work, command: Done())
    bench.desk.catalogue.guard(Put, lambda work, command: Refusal("taken") if command.box == 2 else Done())
    assert isinstance(await bench.desk.handle(Put(1), "sato"), Done)
    assert await bench.desk.handle(Put(2), "sato") == Refusal("taken")
    assert await bench.happened() == ["filled"]


async def test_a_subscriber_reacts_in_the_same_transaction(bench: Bench) -> None:
    """What an upper part records in reaction stands in the same stream at the same time, after its cause."""

    def react(work: Work, event: Filled) -> None:
        work.record(work.lock(STREAM, event.box), Rang(event.box, 0))

    bench.desk.catalogue.subscribe(Filled, react)
    await bench.did(Put(1))
    assert await bench.happened() == ["filled", "rang"]
    assert (await bench.desk.verify()).broken == ()


async def test_an_exception_in_a_subscriber_undoes_the_command(bench: Bench) -> None:
    """Command and reactions are one: nothing of either is stored, and the chain goes on."""
    await bench.did(Put(1))

    def fail(work: Work, event: Filled) -> None:
        raise KeyError(event.box)

    bench.desk.catalogue.subscribe(Filled, fail)
    with pytest.raises(KeyError):
        await bench.desk.handle(Put(1, due=bench.clock.now()), "sato")
    bench.desk.catalogue._subscribers.clear()
    await bench.did(Put(1))
    assert await bench.happened() == ["filled", "filled"]
    assert (await bench.desk.verify()).broken == ()


async def test_a_command_that_throws_leaves_its_neighbours_alone(bench: Bench) -> None:
    """Of commands that share a commit only the failing one is undone."""
    given = [bench.desk.handle(Smash(n) if n % 2 else Put(n), "sato") for n in range(8)]
    answers = await asyncio.gather(*given, return_exceptions=True)
    assert [isinstance(answer, ZeroDivisionError) for answer in answers] == [bool(n % 2) for n in range(8)]
    assert await bench.happened() == ["filled"] * 4
    assert not (await bench.desk.verify()).broken


async def test_two_commands_on_one_stream_in_one_commit_are_chained(bench: Bench) -> None:
    """Commands of one batch see each other's heads."""
    await asyncio.gather(*(bench.did(Put(1, str(n))) for n in range(40)))
    verified = await bench.desk.verify()
    assert (verified.events, verified.streams, verified.broken) == (40, 1, ())


async def test_a_refusal_is_an_answer(bench: Bench) -> None:
    """A refused command is a value with its code, not an exception."""
    assert await bench.desk.handle(Open(3), "sato") == Refusal("closed", "nailed_shut", values={"id": 3})


def test_the_same_row_twice_is_a_mistake() -> None:
    """A command, query, notice or deadline has one row."""
    rows = Catalogue()
    rows.add(CommandRow(Put, lambda work, command: Done()))
    with pytest.raises(ValueError, match="twice"):
        rows.add(CommandRow(Put, lambda work, command: Done()))
