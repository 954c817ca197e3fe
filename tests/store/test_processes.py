"""Several processes on one SQLite file: slower, and nothing lost."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

from core.engine.store.sqlite import open_sqlite
from tests.store.kinds import names, put

ROOT = Path(__file__).parents[2]
PATIENCE = 120


async def second(path: Path, name: str, count: int) -> Process:
    """Another process that writes so many rows."""
    module = ("-m", "tests.store.second", str(path), name, str(count))
    return await asyncio.create_subprocess_exec(sys.executable, *module, cwd=ROOT, stderr=PIPE)


async def ended(*processes: Process) -> None:
    for process in processes:
        async with asyncio.timeout(PATIENCE):
            _, said = await process.communicate()
        assert process.returncode == 0, said.decode()


async def test_a_second_process_writes_beside_us(tmp_path: Path) -> None:
    """Two processes write at once: every command of both is stored."""
    path = tmp_path / "desk.db"
    async with open_sqlite(path, create=True, busy_for=60.0) as store:
        other = await second(path, "theirs", 200)
        ours = 0
        while other.returncode is None and ours < 5_000:
            await store.write(put(f"ours{ours:04}"))
            ours += 1
            await asyncio.sleep(0)
        await ended(other)
        found = await store.read(names)
    assert [name for name in found if name.startswith("theirs")] == [f"theirs{n:04}" for n in range(200)]
    assert len(found) == ours + 200


async def test_processes_that_open_a_fresh_file_at_once_all_work(tmp_path: Path) -> None:
    """The schema is made once, and whoever comes at the same time waits for it."""
    path = tmp_path / "desk.db"
    await ended(*[await second(path, f"p{n}-", 4) for n in range(4)])
    async with open_sqlite(path) as store:
        assert len(await store.read(names)) == 16
