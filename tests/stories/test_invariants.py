"""What looks after every story whether all is true would see it if it were not."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.engine.ports import Transaction
from core.engine.store.sql import Statement
from core.escalation.commands import AcceptEscalation
from tests.stories.desks import DESK
from tests.stories.floor import floor
from tests.stories.invariants import broken

BREAKS = [
    ("1", "DELETE FROM deadline WHERE kind = 'escalation'"),
    ("1", "UPDATE escalation SET recall_due = NULL, hold_due = NULL, accept_due = NULL, backup_due = NULL"),
    ("1", "UPDATE call SET ended_at = NULL, ended = NULL"),
    ("1", "UPDATE ticket SET wake_at = 1"),
    ("2", "UPDATE ledger SET until = NULL"),
    ("2", "UPDATE ledger SET since = since + 1 WHERE until IS NULL"),
    ("2", "DELETE FROM ledger WHERE until IS NULL"),
    ("2", "UPDATE ticket SET holder = NULL"),
    ("3", 'UPDATE journal SET data = replace(data, \'"how":"accepted"\', \'"how":"offer"\')'),
    ("3", "DELETE FROM journal WHERE type = 'escalation_accepted'"),
    ("4", "UPDATE outgoing SET sent_at = sent_at + 9000000 WHERE kind = 'call'"),
    ("5", "UPDATE escalation SET held_by = 'ito'"),
    ("5", "UPDATE escalation SET kind = 'consult'"),
    ("8", "UPDATE outgoing SET kind = 'customer_report', data = '1:1' WHERE kind = 'ended'"),
    ("7", "UPDATE call SET ended_at = NULL, ended = NULL; UPDATE ticket SET restricted = 1"),
    ("chain", "UPDATE journal SET actor = 'ito' WHERE type = 'escalation_accepted'"),
]


@pytest.mark.parametrize(("number", "damage"), BREAKS)
async def test_damage_is_seen(tmp_path: Path, number: str, damage: str) -> None:
    """Each sentence of "Always true" that stops being true is named."""
    async with floor(tmp_path, DESK) as stage:
        await stage.give_phones("sato", "suzuki", "takahashi", "hayashi")
        _, id_ = await stage.raised()
        await stage.until("14:45")
        await stage.does("hayashi", AcceptEscalation(id_))
        assert await broken(stage) == []

        def damaging(tx: Transaction) -> None:
            for statement in damage.split("; "):
                tx.run(Statement("damage", statement))

        await stage.store.write(damaging)
        assert [line for line in await broken(stage) if line.startswith(number)]
