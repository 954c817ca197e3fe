"""The disk is full, the database is locked: every task of a desk gets over it by itself, and nothing is lost."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from core.console.running import beside
from core.engine import auditor, dispatch, timers
from core.engine.auditor import Auditor
from core.engine.crew import Crew
from core.engine.health import look
from core.engine.ports import MINUTE, NotStored
from core.engine.store.sql import Statement
from core.escalation.commands import AcceptEscalation, RaiseEscalation
from core.people.model import Actor
from tests.stories.conftest import EVERYBODY
from tests.stories.desks import DESK
from tests.stories.floor import Floor, floor
from tests.stories.invariants import broken

PATIENCE = 60
SHORT = 5
"""Milliseconds that each task rests between two tries."""
FAILURES = 12
DIED = Statement("died", "SELECT data FROM journal WHERE type = 'engine_fault' AND data LIKE '%task_died%'")
SUZUKI = Actor("person", "suzuki")
Fault = Callable[[Path], AbstractContextManager[None]]


@contextmanager
def full_disk(path: Path) -> Iterator[None]:
    """No file can be written beyond its first bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_024, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another program keeps the write lock, far longer than anybody waits for it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


FAULTS = pytest.mark.parametrize("fault", [full_disk, locked])


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("desk")


@pytest.fixture
async def running(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Floor, Crew]]:
    """A desk whose tasks run by themselves, with short rests, and a crew that looks after them."""
    monkeypatch.setattr(timers, "SLEEP_AT_MOST", SHORT)
    monkeypatch.setattr(dispatch, "SLEEP_AT_MOST", SHORT)
    monkeypatch.setattr(auditor, "LOOK_EVERY", SHORT)
    monkeypatch.setattr(auditor, "DISK_EVERY", 0)
    async with floor(folder, DESK) as stage:
        await stage.give_phones(*EVERYBODY)
        monkeypatch.setattr(stage.store, "_busy_for", 0.0)
        crew = Crew(stage.desk, {"timers": stage.timers.run, "dispatch": stage.dispatcher.run})
        crew.add("feed", stage.desk.follower.run)
        crew.add("auditor", Auditor(stage.desk, stage.timers, stage.dispatcher, crew.begin_again, lambda: None).run)
        with capture_logs():
            async with asyncio.timeout(PATIENCE), beside(crew.run()):
                yield stage, crew
        assert await broken(stage) == []
        assert (await stage.store.read(lambda tx: tx.all(DIED))) == []


async def until(stage: Floor, holds: Callable[[], Awaitable[bool]]) -> None:
    """Look again after every commit, stored or not."""
    again = asyncio.Event()
    store, lose = stage.desk.store, stage.desk.counts
    store.on_commit(lambda *_: again.set())
    before = lose.lost
    while not await holds():
        again.clear()
        while not again.is_set() and lose.lost == before:
            await asyncio.wait({asyncio.ensure_future(again.wait())}, timeout=SHORT / 1_000)
        before = lose.lost


async def failed(stage: Floor, count: int) -> None:
    """So many commits have failed."""
    wanted = stage.desk.counts.lost + count

    async def enough() -> bool:
        return stage.desk.counts.lost >= wanted

    await until(stage, enough)


async def mailed(stage: Floor) -> bool:
    return ("14:37", "suzuki") in stage.mail.calls()


async def beating(stage: Floor) -> bool:
    health = await stage.store.read(lambda tx: look(tx, stage.clock.now()))
    return health.beat == 0 and health.overdue == 0


@FAULTS
async def test_the_tasks_get_over_it_by_themselves(fault: Fault, running: tuple[Floor, Crew], folder: Path) -> None:
    """While nothing can be stored nobody is called; then the step that was due is done, its message leaves, once."""
    stage, crew = running
    await stage.desk.handle(RaiseEscalation(await stage.ticket()), Actor("person", "sato"))

    async def pushed() -> bool:
        return stage.push.calls() == [("14:32", "suzuki")]

    await until(stage, pushed)
    with fault(folder / "desk.db"):
        stage.clock.time += 5 * MINUTE
        await failed(stage, FAILURES)
        assert stage.mail.calls() == []
        assert crew.down == set()
    await until(stage, lambda: mailed(stage))
    await until(stage, lambda: beating(stage))
    assert stage.push.calls() == [("14:32", "suzuki")]
    assert stage.mail.calls() == [("14:37", "suzuki")]


@FAULTS
async def test_who_acts_meanwhile_hears_that_nothing_was_stored(
    fault: Fault, running: tuple[Floor, Crew], folder: Path
) -> None:
    """No answer that is not true: the acceptance is refused as not stored, reading goes on, and later it is stored."""
    stage, _ = running
    number = await stage.ticket()
    id_ = int((await stage.does("sato", RaiseEscalation(number))).ref)
    with fault(folder / "desk.db"):
        with pytest.raises(NotStored):
            await stage.desk.handle(AcceptEscalation(id_), SUZUKI)
        assert (await stage.escalation(id_)).state == "calling"
    await stage.desk.handle(AcceptEscalation(id_), SUZUKI)
    assert (await stage.escalation(id_)).held_by == "suzuki"


@FAULTS
async def test_what_was_sent_and_could_not_be_reported_is_reported_later(
    fault: Fault, running: tuple[Floor, Crew], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message left just before: when there is room again its report is stored, and it does not leave twice."""
    stage, _ = running
    send, left = stage.push.send, asyncio.Event()
    landing = asyncio.Event()

    async def slowly(message: object) -> object:
        left.set()
        await landing.wait()
        return await send(message)  # type: ignore[arg-type]

    monkeypatch.setattr(stage.push, "send", slowly)
    await stage.desk.handle(RaiseEscalation(await stage.ticket()), Actor("person", "sato"))
    await left.wait()
    with fault(folder / "desk.db"):
        landing.set()
        await failed(stage, FAILURES)
    health = stage.store

    async def reported() -> bool:
        return (await health.read(lambda tx: look(tx, stage.clock.now()))).queues == ()

    await until(stage, reported)
    assert stage.push.calls() == [("14:32", "suzuki")]
