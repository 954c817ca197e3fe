from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import SAMPLE, Run


def test_export_and_apply_again_changes_nothing(run: Run, desk: Path, tmp_path: Path) -> None:
    """What was exported, applied, is no change; exported again it is the same text."""
    first, second = tmp_path / "1.toml", tmp_path / "2.toml"
    assert run("export", str(first)).exit_code == 0
    applied = run("apply", str(first))
    assert applied.exit_code == 0
    assert applied.stdout == "Nothing changes.\n"
    assert run("export", str(second)).exit_code == 0
    assert first.read_text(encoding="utf-8") == second.read_text(encoding="utf-8")


def test_export_without_a_place_prints_the_file(run: Run, desk: Path) -> None:
    """Standard output is the text of the file, and nothing else."""
    result = run("export")
    assert result.stdout.startswith("[desk]")
    assert run("apply", "-", typed=result.stdout).stdout == "Nothing changes.\n"


def test_a_file_with_mistakes_applies_nothing(run: Run, desk: Path, tmp_path: Path) -> None:
    """Each mistake has its line; the journal is as long as before, and a good part of the file stays out."""
    before = run("verify").stdout
    bad = tmp_path / "bad.toml"
    text = SAMPLE.read_text(encoding="utf-8").replace('name = "つばめ商店 お客様サポート"', 'name = "Another"')
    bad.write_text(text + '\n[[person]]\nid = "x"\nnmae = "y"\n', encoding="utf-8")
    result = run("apply", str(bad))
    assert result.exit_code == 1
    assert f"{bad}:" in result.stderr
    assert "nmae" in result.stderr
    assert "Nothing was changed" in result.stderr
    assert run("verify").stdout == before


def test_a_dry_run_shows_the_difference_and_changes_nothing(run: Run, desk: Path, tmp_path: Path) -> None:
    """The line that would change is shown with old and new; the desk stays."""
    changed = tmp_path / "changed.toml"
    text = SAMPLE.read_text(encoding="utf-8").replace('name = "石井 由美"', 'name = "石井 由美子"')
    changed.write_text(text, encoding="utf-8")
    shown = run("apply", str(changed), "--dry-run")
    assert shown.exit_code == 0
    assert '"石井 由美" → "石井 由美子"' in shown.stdout
    assert run("apply", str(SAMPLE)).stdout == "Nothing changes.\n"
    assert run("apply", str(changed)).exit_code == 0
    assert "石井 由美子" in run("export").stdout


def test_a_gap_is_a_finding_of_check_and_a_warning_of_apply(run: Run, desk: Path, tmp_path: Path) -> None:
    """A policy whose only rung reaches nobody: `check` ends with 1, `apply` warns and goes on."""
    gap = tmp_path / "gap.toml"
    more = """
[[rota]]
id = "empty"

[[policy]]
id = "void"
name = { ja = "空", en = "Void" }
[[policy.rung]]
level = 2
call = ["rota:empty"]
channels = [{ via = "phone" }]
accept_within = "30m"
"""
    gap.write_text(SAMPLE.read_text(encoding="utf-8") + more, encoding="utf-8")
    found = run("check", str(gap))
    assert found.exit_code == 1
    assert "policy:void" in found.stdout
    applied = run("apply", str(gap))
    assert applied.exit_code == 0
    assert "policy:void" in applied.stderr
    assert run("check").exit_code == 1


def test_the_sample_has_nothing_to_find(run: Run, desk: Path) -> None:
    """The pattern that people copy is without an error and without a warning, as a file and as a desk."""
    for words in (["check", str(SAMPLE)], ["check"]):
        result = run(*words)
        assert result.exit_code == 0
        assert "warning" not in result.stdout
        assert "All is well." in result.stdout


def test_preview_names_everybody_in_order(run: Run, desk: Path) -> None:
    """At a known time: the duty by every channel, the backup, the manager; JSON tells the same as the table."""
    at = "2026-11-24T14:32"
    table = run("preview", "--policy", "complaint", "--at", at)
    assert table.exit_code == 0, table.output
    assert table.stdout.splitlines()[1].split()[:4] == ["14:32", "L2", "duty", "鈴木"]
    shown = json.loads(run("preview", "--policy", "complaint", "--at", at, "--json").stdout)["ladder"]
    assert shown[0]["at"].startswith("2026-11-24T05:32:00")
    assert shown[0]["people"] == ["suzuki"]
    assert len(shown) == len(table.stdout.splitlines()) - 2
    managers = [step["at"] for step in shown if step["level"] == 3]
    assert managers[0].startswith("2026-11-24T06:02:00")


def test_preview_starts_above_whoever_raises(run: Run, desk: Path) -> None:
    """Raised by a section chief it begins with the manager; `--level` says otherwise."""
    chief = json.loads(run("preview", "--policy", "complaint", "--by", "suzuki", "--json").stdout)["ladder"]
    assert chief[0]["level"] == 3
    director = json.loads(run("preview", "--policy", "complaint", "--level", "4", "--json").stdout)["ladder"]
    assert director[0]["people"] == ["kimura"]


@pytest.mark.parametrize(
    ("words", "says", "code"),
    [
        (["preview"], "complaint", 2),
        (["preview", "--policy", "none"], "complaint", 2),
        (["preview", "--policy", "complaint", "--by", "nobody"], "nobody", 1),
        (["preview", "--policy", "complaint", "--at", "soon"], "soon", 2),
        (["apply", "gone.toml"], "gone.toml", 1),
        (["check", "gone.toml"], "gone.toml", 1),
        (["export", "no/such/folder/x.toml"], "x.toml", 1),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_is_asked_wrongly_is_answered_kindly(
    words: list[str], says: str, code: int, run: Run, desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer names what was wrong or what there is; no trace of a program."""
    monkeypatch.chdir(tmp_path)
    result = run(*words)
    assert result.exit_code == code
    assert says in result.stderr
    assert "Traceback" not in result.output


def test_a_finding_of_a_file_names_its_line(run: Run, tmp_path: Path) -> None:
    """`check FILE` needs no database, and leads to the line of the table that it speaks of."""
    text = SAMPLE.read_text(encoding="utf-8").replace('backup_after = "10m"', 'backup_after = "31m"', 1)
    file = tmp_path / "late.toml"
    file.write_text(text, encoding="utf-8")
    result = run("check", str(file))
    line = 1 + text[: text.index('backup_after = "31m"')].count("\n")
    told = next(row for row in result.stdout.splitlines() if "the backup would be called" in row)
    number = int(told.split(f"{file}:")[1].split(":")[0])
    assert text.splitlines()[number - 1] == "[[policy.rung]]"
    assert number < line < number + 8
    assert result.exit_code == 0
