"""What is always true of the ledger of holders: one at a time, and the ticket names the same one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from core.engine.ports import Reader
from core.engine.store.sql import SqlFile
from core.engine.verify import KEPT, Broken

SQL: Final = SqlFile("core.tickets", "checks.sql")


def ledger(tx: Reader) -> Iterator[Broken]:
    """Tickets whose rows overlap, or that name another holder than their open row."""
    for statement in (SQL["two_holders"], SQL["other_holder"]):
        for number, seq in tx.all(statement, {"limit": KEPT}):
            yield Broken("ticket", number, seq, "holders")
