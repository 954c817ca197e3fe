from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest

from tests.cli.conftest import Run


def test_init_makes_database_and_key_file_for_their_owner_alone(run: Run, nothing: Path) -> None:
    """Both are made with mode 600; standard output is the sign-in link and nothing else."""
    result = run("init", "--url", "https://desk.example")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("https://desk.example/desk/invite/")
    assert len(result.stdout.splitlines()) == 1
    for file in (nothing, Path(f"{nothing}.key")):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_init_twice_changes_nothing_and_says_so(run: Run, nothing: Path) -> None:
    """The second time is refused with 1; key file and journal stay as they were."""
    assert run("init").exit_code == 0
    before = Path(f"{nothing}.key").read_bytes(), run("verify").stdout
    again = run("init")
    assert again.exit_code == 1
    assert "set up already" in again.stderr
    assert (Path(f"{nothing}.key").read_bytes(), run("verify").stdout) == before


def test_an_interrupted_init_can_be_finished(run: Run, nothing: Path) -> None:
    """A key file and an empty database left behind are taken up, not refused."""
    assert run("init").exit_code == 0
    key = Path(f"{nothing}.key").read_bytes()
    nothing.unlink()
    result = run("init")
    assert result.exit_code == 0, result.output
    assert Path(f"{nothing}.key").read_bytes() == key


@pytest.mark.parametrize(
    "words", [["verify"], ["check"], ["export"], ["preview", "--policy", "x"], ["token", "create", "a"]], ids=" ".join
)
def test_without_a_database_every_command_shows_the_way(words: list[str], run: Run, nothing: Path) -> None:
    """Exit code 1, and the sentence names `noroshi init`."""
    result = run(*words)
    assert result.exit_code == 1
    assert "noroshi init" in result.stderr


@pytest.mark.parametrize("url", ["desk.db", "mysql://x", "sqlite:///", "sqlite://desk.db"])
def test_an_address_that_is_none_is_a_usage_error(url: str, run: Run, nothing: Path) -> None:
    """Exit code 2, and the form that is wanted."""
    result = run("verify", "--db", url)
    assert result.exit_code == 2
    assert "sqlite:///path" in result.stderr


def test_the_key_of_another_desk_is_noticed(run: Run, desk: Path, tmp_path: Path) -> None:
    """A key file that does not fit is refused before anything is read or written."""
    other = tmp_path / "other.db"
    assert run("init", "--db", f"sqlite:///{other}").exit_code == 0
    Path(f"{desk}.key").write_bytes(Path(f"{other}.key").read_bytes())
    result = run("verify")
    assert result.exit_code == 1
    assert "not the key of this database" in result.stderr


def test_a_missing_or_open_key_file_is_said(run: Run, desk: Path) -> None:
    """Open to others: a note beside the work. Gone: refused."""
    key = Path(f"{desk}.key")
    key.chmod(0o644)
    noted = run("verify")
    assert noted.exit_code == 0
    assert "chmod 600" in noted.stderr
    key.unlink()
    assert run("verify").exit_code == 1


def test_a_newer_schema_is_left_alone(run: Run, desk: Path) -> None:
    """An old program refuses a newer database instead of guessing."""
    with sqlite3.connect(desk) as raw:
        raw.execute("INSERT INTO migration (number, name) VALUES (999, 'from the future')")
    raw.close()
    result = run("verify")
    assert result.exit_code == 1
    assert "newer Noroshi" in result.stderr


def test_a_file_that_is_no_database_is_left_alone(run: Run, desk: Path) -> None:
    """Refused in words, and not one byte of it changes."""
    desk.write_bytes(b"a letter, not a database" * 100)
    before = desk.read_bytes()
    result = run("verify")
    assert result.exit_code == 1
    assert "not a Noroshi database" in result.stderr
    assert desk.read_bytes() == before
