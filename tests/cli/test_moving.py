"""`noroshi copy`: a desk moves to another database, whole, verified, or not at all."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.cli.conftest import Run
from tests.store.server import server

FILLED = 25
EVENTS = "SELECT stream, stream_id, seq, at, actor, type, data, head FROM journal ORDER BY stream, stream_id, seq"


@pytest.fixture
def filled(desk: Path, run: Run) -> str:
    """The URL of a SQLite desk with tickets, escalations and calls."""
    assert run("demo", "--fill", str(FILLED)).exit_code == 0
    return f"sqlite:///{desk}"


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty database of a server; its key file will lie in a folder of the test."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return server().database(tmp_path, empty=True)


def events(url: str) -> list[tuple[object, ...]]:
    """The journal, stream by stream."""
    if url.startswith("postgresql:"):
        with psycopg.connect(url) as raw:
            return raw.execute(EVENTS).fetchall()
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as raw:
        return raw.execute(EVENTS).fetchall()


def test_a_desk_moves_to_a_server_and_back(filled: str, url: str, run: Run, tmp_path: Path) -> None:
    """Every event, row and setting is there, the copying is journalled after them, and numbers go on."""
    back = f"sqlite:///{tmp_path / 'back.db'}"
    before = events(filled)
    for source, target in ((filled, url), (url, back)):
        found = run("copy", "--from", source, "--to", target)
        assert found.exit_code == 0, found.output
        assert "Copied and verified" in found.stderr
        there = events(target)
        assert set(before) < set(there)
        (told,) = set(there) - set(before)
        assert told[4:6] == ("console", "desk_copied")
        before = there
        assert run("verify", "--db", target).exit_code == 0
        assert run("export", "--db", target).stdout == run("export", "--db", filled).stdout
        token = run("token", "create", "sato", "--db", target).stdout.strip()
        assert token
        before = events(target)
    assert events(filled) != events(url) != events(back)


def test_work_goes_on_where_it_was(filled: str, url: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the copy the next ticket has the next number, and a token of the old desk opens the new one."""
    monkeypatch.setenv("NOROSHI_TOKEN", run("token", "create", "sato").stdout.strip())
    assert run("copy", "--from", filled, "--to", url).exit_code == 0
    assert run("ticket", "new", "--subject", "x", "--db", url).stdout == f"{FILLED + 1}\n"
    assert run("raise", str(FILLED + 1), "--db", url).exit_code == 1  # recorded; no engine runs
    assert run("verify", "--db", url).exit_code == 0


def test_a_desk_that_is_there_is_never_overwritten(filled: str, url: str, run: Run) -> None:
    """Not by another, not by itself: exit code 1, and both stay as they are."""
    assert run("copy", "--from", filled, "--to", url).exit_code == 0
    before = events(url)
    for source, target in ((filled, url), (url, filled), (filled, filled)):
        found = run("copy", "--from", source, "--to", target)
        assert found.exit_code == 1
        assert "There is a desk already" in found.stderr
    assert events(url) == before


def test_what_does_not_hold_is_not_stored(filled: str, url: str, run: Run) -> None:
    """A journal that somebody changed is not carried on: nothing is stored, and the target stays empty."""
    with sqlite3.connect(filled.removeprefix("sqlite:///")) as raw:
        raw.execute("UPDATE journal SET actor = 'nobody' WHERE id = (SELECT MAX(id) FROM journal)")
    raw.close()
    found = run("copy", "--from", filled, "--to", url)
    assert found.exit_code == 1
    assert "nothing was stored" in found.stderr
    assert events(url) == []
    assert run("verify", "--db", url).exit_code == 1


def test_the_keys_go_with_the_desk(filled: str, url: str, run: Run, tmp_path: Path) -> None:
    """The copy's key file is for its owner alone and fits; one that lies there and does not fit stops the copying."""
    assert run("copy", "--from", filled, "--to", url).exit_code == 0
    (file,) = (tmp_path / "data" / "noroshi").glob("*.key")
    assert file.stat().st_mode & 0o777 == 0o600
    other = tmp_path / "other.db"
    Path(f"{other}.key").write_text(file.read_text().replace('"chain": "', '"chain": "AAAA')[:-6] + "\n")
    found = run("copy", "--from", filled, "--to", f"sqlite:///{other}")
    assert found.exit_code == 1
    assert str(other) in found.stderr
