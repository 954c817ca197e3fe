"""What is always true of open escalations: whoever is being called for is watched by a deadline."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from core.engine.ports import Reader
from core.engine.store.sql import SqlFile
from core.engine.verify import KEPT, Broken

SQL: Final = SqlFile("core.escalation", "checks.sql")


def watched(tx: Reader) -> Iterator[Broken]:
    """Escalations that call, or stand as an alarm, and that no deadline will ever move."""
    for (id_,) in tx.all(SQL["unwatched"], {"limit": KEPT}):
        yield Broken("escalation", id_, 0, "unwatched")
