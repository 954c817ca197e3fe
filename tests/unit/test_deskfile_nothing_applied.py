"""A desk file with a mistake, brought by the command line: told with file and line, and nothing of it is applied."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from noroshi import noroshi
from tests.unit.test_deskfile_parse import GOOD

MISTAKES = {
    "unknown key": ('place = "home" }', 'plaec = "home" }', 21, "unknown key plaec"),
    "bad reference": ('call = ["rota:l2"]', 'call = ["rota:l3"]', 27, "unknown rota l3"),
    "cyclic teams": ('default_policy = "complaint"', 'parent = "support"', 10, "the teams lead back to themselves"),
    "wrong type": ("level = 2\nroles", 'level = "two"\nroles', 15, "expected a whole number from 1 to 99"),
    "twice in one seat": ('people = ["suzuki"]', 'people = ["suzuki", "suzuki"]', 21, "suzuki stands here twice"),
    "duplicate id": ("[[rule]]", '[[team]]\nid = "support"\nname = "x"\n[[rule]]', 33, "used already in line 8"),
    "bad duration": ('"90s"', '"90"', 29, "expected a duration such as"),
    "bad time": ('from = "22:00"', 'from = "25:00"', 21, "expected a time of day"),
    "bad days": ('"mon-fri"', '"mon-fry"', 21, "expected days such as"),
    "bad date": ('then = { policy = "complaint" }', 'review_by = "soon"', 35, "expected a date such as"),
    "plain password": ('"env:SMTP_PASSWORD"', '"hunter2"', 40, "expected env:NAME or file:PATH"),
    "no TOML": ("[levels]", "[levels", 4, "this is not TOML"),
}  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk")
    assert call(folder, "init").exit_code == 0
    (folder / "good.toml").write_text(GOOD, encoding="utf-8")
    assert call(folder, "apply", str(folder / "good.toml")).exit_code == 0
    return folder


def call(folder: Path, *words: str) -> Result:
    environment = {"NOROSHI_DB": f"sqlite:///{folder / 'desk.db'}", "LANG": "en_US.UTF-8", "LC_ALL": "en_US.UTF-8"}
    return CliRunner().invoke(noroshi, list(words), env=environment)


@pytest.mark.parametrize(("right", "wrong", "line", "expected"), MISTAKES.values(), ids=MISTAKES.keys())
def test_nothing_is_applied(desk: Path, right: str, wrong: str, line: int, expected: str) -> None:
    """Also what was right in the file changes nothing: the desk afterwards is the desk before."""
    before = call(desk, "export").stdout
    head = call(desk, "verify").stdout
    file = desk / "wrong.toml"
    file.write_text(GOOD.replace(right, wrong, 1).replace("つばめ商店", "別の店"), encoding="utf-8")
    result = call(desk, "apply", str(file))
    assert result.exit_code == 1
    assert f"{file}:{line}: " in result.stderr
    assert expected in result.stderr
    assert "hunter2" not in result.output
    assert call(desk, "export").stdout == before
    assert call(desk, "verify").stdout == head


def test_a_file_in_another_encoding_is_not_applied(desk: Path) -> None:
    """Shift_JIS is told at its first line that is not UTF-8."""
    before = call(desk, "export").stdout
    file = desk / "wrong.toml"
    file.write_bytes(GOOD.encode("shift_jis"))
    result = call(desk, "apply", str(file))
    assert result.exit_code == 1
    assert f"{file}:2: this is not UTF-8" in result.stderr
    assert call(desk, "export").stdout == before


def test_a_file_without_a_mistake_is_applied(desk: Path) -> None:
    """The same desk takes a right file, and the exported one changes nothing any more."""
    file = desk / "right.toml"
    file.write_text(GOOD.replace("つばめ商店", "別の店"), encoding="utf-8")
    assert call(desk, "apply", "--dry-run", str(file)).exit_code == 0
    assert "つばめ商店" in call(desk, "export").stdout
    assert call(desk, "apply", str(file)).exit_code == 0
    assert "別の店" in call(desk, "export").stdout
    exported = desk / "exported.toml"
    assert call(desk, "export", str(exported)).exit_code == 0
    digest = hashlib.sha256(exported.read_bytes()).digest()
    head = call(desk, "verify").stdout
    assert call(desk, "apply", str(exported)).exit_code == 0
    assert call(desk, "verify").stdout == head
    assert hashlib.sha256(call(desk, "export").stdout.encode()).digest() == digest
    assert call(desk, "apply", str(desk / "good.toml")).exit_code == 0
