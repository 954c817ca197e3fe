"""`noroshi verify`: says what holds, names what does not, and ends with 1."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Run


def change(desk: Path, *statements: str) -> None:
    with closing(sqlite3.connect(desk)) as raw, raw:
        for statement in statements:
            raw.execute(statement)


def test_a_whole_desk_verifies(desk: Path, run: Run, as_sato: str) -> None:
    """Exit code 0, with the head of the whole."""
    assert run("ticket", "new", "--subject", "x").exit_code == 0
    result = run("verify")
    assert result.exit_code == 0, result.output
    assert "Head of the whole: " in result.stdout


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE journal SET actor = 'mori' WHERE stream = 'ticket' AND seq = 1", "ticket 1, event 1: was changed"),
        ("DELETE FROM journal WHERE stream = 'ticket' AND stream_id = 1 AND seq = 1", "ticket 1, event 1: is missing"),
        (
            "INSERT INTO journal (stream, stream_id, seq, at, actor, type, data, head) SELECT stream, stream_id, 9, at,"
            " actor, type, data, head FROM journal WHERE stream = 'ticket' AND seq = 1",
            "ticket 1, event",
        ),
        ("UPDATE ledger SET until = since + 1", "ticket 1: has not exactly one holder"),
        ("UPDATE ticket SET holder = 'mori'", "has not exactly one holder"),
        ("DELETE FROM deadline", "escalation 1: is open, and no deadline watches it"),
    ],
)  # fmt: skip
def test_a_changed_desk_is_found_out(statement: str, told: str, desk: Path, run: Run, as_sato: str) -> None:
    """Exit code 1, and the place is named: in the journal, in the ledger, and where nobody would be called."""
    assert run("ticket", "new", "--subject", "x").exit_code == 0
    run("raise", "1")
    change(desk, statement)
    result = run("verify")
    assert result.exit_code == 1
    assert told in result.stdout
