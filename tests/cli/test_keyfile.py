from __future__ import annotations

import stat
from pathlib import Path

import pytest

from core.console import keyfile
from core.console.spoken import Trouble


def test_a_key_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    """The file is made with mode 600 and reads back as the same keys."""
    path, keys = tmp_path / "desk.db.key", keyfile.make("push-key")
    keyfile.write(path, keys)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert keyfile.read(path) == keys
    assert not keyfile.open_to_others(path)


def test_keys_are_never_overwritten(tmp_path: Path) -> None:
    """Writing where a key file lies fails and leaves it as it was."""
    path, first = tmp_path / "k", keyfile.make("a")
    keyfile.write(path, first)
    with pytest.raises(FileExistsError):
        keyfile.write(path, keyfile.make("b"))
    assert keyfile.read(path) == first


def test_a_key_file_that_others_can_read_is_noticed(tmp_path: Path) -> None:
    """Mode 644 is reported as open."""
    path = tmp_path / "k"
    keyfile.write(path, keyfile.make("a"))
    path.chmod(0o644)
    assert keyfile.open_to_others(path)


@pytest.mark.parametrize("text", ["", "{}", "not json", '{"chain": "x", "web": "y", "vapid": "z"}', '{"chain": 1}'])
def test_a_damaged_key_file_says_which_file_and_never_what_is_in_it(tmp_path: Path, text: str) -> None:
    """The sentence names the path and repeats nothing of the content."""
    path = tmp_path / "k"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Trouble) as caught:
        keyfile.read(path)
    assert str(path) in caught.value.message
    assert "chain" not in caught.value.message


def test_a_missing_key_file_is_named(tmp_path: Path) -> None:
    """The sentence names the place where the key was looked for."""
    with pytest.raises(Trouble) as caught:
        keyfile.read(tmp_path / "gone.key")
    assert "gone.key" in caught.value.message


def test_the_key_lies_beside_the_database_unless_told_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NOROSHI_KEY wins over `<database>.key`."""
    monkeypatch.delenv("NOROSHI_KEY", raising=False)
    assert keyfile.place(tmp_path / "desk.db") == tmp_path / "desk.db.key"
    monkeypatch.setenv("NOROSHI_KEY", str(tmp_path / "elsewhere"))
    assert keyfile.place(tmp_path / "desk.db") == tmp_path / "elsewhere"


def test_keys_show_nothing_of_themselves() -> None:
    """repr holds no secret, and a fingerprint is the same for the same key and differs for another."""
    keys = keyfile.make("vapid-secret")
    assert repr(keys) == "<Keys>"
    assert keys.fingerprint() == keys.fingerprint() != keyfile.make("vapid-secret").fingerprint()
    assert keys.fingerprint() not in keys.chain
