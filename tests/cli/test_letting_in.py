"""Who sits at a terminal far from the desk: what is asked, what is kept, and what is locked behind them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from core.console import letting_in
from core.console.letting_in import seated
from core.console.spoken import Trouble

DESK = "https://desk.example"
Kept = Callable[[], tuple[dict[str, str], int] | None]
"""What is saved, and who may read it."""


class Signing:
    """A conversation as a test wants it."""

    def __init__(self, state: str = "confirmed", *says: str) -> None:
        self.state, self.says, self.tried = state, list(says), list[tuple[str, str, str]]()
        self.locked, self.closed = list[str](), False

    async def by_code(self, name: str, tell: Callable[[Any], None], /) -> Any:
        tell(SimpleNamespace(code="BCDF-GHJK", page=f"{DESK}/desk/terminal", page_with_code=f"{DESK}/desk/terminal?c"))
        return SimpleNamespace(state=self.state, secret="secret")

    async def by_pin(self, key: str, person: str, pin: str, /) -> Any:
        self.tried.append((key, person, pin))
        return self.says.pop(0) if self.says else SimpleNamespace(token="token of a shift")

    async def lock(self, key: str, /) -> bool:
        self.locked.append(key)
        return False

    def close(self) -> None:
        self.closed = True


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    """Somebody at a keyboard, with a home of their own; they type sato and a PIN."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("NOROSHI_LANG", "en")
    monkeypatch.delenv("NOROSHI_TOKEN", raising=False)
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: True))
    typed = iter(["sato", "280914"] * letting_in.TRIES)
    monkeypatch.setattr("click.prompt", lambda *_, **__: next(typed))
    return lambda: _kept(tmp_path / "noroshi" / "sign-in.json")


def _kept(file: Path) -> tuple[dict[str, str], int] | None:
    return (json.loads(file.read_text()), file.stat().st_mode & 0o777) if file.exists() else None


async def test_a_code_is_shown_once_and_the_token_kept(home: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    """Address, code and a picture of both; the next time nothing is asked."""
    async with seated(DESK, Signing()) as token:
        assert token == "secret"
    shown = capsys.readouterr()
    assert shown.out == ""
    assert f"{DESK}/desk/terminal" in shown.err
    assert "BCDF-GHJK" in shown.err
    assert home() == ({DESK: "secret"}, 0o600)
    again = Signing("refused")
    async with seated(DESK, again) as token:
        assert token == "secret"
    assert again.closed
    assert capsys.readouterr().err == ""


async def test_a_shared_terminal_asks_who_and_locks_behind_them(capsys: pytest.CaptureFixture[str]) -> None:
    """Its key is kept, the token of whoever sits there is not; that it could not be locked is said."""
    for _ in range(2):
        signing = Signing("shared", "Person and PIN do not fit.")
        async with seated(DESK, signing) as token:
            assert token == "token of a shift"
            assert signing.locked == []
        assert signing.tried == [("secret", "sato", "280914")] * 2
        assert signing.locked == ["secret"]
        said = capsys.readouterr().err
        assert "do not fit" in said
        assert "could not be told" in said


@pytest.mark.parametrize("state", ["refused", "over", "busy"])
async def test_nobody_let_in_is_said(home: Kept, state: str) -> None:
    """Refused, too late, too many: a sentence each, and nothing is kept."""
    signing = Signing(state)
    with pytest.raises(Trouble):
        async with seated(DESK, signing):
            pytest.fail("nobody sits here")
    assert signing.closed
    assert home() is None


async def test_wrong_pins_have_an_end() -> None:
    """After five the terminal gives up, and is locked."""
    signing = Signing("shared", *["no"] * 5)
    with pytest.raises(Trouble):
        async with seated(DESK, signing):
            pytest.fail("nobody sits here")
    assert (len(signing.tried), signing.locked) == (5, ["secret"])


async def test_without_a_keyboard_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program brings its token, or is told that one is needed."""
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(Trouble):
        async with seated(DESK, Signing()):
            pytest.fail("nobody sits here")
    monkeypatch.setenv("NOROSHI_TOKEN", "given")
    async with seated(DESK, Signing()) as token:
        assert token == "given"
