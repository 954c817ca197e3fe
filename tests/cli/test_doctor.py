"""`noroshi doctor`: a line for each check, what to do where it does not hold, and exit code 1 then."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import time
from collections import namedtuple
from contextlib import closing
from pathlib import Path

import pytest

from core.words.catalogue import load
from tests.cli.conftest import Run
from tests.wire.smtp_server import SmtpServer

Usage = namedtuple("Usage", "total used free")


def change(desk: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(desk)) as raw, raw:
        raw.execute(statement, values)


@pytest.fixture
def well(desk: Path, monkeypatch: pytest.MonkeyPatch, smtp_server: SmtpServer) -> Path:
    """A desk whose engine beats, on a machine that has room, with a mail server that answers."""
    change(desk, "INSERT INTO heartbeat VALUES ('test', 0, ?)", time.time_ns() // 1_000_000 + 60_000)
    change(desk, "UPDATE channel SET url = ?, password = NULL WHERE kind = 'smtp'", smtp_server.url)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(100 << 30, 0, 50 << 30))
    monkeypatch.setattr("sys.getswitchinterval", lambda: 0.0005)
    monkeypatch.setenv("NOROSHI_LOOPBACK", "1")
    return desk


async def bad(run: Run, *words: str) -> list[str]:
    """The lines that do not hold; the exit code says the same."""
    result = await asyncio.to_thread(run, "doctor", *words)
    found = [line for line in result.stdout.splitlines() if line.startswith("✗")]
    assert result.exit_code == (1 if found else 0), result.output
    return found


async def test_a_desk_in_order_is_told_so(well: Path, run: Run) -> None:
    """Every check has a line with a mark, and the last line says that all is well."""
    result = await asyncio.to_thread(run, "doctor", "--url", "https://desk.example")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[-1] == "All is well."
    assert len(lines) > 12
    assert all(line.startswith("✓ ") for line in lines[:-1])


async def test_it_speaks_japanese(well: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the language of the terminal."""
    monkeypatch.setenv("NOROSHI_LANG", "ja")
    assert "問題はありません。" in (await asyncio.to_thread(run, "doctor")).stdout


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("DELETE FROM heartbeat", "start noroshi serve"),
        ("INSERT INTO deadline VALUES ('ticket', 1, 'wake', 1, 5, 0)", "overdue"),
        ("UPDATE journal SET actor = 'mori' WHERE id = (SELECT MAX(id) FROM journal)", "noroshi verify"),
        ("UPDATE journal SET at = at + 36000000 WHERE id = 1", "behind what was recorded"),
        ("UPDATE channel SET password = 'env:NOT_SET_ANYWHERE'", "env:NOT_SET_ANYWHERE"),
        ("UPDATE channel SET url = 'smtp://127.0.0.1:9'", "does not answer"),
    ],
)
async def test_what_does_not_hold_says_what_to_do(statement: str, told: str, well: Path, run: Run) -> None:
    """One line for what is wrong, with the next step."""
    change(well, statement)
    found = await bad(run)
    assert any(told in line for line in found)


async def test_a_key_file_open_to_others(well: Path, run: Run) -> None:
    """The command that closes it is in the line."""
    await asyncio.to_thread(Path(f"{well}.key").chmod, 0o644)
    assert await bad(run) == [f"✗ Others can read the key file: chmod 600 {well}.key"]


async def test_an_address_without_https(well: Path, run: Run) -> None:
    """Phones would not trust it."""
    assert len(await bad(run, "--url", "http://desk.example")) == 1


async def test_a_disk_that_fills_up(well: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """How much is left, and how much should be."""
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(100 << 30, 0, 1 << 30))
    (line,) = await bad(run)
    assert "1024 MB" in line
    assert "2048 MB" in line


def test_no_desk_is_one_line(nothing: Path, run: Run) -> None:
    """Without a database there is nothing else to check."""
    result = run("doctor")
    assert result.exit_code == 1
    assert result.stdout.startswith("✗ ")
    assert "noroshi init" in result.stdout


def test_every_bad_line_has_its_good_one() -> None:
    """A check that can fail can hold, in both languages."""
    for language in ("ja", "en"):
        keys = [key for key in load(language, "cli") if key.startswith("cli.doctor.") and key.endswith(".bad")]
        assert len(keys) > 12
        assert {f"{key.removesuffix('bad')}ok" for key in keys} - load(language, "cli").keys() == {
            "cli.doctor.secret.ok"
        }
