"""The feed: everybody who may know is told that something happened, once; a hint is never the truth."""

from __future__ import annotations

import asyncio
import sys
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from core.console.running import beside
from core.engine import feed
from core.engine.hint import Hint
from core.engine.place import Place
from core.engine.ports import NotStored
from tests.engine.bench import Bench
from tests.engine.toy import Put, Tell

ROOT = Path(__file__).parents[2]
PATIENCE = 30


class Reader:
    """Somebody who follows, in a task of their own."""

    def __init__(self, bench: Bench, by: str, after: str | None = None) -> None:
        self.hints = bench.desk.feed(by, after)
        self.first = asyncio.ensure_future(anext(self.hints))

    async def takes(self, count: int = 1) -> list[Hint]:
        """The next hints."""
        async with asyncio.timeout(PATIENCE):
            return [await self.next() for _ in range(count)]

    async def next(self) -> Hint:
        pending, self.first = self.first, None  # type: ignore[assignment]
        return await (pending if pending is not None else anext(self.hints))

    async def leaves(self) -> None:
        if self.first is not None:
            self.first.cancel()
            await asyncio.gather(self.first, return_exceptions=True)
        await self.hints.aclose()  # type: ignore[attr-defined]


async def reader(bench: Bench, by: str = "sato", after: str | None = None) -> Reader:
    """A reader who listens already."""
    looked = asyncio.Event()
    newest = bench.desk.follower._newest

    async def look() -> Place:
        found = await newest()
        looked.set()
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bench.desk.follower, "_newest", look)
        one = Reader(bench, by, after)
        async with asyncio.timeout(PATIENCE):
            await looked.wait()
    return one


@pytest.fixture
async def told(bench: Bench) -> Bench:
    """A bench whose follower has looked once."""
    await bench.did(Put(1))
    await bench.desk.follower.step()
    return bench


async def test_a_hint_names_what_happened(told: Bench) -> None:
    """Kind and cursor of every event, in order, each once."""
    one = await reader(told)
    await told.did(Put(1))
    await told.did(Tell(2))
    await told.desk.follower.step()
    assert await one.takes(2) == [Hint("2", "filled"), Hint("3", "called")]
    await told.did(Put(3))
    await told.desk.follower.step()
    assert await one.takes() == [Hint("4", "filled")]
    await one.leaves()


async def test_sight_is_asked_for_every_event(told: Bench) -> None:
    """Each listener is told of streams they may see and of no others; streams without a sight are for nobody."""
    all_seeing, box_2, blind = [await reader(told, by) for by in ("sato", "box 2", "stranger")]
    for box in (1, 2, 3, 2):
        await told.did(Put(box))
    await told.store.write(lambda tx: told.desk.alarm(tx, "fault", "desk", 1))
    await told.desk.follower.step()
    assert [hint.cursor for hint in await all_seeing.takes(4)] == ["2", "3", "4", "5"]
    assert [hint.cursor for hint in await box_2.takes(2)] == ["3", "5"]
    assert not blind.first.done()
    assert all(listener.queue.empty() for listener in told.desk.follower._listeners)
    for one in (all_seeing, box_2, blind):
        await one.leaves()


async def test_a_sight_that_throws_is_no_sight(told: Bench) -> None:
    """A stream that cannot be judged is told to nobody, the others are, and the follower goes on."""

    def sight(tx: object, box: int) -> Any:
        if box == 1:
            raise KeyError(box)
        return lambda by: True

    told.desk.catalogue.sights["box"] = sight
    one = await reader(told)
    await told.did(Put(1))
    await told.did(Put(2))
    await told.desk.follower.step()
    assert await one.takes() == [Hint("3", "filled")]
    await one.leaves()


async def test_an_old_cursor_is_a_reload(told: Bench) -> None:
    """Who was away reads everything anew first; who missed nothing does not."""
    stale, fresh = await reader(told, after="0"), await reader(told, after="1")
    assert await stale.takes() == [Hint("1", "reload")]
    await told.did(Put(1))
    await told.desk.follower.step()
    assert await stale.takes() == await fresh.takes() == [Hint("2", "filled")]
    await stale.leaves()
    await fresh.leaves()


async def test_a_slow_reader_gets_one_reload(told: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose room is full is told once to read anew, and from then on what comes after; nobody else is held up."""
    monkeypatch.setattr(feed, "ROOM", 4)
    slow = await reader(told)
    quick = await reader(told)
    for n in range(2, 9):
        await told.did(Put(n))
        await told.desk.follower.step()
        assert await quick.takes() == [Hint(str(n), "filled")]
    first, *rest = await slow.takes(3)
    assert first == Hint("2", "filled")
    assert rest == [Hint("7", "reload"), Hint("8", "filled")]
    await slow.leaves()
    await quick.leaves()


async def test_who_goes_away_is_forgotten(told: Bench) -> None:
    """Closed, cancelled or failed while reading: no listener is left behind."""
    one = await reader(told)
    await one.leaves()
    task = asyncio.create_task((await reader(told)).takes())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await told.did(Put(1))
    with pytest.raises(KeyError):
        await _fails_while_reading(told)
    assert told.desk.follower._listeners == set()


async def _fails_while_reading(bench: Bench) -> None:
    async with aclosing(bench.desk.feed("sato", "0")) as hints:  # type: ignore[type-var]
        async for hint in hints:
            raise KeyError(hint.kind)


async def test_without_listeners_nothing_is_read_but_the_newest(told: Bench) -> None:
    """What happened while nobody listened is not told later."""
    await told.did(Put(1))
    await told.desk.follower.step()
    one = await reader(told)
    await told.did(Put(2))
    await told.desk.follower.step()
    assert await one.takes() == [Hint("3", "filled")]
    await one.leaves()


async def test_who_comes_while_the_follower_looks_misses_nothing(told: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A listener that arrives between the look at an empty house and its result is told what follows its cursor."""
    follower = told.desk.follower
    newest = follower._newest
    came: list[Reader] = []

    async def interrupted() -> Place:
        if not came:
            came.append(Reader(told, "sato"))
            await asyncio.sleep(0)
            await told.did(Put(2))
        return await newest()

    monkeypatch.setattr(follower, "_newest", interrupted)
    await follower.step()
    await follower.step()
    assert await came[0].takes() == [Hint("2", "filled")]
    await came[0].leaves()


async def test_who_comes_before_the_first_look_reads_anew(bench: Bench) -> None:
    """A listener that is there before the follower began is told to reload, since something may have been missed."""
    await bench.did(Put(1))
    one = await reader(bench)
    await bench.did(Put(2))
    await bench.desk.follower.step()
    assert await one.takes() == [Hint("2", "reload")]
    await one.leaves()


async def test_more_than_a_page_of_news_is_told_in_full(told: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that is full is followed by another at once."""
    monkeypatch.setattr(feed, "PAGE", 3)
    one = await reader(told)
    for n in range(7):
        await told.did(Put(n))
    async with beside(told.desk.follower.run()):
        assert [hint.cursor for hint in await one.takes(7)] == [str(n) for n in range(2, 9)]
    await one.leaves()


async def test_a_fault_of_the_store_does_not_end_the_feed(told: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A read that fails in passing is tried again; nothing is skipped."""
    one = await reader(told)
    read, left = told.store.read, [2]

    async def busy(work: Any) -> Any:
        if left[0] > 0:
            left[0] -= 1
            raise NotStored("busy")
        return await read(work)

    monkeypatch.setattr(told.store, "read", busy)
    monkeypatch.setattr(feed, "LOOK_EVERY", 0)
    async with beside(told.desk.follower.run()):
        await told.did(Put(5))
        assert await one.takes() == [Hint("2", "filled")]
    await one.leaves()


SECOND = """
import asyncio, pathlib, sys
from tests.engine.bench import bench
from tests.engine.toy import Put
async def main():
    async with bench(pathlib.Path(sys.argv[1])) as other:
        await other.did(Put(5))
asyncio.run(main())
"""


async def test_news_of_another_process_is_noticed(told: Bench, tmp_path: Path) -> None:
    """What a second process on the same file journals arrives here without a commit of ours."""
    one = await reader(told)
    async with beside(told.desk.follower.run()):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", SECOND, str(tmp_path / "desk.db"), cwd=ROOT
        )
        assert await one.takes() == [Hint("2", "filled")]
        assert await process.wait() == 0
    await one.leaves()
    assert not (await told.desk.verify()).broken
