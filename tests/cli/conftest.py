from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from noroshi import noroshi
from tests.wire.fixtures import smtp_server

__all__ = ["smtp_server"]

SAMPLE = Path(__file__).parents[2] / "core" / "sample" / "desk.toml"
Run = Callable[..., Result]


def invoke(*words: str, typed: str | None = None) -> Result:
    """One command, as a user of an English terminal types it."""
    return CliRunner().invoke(noroshi, words, prog_name="noroshi", input=typed)


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the sample desk, made once; tests work on copies."""
    path = tmp_path_factory.mktemp("furnished") / "desk.db"
    with pytest.MonkeyPatch.context() as patch:
        quiet_terminal(patch)
        patch.setenv("NOROSHI_DB", f"sqlite:///{path}")
        for words in (("init",), ("apply", str(SAMPLE))):
            result = invoke(*words)
            assert result.exit_code == 0, result.output
    return path


@pytest.fixture
def desk(tmp_path: Path, furnished: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the furnished database that $NOROSHI_DB names."""
    path = tmp_path / "desk.db"
    for ending in ("", ".key"):
        shutil.copyfile(f"{furnished}{ending}", f"{path}{ending}")
    Path(f"{path}.key").chmod(0o600)
    quiet_terminal(monkeypatch)
    monkeypatch.setenv("NOROSHI_DB", f"sqlite:///{path}")
    return path


@pytest.fixture
def nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """$NOROSHI_DB names a file that is not there yet."""
    quiet_terminal(monkeypatch)
    path = tmp_path / "new" / "desk.db"
    monkeypatch.setenv("NOROSHI_DB", f"sqlite:///{path}")
    return path


@pytest.fixture
def run() -> Run:
    """Type a command."""
    return invoke


@pytest.fixture
def as_sato(desk: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """$NOROSHI_TOKEN is 佐藤's, an operator of the support team."""
    token = invoke("token", "create", "sato").stdout.strip()
    monkeypatch.setenv("NOROSHI_TOKEN", token)
    return token


def quiet_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of whoever runs the tests."""
    for name in ("NOROSHI_DB", "NOROSHI_KEY", "NOROSHI_TOKEN", "NOROSHI_LOOPBACK"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NOROSHI_LANG", "en")
