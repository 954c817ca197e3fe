"""`noroshi backup` and `noroshi restore`: whole while the desk is written to, and never a desk that does not hold."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from core.console import keyfile
from core.engine.store import backup as storing
from tests.cli.conftest import Run
from tests.cli.test_serve import served
from tests.store.server import server


def events(path: Path) -> list[tuple[str, int]]:
    with closing(sqlite3.connect(path)) as raw:
        return raw.execute("SELECT type, stream_id FROM journal ORDER BY id").fetchall()


def head(text: str) -> str:
    return next(line for line in text.splitlines() if line.startswith("Head of the whole: "))


def aside(desk: Path) -> list[Path]:
    return sorted(desk.parent.glob(f"{desk.name}.before-*"))


def test_a_copy_is_one_file_of_its_owner_with_the_head_of_the_desk(desk: Path, run: Run, tmp_path: Path) -> None:
    """Mode 600, no WAL beside it, the same head as `verify` prints, and the key file is named."""
    result = run("backup", str(tmp_path / "copy.db"))
    assert result.exit_code == 0, result.output
    assert head(result.stdout) == head(run("verify").stdout)
    assert f"{desk}.key" in result.stderr
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    assert sorted(one.name for one in tmp_path.iterdir() if "copy" in one.name) == ["copy.db"]
    assert events(tmp_path / "copy.db") == events(desk)


def test_a_copy_overwrites_nothing_unless_asked(desk: Path, run: Run, tmp_path: Path) -> None:
    """What is there stays, byte for byte; with --force it is replaced in one step."""
    (tmp_path / "copy.db").write_text("mine")
    result = run("backup", str(tmp_path / "copy.db"))
    assert (result.exit_code, (tmp_path / "copy.db").read_text()) == (1, "mine")
    assert "--force" in result.stderr
    assert run("backup", "--force", str(tmp_path / "copy.db")).exit_code == 0
    assert events(tmp_path / "copy.db") == events(desk)


def test_a_copy_that_cannot_be_written_leaves_nothing_behind(desk: Path, run: Run, tmp_path: Path) -> None:
    """No half file, and a sentence that names the place."""
    result = run("backup", str(tmp_path / "nowhere" / "copy.db"))
    assert result.exit_code == 1
    assert "nowhere" in result.stderr
    assert not [one for one in tmp_path.iterdir() if "half" in one.name]


def test_the_writer_goes_on_while_a_copy_is_made(
    desk: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Commands are stored between the pages of the copy; the copy is the desk as it was when it began."""
    monkeypatch.setattr(storing, "PAGES", 1)
    before = events(desk)
    stored = [0]
    with closing(sqlite3.connect(desk, timeout=0)) as writer:

        def write(done: int, whole: int) -> None:
            with writer:
                writer.execute("INSERT INTO meta (name, value) VALUES (?, 'x')", (f"while {stored[0]}",))
            stored[0] += 1

        storing.copy_sqlite(desk, tmp_path / "copy.db", write)
    assert stored[0] > 10
    assert events(tmp_path / "copy.db") == before
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("SELECT COUNT(*) FROM meta WHERE name LIKE 'while%'").fetchone() == (0,)
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_running_desk_is_copied_and_the_copy_verifies(desk: Path, run: Run, as_sato: str, tmp_path: Path) -> None:
    """While `serve` runs: what was answered before is in the copy."""
    with served():
        assert run("ticket", "new", "--subject", "x").exit_code == 0
        assert run("backup", str(tmp_path / "copy.db")).exit_code == 0
    assert ("ticket_created", 1) in events(tmp_path / "copy.db")


def test_restored_the_desk_is_as_it_was_and_says_so(desk: Path, run: Run, as_sato: str, tmp_path: Path) -> None:
    """What came after the copy is gone from the desk and kept aside; the journal has the restore, and verifies."""
    assert run("ticket", "new", "--subject", "x").exit_code == 0
    copied = head(run("backup", str(tmp_path / "copy.db")).stdout)
    before = events(desk)
    assert run("ticket", "new", "--subject", "y").exit_code == 0
    result = run("restore", str(tmp_path / "copy.db"))
    assert result.exit_code == 0, result.output
    assert head(result.stdout) == copied
    assert events(desk) == [*before, ("desk_restored", 1)]
    assert stat.S_IMODE(desk.stat().st_mode) == 0o600
    assert run("verify").exit_code == 0
    (kept,) = aside(desk)
    assert ("ticket_created", 2) in events(kept)
    assert str(kept) in result.stderr
    assert run("ticket", "new", "--subject", "z").exit_code == 0
    assert not [one for one in desk.parent.iterdir() if "half" in one.name]


def test_a_desk_that_is_gone_comes_back(desk: Path, run: Run, tmp_path: Path) -> None:
    """Only the key file is left: the copy becomes the desk, and nothing is put aside."""
    assert run("backup", str(tmp_path / "copy.db")).exit_code == 0
    desk.unlink()
    assert run("restore", str(tmp_path / "copy.db")).exit_code == 0
    assert run("verify").exit_code == 0
    assert aside(desk) == []


def test_a_desk_that_is_broken_is_kept_aside(desk: Path, run: Run, tmp_path: Path) -> None:
    """Whatever lies in the desk's place, also what is no database any more, makes room for the copy."""
    assert run("backup", str(tmp_path / "copy.db")).exit_code == 0
    desk.write_bytes(b"no database" * 1_000)
    assert run("restore", str(tmp_path / "copy.db")).exit_code == 0
    assert aside(desk)[0].read_bytes().startswith(b"no database")


def test_a_copy_that_was_changed_is_not_put_in_place(desk: Path, run: Run, tmp_path: Path) -> None:
    """Exit code 1, the place is named, and the desk is as it was."""
    assert run("backup", str(tmp_path / "copy.db")).exit_code == 0
    with closing(sqlite3.connect(tmp_path / "copy.db")) as raw, raw:
        raw.execute("UPDATE journal SET actor = 'mori' WHERE id = 1")
    before = events(desk)
    result = run("restore", str(tmp_path / "copy.db"))
    assert result.exit_code == 1
    assert "was changed" in result.stdout
    assert events(desk) == before
    assert (aside(desk), [one for one in desk.parent.iterdir() if "half" in one.name]) == ([], [])


def test_a_running_desk_is_not_replaced(desk: Path, run: Run, tmp_path: Path) -> None:
    """While an engine beats, or anybody has the file open, restore refuses and changes nothing."""
    assert run("backup", str(tmp_path / "copy.db")).exit_code == 0
    with served():
        assert run("restore", str(tmp_path / "copy.db")).exit_code == 1
    with closing(sqlite3.connect(desk)) as other:
        other.execute("PRAGMA journal_mode=WAL").fetchall()
        other.execute("SELECT COUNT(*) FROM journal").fetchall()
        result = run("restore", str(tmp_path / "copy.db"))
    assert result.exit_code == 1
    assert "Stop it first" in result.stderr
    assert aside(desk) == []


@pytest.mark.parametrize("missing", ["key", "copy", "other key", "no desk"])
def test_without_its_key_a_copy_is_not_put_in_place(missing: str, desk: Path, run: Run, tmp_path: Path) -> None:
    """Each way it cannot be: one sentence, exit code 1, nothing changed."""
    copy, key = tmp_path / "copy.db", Path(f"{desk}.key")
    assert run("backup", str(copy)).exit_code == 0
    before = events(desk)
    if missing == "key":
        key.unlink()
    elif missing == "copy":
        copy.unlink()
    elif missing == "other key":
        key.write_bytes(_other(key))
    else:
        copy.write_bytes(b"no database" * 100)
    result = run("restore", str(copy))
    assert result.exit_code == 1
    assert "noroshi: " in result.stderr
    assert events(desk) == before
    assert aside(desk) == []


def _other(key: Path) -> bytes:
    """A key file of another desk."""
    kept = keyfile.make(keyfile.read(key).vapid)
    place = key.with_name("other.key")
    keyfile.write(place, kept)
    return place.read_bytes()


def test_a_half_copy_of_a_killed_backup_is_no_obstacle(desk: Path, run: Run, tmp_path: Path) -> None:
    """It is thrown away by the next one."""
    (tmp_path / ".copy.db.half").write_text("half")
    assert run("backup", str(tmp_path / "copy.db")).exit_code == 0
    assert os.listdir(tmp_path).count(".copy.db.half") == 0


def test_a_desk_on_a_server_becomes_one_file(
    desk: Path, run: Run, as_sato: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The copy is a SQLite desk with the same journal: restored here it verifies, and there by `noroshi copy`."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert run("ticket", "new", "--subject", "x").exit_code == 0
    url = server().database(tmp_path, empty=True)
    assert run("copy", "--from", f"sqlite:///{desk}", "--to", url).exit_code == 0
    copy = tmp_path / "copy.db"
    result = run("backup", str(copy), "--db", url)
    assert result.exit_code == 0, result.output
    assert head(result.stdout) == head(run("verify", "--db", url).stdout)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert sorted(one.name for one in tmp_path.iterdir() if "copy" in one.name) == ["copy.db"]
    there = run("restore", str(copy), "--db", url)
    assert there.exit_code == 2
    assert "noroshi copy" in there.stderr
    assert run("restore", str(copy)).exit_code == 0
    assert run("verify").exit_code == 0
    assert [event for event, _ in events(desk)][-2:] == ["desk_copied", "desk_restored"]
