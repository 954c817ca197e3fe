"""The command line on a desk that lives on a PostgreSQL server."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.console.database import PostgresUrl, database
from tests.cli.conftest import SAMPLE, Run, quiet_terminal
from tests.cli.test_serve import served
from tests.store.server import server


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """$NOROSHI_DB names an empty database, $NOROSHI_KEY a file that is not there yet."""
    quiet_terminal(monkeypatch)
    found = server().database(tmp_path, empty=True)
    monkeypatch.setenv("NOROSHI_DB", found)
    monkeypatch.setenv("NOROSHI_KEY", str(tmp_path / "desk.key"))
    return found


def test_a_desk_is_made_furnished_and_worked_on(url: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """init, apply, token, ticket, raise under a serving engine, verify: as on a file; a second init changes nothing."""
    assert run("check").exit_code == 1  # nothing there yet
    assert run("init").exit_code == 0
    assert run("apply", str(SAMPLE)).exit_code == 0
    assert "set up already" in run("init").stderr
    monkeypatch.setenv("NOROSHI_TOKEN", run("token", "create", "sato").stdout.strip())
    assert run("ticket", "new", "--subject", "納品数違い").stdout == "1\n"
    with served():
        assert run("raise", "1").exit_code == 0
    assert run("verify").exit_code == 0


def test_a_desk_is_filled_for_measuring(url: str, run: Run) -> None:
    """demo --fill works there too, and says everybody's token."""
    found = run("demo", "--fill", "20")
    assert found.exit_code == 0, found.output
    assert "sato" in json.loads(found.stdout.splitlines()[-1])


@pytest.mark.parametrize("change", ["wrong password", "no such database", "no server", "no such user"])
def test_a_server_that_cannot_be_used_is_named_without_its_secrets(
    url: str, run: Run, change: str, tmp_path: Path
) -> None:
    """One sentence with the server's own reason, exit code 1, and never a password or a user."""
    guarded = server().guarded(tmp_path, "keeper", "geheim")
    changed = {
        "wrong password": guarded.replace("geheim", "verraten"),
        "no such database": url.replace("/desk_", "/nodesk_"),
        "no server": "postgresql://keeper:geheim@127.0.0.1:1/desk",
        "no such user": url.replace("postgres:@", "nobody:geheim@"),
    }[change]
    found = run("check", "--db", changed)
    assert found.exit_code == 1
    assert found.stderr.startswith("noroshi: ")
    assert len(found.stderr.splitlines()) == 1
    assert not {"geheim", "verraten"} & set(found.output.replace('"', " ").replace(":", " ").split())
    expected = {
        "wrong password": "does not let us in", "no such database": "no such database",
        "no server": "does not answer", "no such user": "does not let us in",
    }[change]  # fmt: skip
    assert expected in found.stderr


def test_the_right_password_opens(url: str, run: Run, tmp_path: Path) -> None:
    """A database that asks for a password is used with it, in the URL or from the environment."""
    assert run("init", "--db", server().guarded(tmp_path, "keeper", "geheim")).exit_code == 0


def test_the_key_file_of_a_server_lies_in_the_users_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Named after server and database, without user and password."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    found = database("postgresql://keeper:geheim@db.example:5433/desk?sslmode=require&password=verraten")
    assert isinstance(found, PostgresUrl)
    assert str(found) == "postgresql://db.example:5433/desk"
    assert repr(found) == "PostgresUrl()"
    assert found.key_file == tmp_path / "noroshi" / "db.example-5433-desk.key"
