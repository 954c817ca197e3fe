"""`noroshi raise` for every kind."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import Run

REPORT = ("--what", "ご注文を受け付けられません。", "--affects", "すべてのお客様", "--recovery", "17時ごろ")


@pytest.fixture
def ticket(run: Run, desk: Path, as_sato: str) -> str:
    """A ticket whose customer can be written to."""
    made = run("ticket", "new", "--subject", "x", "--customer", "山田", "--email", "yamada@customer.example")
    assert made.exit_code == 0, made.output
    return "1"


def drafts(desk: Path) -> list[tuple[str, int | None, int | None]]:
    """(what, since, next update) of every draft."""
    with sqlite3.connect(desk) as raw:
        rows = raw.execute("SELECT what, since, next_update FROM report_draft").fetchall()
    raw.close()
    return rows


def test_a_consult_is_raised(run: Run, ticket: str) -> None:
    """Beside an open takeover too; only the engine is missing."""
    for kind in ("takeover", "consult", "consult"):
        result = run("raise", ticket, "--kind", kind, "--reason", "返金してよいでしょうか")
        assert result.exit_code == 1
        assert "nobody is called" in result.stderr


def test_a_report_is_given_in_options(run: Run, ticket: str, desk: Path) -> None:
    """Times are read as a time, or as how far away they are."""
    result = run("raise", ticket, "--kind", "notify", *REPORT, "--since", "30m", "--next-update", "2h")
    assert "nobody is called" in result.stderr, result.output
    ((what, since, update),) = drafts(desk)
    assert what == "ご注文を受け付けられません。"
    assert since is not None
    assert update is not None
    assert update - since == 150 * 60_000


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), 1),
        (("--next-update", "2h"), 1),
        ((*REPORT, "--next-update", "2020-01-01T10:00"), 1),
        ((*REPORT, "--next-update", "gestern"), 2),
        (("--what", "x" * 3_000, "--next-update", "2h"), 2),
    ],
)
def test_a_report_that_cannot_be_sent_is_refused(
    words: tuple[str, ...], code: int, run: Run, ticket: str, desk: Path
) -> None:
    """Nothing to say, a promise in the past, a time nobody can read, a text too long: one sentence, nothing kept."""
    result = run("raise", ticket, "--kind", "notify", *words)
    assert result.exit_code == code
    assert result.stderr.startswith("noroshi: ")
    assert "nobody is called" not in result.stderr
    assert drafts(desk) == []


@pytest.mark.parametrize("kind", ["consult", "notify"])
def test_a_consult_and_a_report_are_previewed(run: Run, desk: Path, kind: str) -> None:
    """The same ladder as a takeover's: who would be called when."""
    asked = ("preview", "--policy", "complaint", "--at", "2026-11-23T10:00", "--json")
    ladders = [json.loads(run(*asked, *words).stdout) for words in ((), ("--kind", kind))]
    assert ladders[0] == ladders[1]
    assert ladders[0]["ladder"]
