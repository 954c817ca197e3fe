"""The address outside is called only while all is well; the first thing that is not keeps it silent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.console.watchdog import Watchdog, unwell
from core.engine.auditor import GIGABYTE
from core.engine.health import Health, Queue
from core.engine.ports import MINUTE, SECOND, NotStored
from tests.stories.desks import DESK
from tests.stories.floor import Floor, floor

ADDRESS = "https://watch.example/ping/s3cret"
WELL = Health(0, 0, (Queue("push", 3, 0, 0),))


class Outside:
    """Hears calls, and answers what a test wants."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.answer = ""

    async def call(self, address: str) -> str:
        self.heard.append(address)
        return self.answer


@pytest.fixture
async def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Floor]:
    """A desk that names the address, with an engine that beats."""
    monkeypatch.setenv("WATCH_URL", ADDRESS)
    text = DESK.replace("[desk]\n", '[desk]\nwatchdog = "env:WATCH_URL"\n', 1)
    assert text != DESK
    async with floor(tmp_path, text) as stage:
        await stage.timers.step()
        yield stage


async def test_while_all_is_well_it_is_called(watched: Floor) -> None:
    """By the address that the secret holds."""
    outside = Outside()
    assert await Watchdog(watched.desk, outside.call).step(()) == ""
    assert outside.heard == [ADDRESS]


async def test_without_an_address_nobody_is_called(stage: Floor) -> None:
    """A desk that names none is silent, and nothing is wrong with that."""
    outside = Outside()
    assert await Watchdog(stage.desk, outside.call).step(()) == ""
    assert outside.heard == []


async def test_an_engine_that_stopped_is_silent(watched: Floor) -> None:
    """No heartbeat for a minute: not called, and called again when it beats."""
    outside = Outside()
    watchdog = Watchdog(watched.desk, outside.call)
    watched.clock.time += MINUTE
    assert await watchdog.step(()) == "engine_stopped"
    await watched.timers.step()
    assert await watchdog.step(()) == ""
    assert len(outside.heard) == 1


async def test_a_secret_that_is_missing_is_told(watched: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk file names a variable that is not set."""
    monkeypatch.delenv("WATCH_URL")
    assert await Watchdog(watched.desk, Outside().call).step(()) == "no_address"


async def test_a_database_that_does_not_answer_is_silence(watched: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing can be read: not called, and the task lives on."""

    async def gone(work: object) -> object:
        raise NotStored("busy")

    outside = Outside()
    with monkeypatch.context() as patch:
        patch.setattr(watched.store, "read", gone)
        assert await Watchdog(watched.desk, outside.call).step(()) == "no_database"
    assert outside.heard == []


async def test_a_call_that_is_not_heard_is_told(watched: Floor) -> None:
    """Why, without the address."""
    outside = Outside()
    outside.answer = "http_404"
    assert await Watchdog(watched.desk, outside.call).step(()) == "http_404"


@pytest.mark.parametrize(
    ("health", "disk", "down", "reason"),
    [
        (WELL, None, (), ""),
        (WELL, (3 * GIGABYTE, 100 * GIGABYTE), (), ""),
        (Health(None, 0, ()), None, (), "engine_stopped"),
        (Health(16 * SECOND, 0, ()), None, (), "engine_stopped"),
        (Health(0, 31 * SECOND, ()), None, (), "deadline_overdue"),
        (Health(0, 29 * SECOND, ()), None, (), ""),
        (Health(0, 0, (Queue("mail", 1, 3 * MINUTE, 0),)), None, (), "outgoing_stuck"),
        (WELL, (GIGABYTE, 100 * GIGABYTE), (), "disk_low"),
        (WELL, None, ("timers", "dispatch"), "task_down:dispatch"),
    ],
)
def test_one_thing_that_is_not_well_is_enough(
    health: Health, disk: tuple[int, int] | None, down: tuple[str, ...], reason: str
) -> None:
    """Heartbeat, deadlines, messages, disk and tasks."""
    assert unwell(health, disk, down) == reason


def test_a_database_of_a_newer_program_is_not_well() -> None:
    """Somebody has migrated it while we run."""
    assert unwell(WELL, None, (), fits=False) == "schema_changed"
