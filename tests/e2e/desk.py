"""A desk on this machine as its owner runs it: the command line, and the real server in a process of its own."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0
"""Seconds until a server that does not come up is a failed test."""


class DeskProcess:
    """One database in a folder, and what may be done with it from outside."""

    def __init__(self, folder: Path) -> None:
        self._log = folder / "server.log"
        self.database = folder / "noroshi.db"
        self.url = f"http://127.0.0.1:{_free_port()}"

    async def noroshi(self, *words: str, token: str = "") -> str:
        """Run a command to its end: its standard output. AssertionError with what it said when it refused."""
        process = await asyncio.create_subprocess_exec(
            *_command(words),
            env=self._environment(token),
            cwd=ROOT,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        said, complained = await process.communicate()
        assert process.returncode == 0, f"noroshi {words[0]}: {said.decode()}{complained.decode()}"
        return said.decode()

    @asynccontextmanager
    async def serving(self, *words: str) -> AsyncIterator[str]:
        """`noroshi serve` (or the given command) until the block ends; its address."""
        words = words or ("serve", "--url", self.url)
        with self._log.open("wb") as log:
            process = await asyncio.create_subprocess_exec(
                *_command((*words, "--port", self.url.rpartition(":")[2])),
                env=self._environment(),
                cwd=ROOT,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
            try:
                await self._ready(process)
                yield self.url
            finally:
                if process.returncode is None:
                    process.terminate()
                code = await process.wait()
                print(self.log)  # pytest shows it when the test failed
        assert code == 0, f"the server ended with {code}: {self.log}"

    @property
    def log(self) -> str:
        """What the server has said so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    async def _ready(self, process: asyncio.subprocess.Process) -> None:
        async with asyncio.timeout(PATIENCE), aiohttp.ClientSession() as session:
            while process.returncode is None:
                try:
                    async with session.get(f"{self.url}/readyz") as answer:
                        if answer.status == 200:
                            return
                except aiohttp.ClientConnectionError:
                    pass
                await asyncio.sleep(0.05)
        raise AssertionError(f"the server ended: {self.log}")

    def _environment(self, token: str = "") -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("NOROSHI_")}
        return kept | {
            "NOROSHI_DB": f"sqlite:///{self.database}",
            "NOROSHI_LOOPBACK": "1",
            "NOROSHI_STRICT_WORDS": "1",
            "NOROSHI_TOKEN": token,
            "PYTHONUNBUFFERED": "1",
        }


class Program:
    """The JSON API with somebody's token."""

    def __init__(self, session: aiohttp.ClientSession, url: str, token: str) -> None:
        self._session = session
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"}

    async def get(self, path: str) -> Any:
        return await self._ask("GET", path)

    async def post(self, path: str, **body: Any) -> Any:
        return await self._ask("POST", path, body)

    async def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        async with self._session.request(method, f"{self._url}/api{path}", json=body, headers=self._headers) as answer:
            assert answer.status < 300, f"{method} {path}: {answer.status} {await answer.text()}"
            return await answer.json()


def _command(words: tuple[str, ...]) -> tuple[str, ...]:
    return (sys.executable, "-m", "noroshi", *words)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
