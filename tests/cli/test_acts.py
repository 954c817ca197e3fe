from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import Run


def test_a_token_stands_alone_on_standard_output(run: Run, desk: Path) -> None:
    """One line, nothing beside it, and the database holds no trace of it."""
    result = run("token", "create", "sato", "--days", "1")
    assert result.exit_code == 0
    assert result.stderr == ""
    token = result.stdout.removesuffix("\n")
    assert len(token) == 43
    assert token.encode() not in desk.read_bytes()


def test_an_invite_is_a_link_with_its_code_beside(run: Run, desk: Path) -> None:
    """The link alone on standard output; name and QR code on standard error."""
    result = run("person", "invite", "suzuki", "--url", "https://desk.example")
    assert result.exit_code == 0
    assert result.stdout.startswith("https://desk.example/desk/invite/")
    assert "鈴木 一郎" in result.stderr
    assert "█" in result.stderr


@pytest.mark.parametrize("words", [["token", "create", "x"], ["person", "invite", "x"]], ids=" ".join)
def test_nobody_by_that_name(words: list[str], run: Run, desk: Path) -> None:
    """An unknown person is a refusal with 1, and nothing is printed that could be taken for a secret."""
    result = run(*words)
    assert result.exit_code == 1
    assert result.stdout == ""


def test_a_ticket_by_its_person(run: Run, desk: Path, as_sato: str) -> None:
    """The number is printed; text and customer arrive as they were typed."""
    words = ("--severity", "high", "--customer", "山田", "--phone", "090-0000-0000", "--tag", "a", "--tag", "b")
    result = run("ticket", "new", "--subject", "返品のご相談", "--body", "-", *words, typed="二行の\n本文\n")
    assert result.exit_code == 0, result.output
    assert result.stdout == "1\n"
    assert "本文" in "".join(sqlite3.connect(desk).iterdump())


def test_acts_on_tickets_need_a_person(run: Run, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without $NOROSHI_TOKEN, or with a wrong one, nothing happens and the sentence says what is needed."""
    missing = run("ticket", "new", "--subject", "x")
    assert missing.exit_code == 1
    assert "NOROSHI_TOKEN" in missing.stderr
    monkeypatch.setenv("NOROSHI_TOKEN", "wrong")
    wrong = run("raise", "1")
    assert wrong.exit_code == 1
    assert "not valid" in wrong.stderr


def test_a_raise_without_an_engine_is_recorded_and_ends_with_1(run: Run, desk: Path, as_sato: str) -> None:
    """It says that nobody is called; the escalation stands in the journal, so a second one is a conflict since then."""
    assert run("ticket", "new", "--subject", "x").exit_code == 0
    result = run("raise", "1")
    assert result.exit_code == 1
    assert "nobody is called" in result.stderr
    again = run("raise", "1")
    assert again.exit_code == 1
    assert "nobody is called" not in again.stderr
    assert re.search(r"already, at \d\d:\d\d\.", again.stderr), again.stderr
    rows = sqlite3.connect(desk).execute("SELECT COUNT(*) FROM journal WHERE type = 'escalation_raised'").fetchone()
    assert rows == (1,)


def test_a_ticket_that_is_not_there_cannot_be_raised(run: Run, desk: Path, as_sato: str) -> None:
    """A refusal in words, exit code 1."""
    result = run("raise", "4182")
    assert result.exit_code == 1
    assert result.stderr.startswith("noroshi: ")


def test_ten_megabytes_of_a_reason(run: Run, desk: Path, as_sato: str) -> None:
    """Refused by its name; the ticket is as it was, and nothing of the text is anywhere."""
    assert run("ticket", "new", "--subject", "x").exit_code == 0
    before = run("verify").stdout
    result = run("raise", "1", "--reason", "あ" * 3_500_000)
    assert result.exit_code in (1, 2), result.stderr[:300]
    assert "reason" in result.stderr, result.stderr[:300]
    assert len(result.output) < 1_000
    assert run("verify").stdout == before
    assert "ああああ" not in "".join(sqlite3.connect(desk).iterdump())


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE journal SET data = replace(data, 'support', 'shop') WHERE type = 'ticket_created'", "was changed"),
        ("DELETE FROM journal WHERE type = 'ticket_created'", "end does not fit"),
        ("UPDATE journal SET at = at - 1 WHERE id = 1", "was changed"),
        ("DELETE FROM journal WHERE id = 1", "missing"),
    ],
)
def test_verify_finds_what_was_done_to_the_journal(
    statement: str, says: str, run: Run, desk: Path, as_sato: str
) -> None:
    """An edited or removed event is named with its place; exit code 1."""
    assert run("ticket", "new", "--subject", "x").exit_code == 0
    whole = run("verify")
    assert whole.exit_code == 0
    assert "Head of the whole" in whole.stdout
    with sqlite3.connect(desk) as raw:
        raw.execute(statement)
    raw.close()
    broken = run("verify")
    assert broken.exit_code == 1
    assert says in broken.stdout
