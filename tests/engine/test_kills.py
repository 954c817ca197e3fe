"""Killed at any moment, under load: what was answered is there, what was due is done, nobody is forgotten."""

from __future__ import annotations

import asyncio
import re
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from core.engine.desk import Desk
from core.engine.ports import MINUTE
from core.engine.store.sql import Statement
from core.parts import catalogue
from tests.clock import HandClock
from tests.engine.victim import EPOCH, FASTER
from tests.store.kinds import chosen
from tests.store.server import server
from tests.stories.conftest import EVERYBODY
from tests.stories.desks import DESK
from tests.stories.floor import KEY, Floor, floor
from tests.stories.invariants import broken

ROOT = Path(__file__).parents[2]
PATIENCE = 120
EVENTS = Statement("events", "SELECT type, stream_id, actor, at FROM journal WHERE stream = 'ticket'")
CLAIMED = Statement("claimed", "SELECT id FROM outgoing WHERE ready_at IS NOT NULL AND claimed_until IS NOT NULL")
WITHOUT = Statement(
    "without", "SELECT id FROM call WHERE NOT EXISTS (SELECT 1 FROM outgoing WHERE outgoing.about = call.id)"
)
SENT = Statement("sent", "SELECT COALESCE(bundle, id) FROM outgoing WHERE sent_at IS NOT NULL")
"""By the row that left: one notice may stand for several."""
CLAIMED_BY = Statement("claimed_by", "SELECT id FROM outgoing WHERE ready_at IS NOT NULL AND claimed_by = :process")
UNSENT = Statement("unsent", "SELECT id FROM outgoing WHERE ready_at IS NOT NULL")
INTEGRITY = Statement("integrity", "PRAGMA quick_check")
UNIT = {"10m": "30s", "30m": "1m", "5m": "10s", "2m": "10s"}


def hasty(text: str) -> str:
    """The same desk with waits of seconds."""
    return re.sub(r'"(10m|30m|5m|2m)"', lambda match: f'"{UNIT[match[1]]}"', text)


class Lives:
    """One database through many lives of a desk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = (server().database(folder),) if chosen.kind == "postgres" else ()
        self.begin = time.time()
        self.may_repeat: Counter[int] = Counter()
        """By outgoing row: how many kills struck while it was claimed and not reported."""

    async def live(self, seed: int, tickets: int) -> None:
        """One life, from opening the database to the kill."""
        given = (str(self.folder), str(seed), str(tickets), str(self.begin), *self.url)
        victim = ("-X", "faulthandler", "-m", "tests.engine.victim", *given)
        process = await asyncio.create_subprocess_exec(sys.executable, *victim, cwd=ROOT)
        try:
            async with asyncio.timeout(PATIENCE):
                assert await process.wait() == -signal.SIGKILL
        finally:
            with suppress(ProcessLookupError):
                process.kill()

    async def live_beside(self, seed: int, tickets: int, stage: Floor) -> None:
        """As `live`, while others do: what it held is written down at once, before anybody takes it over."""
        await self.live(seed, tickets)
        claimed = await stage.store.read(lambda tx: tx.all(CLAIMED_BY, {"process": f"victim {seed}"}))
        self.may_repeat.update(row[0] for row in claimed)

    def acknowledged(self) -> Counter[tuple[str, ...]]:
        """Every answer that a writer got: event, ticket, person, time."""
        return Counter(self._lines("acknowledged"))

    def sent(self) -> Counter[tuple[int, str]]:
        """How often each outgoing row was seen outside, with its tag."""
        return Counter((int(row), tag) for row, tag in self._lines("seen"))

    def _lines(self, name: str) -> list[tuple[str, ...]]:
        path = self.folder / name
        whole = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [tuple(line.split("\t")) for line in whole]


async def look(stage: Floor, lives: Lives) -> None:
    """What must hold in the file right after a kill."""
    if not lives.url:
        assert await stage.store.read(lambda tx: tx.all(INTEGRITY)) == [("ok",)]
    assert (await stage.desk.verify()).broken == ()
    journal = Counter(tuple(map(str, row)) for row in await stage.store.read(lambda tx: tx.all(EVENTS)))
    assert lives.acknowledged() - journal == Counter()
    assert await stage.store.read(lambda tx: tx.all(WITHOUT)) == []
    lives.may_repeat.update(row[0] for row in await stage.store.read(lambda tx: tx.all(CLAIMED)))


async def end(stage: Floor, lives: Lives) -> None:
    """The desk comes back for good: everything leaves, at most one more time for each kill that hid its report."""
    stage.clock.time = EPOCH + round((time.time() - lives.begin) * 1000 * FASTER) + MINUTE
    await stage.settle()
    assert await stage.store.read(lambda tx: tx.all(UNSENT)) == []
    seen = lives.sent()
    seen.update((message.id, message.tag) for wire in (stage.push, stage.mail) for _, message in wire.sent)
    single = [one for one in seen if not one[1].startswith("calls-")]  # a bundle has a tag of its own
    twice = {row: [tag for other, tag in single if other == row] for row, _ in single}
    assert {row: tags for row, tags in twice.items() if len(tags) > 1} == {}
    assert {row[0] for row in await stage.store.read(lambda tx: tx.all(SENT))} <= {row for row, _ in seen}
    often = Counter(row for row, _ in seen.elements())
    too_often = {row: count for row, count in often.items() if count > 1 + lives.may_repeat[row]}
    assert too_often == {}
    # 4 holds of claiming, and here something happens while a message is on its way
    assert [line for line in await broken(stage) if not line.startswith("4:")] == []


@asynccontextmanager
async def again(folder: Path) -> AsyncIterator[Floor]:
    """The desk as the last kill left it."""
    async with chosen.open(folder) as store:
        clock = HandClock(EPOCH)
        desk = Desk(store, catalogue("https://desk.tsubame.example"), clock, KEY)
        await desk.start()
        yield Floor(desk, store, clock)


async def born(folder: Path) -> Lives:
    """A desk in a hurry, with a phone for everybody."""
    async with floor(folder, hasty(DESK)) as stage:
        await stage.give_phones(*EVERYBODY)
    return Lives(folder)


async def survives(folder: Path, seeds: range, tickets: int) -> None:
    """One desk that is killed once per seed."""
    lives = await born(folder)
    for seed in seeds:
        await lives.live(seed, tickets)
        async with again(folder) as stage:
            await look(stage, lives)
    await lasts(folder, lives, len(seeds))


async def survives_beside(folder: Path, rounds: int, processes: int, tickets: int, first: int) -> None:
    """One desk with several processes at once: each of them is killed while others live, and in the end all."""
    lives = await born(folder)
    for round_ in range(rounds):
        async with again(folder) as stage:
            seeds = range(first + round_ * processes, first + (round_ + 1) * processes)
            await asyncio.gather(*(lives.live_beside(seed, tickets, stage) for seed in seeds))
            await look(stage, lives)
    await lasts(folder, lives, rounds * processes)


async def lasts(folder: Path, lives: Lives, kills: int) -> None:
    """Something was done, and it comes to its end."""
    assert len(lives.acknowledged()) > kills
    assert lives.sent()
    async with again(folder) as stage:
        await end(stage, lives)


@pytest.mark.parametrize(("kind", "kills"), [("sqlite", 10), ("postgres", 3)], indirect=["kind"])
async def test_kills_lose_nothing(tmp_path: Path, kills: int) -> None:
    """After each kill every answered command is there, and in the end no notice was lost or told too often."""
    await survives(tmp_path, range(kills), 16)


@pytest.mark.proof
@pytest.mark.parametrize("kind", ["sqlite", "postgres"], indirect=True)
@pytest.mark.parametrize("first", range(100, 300, 20))
async def test_two_hundred_kills_lose_nothing(tmp_path: Path, first: int) -> None:
    """The same after each of two hundred kills, on ten desks."""
    await survives(tmp_path, range(first, first + 20), 8)


@pytest.mark.parametrize("kind", ["postgres"], indirect=True)
async def test_processes_killed_beside_each_other_lose_nothing(tmp_path: Path) -> None:
    """Two processes serve one desk and each is killed: what one held is taken over, and nobody is called twice."""
    await survives_beside(tmp_path, 1, 2, 8, 400)


@pytest.mark.proof
@pytest.mark.parametrize("kind", ["postgres"], indirect=True)
@pytest.mark.parametrize("first", range(500, 540, 10))
async def test_many_processes_killed_beside_each_other_lose_nothing(tmp_path: Path, first: int) -> None:
    """The same with four processes at a time, over and over."""
    await survives_beside(tmp_path, 5, 4, 6, first * 4)
