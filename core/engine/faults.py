"""Faults of the machine, told without drowning anybody: one alarm of a kind an hour, and how many there were.

What was told is in the database, so that neither a restart nor a second process tells it again, and a telling that
was not stored was none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from core.engine.ports import HOUR, Millis, Transaction
from core.engine.store.sql import SqlFile

SQL: Final = SqlFile("core.engine", "faults.sql")
TOLD_AGAIN_AFTER: Final = HOUR


class Fault(NamedTuple):
    """One kind of fault; `once` names the thing at fault, and where it was seen last."""

    what: str
    once: str
    stream: str
    stream_id: int


def to_tell(tx: Transaction, fault: Fault, now: Millis, *, counts: bool) -> int:
    """How many faults this telling stands for; 0: told within the hour, and only counted (if it `counts`)."""
    row = tx.one(SQL["fault_told"], {"what": fault.what, "once": fault.once})
    if row is not None and abs(now - row[0]) < TOLD_AGAIN_AFTER:
        if counts:
            tx.run(SQL["fault_more"], fault._asdict())
        return 0
    tx.run(SQL["fault_tell"], {**fault._asdict(), "at": now})
    return 1 + (row[1] if row else 0)


def untold(tx: Transaction, now: Millis) -> Iterator[tuple[Fault, int]]:
    """What was only counted for an hour by now, with its number; told with this."""
    span = {"before": now - TOLD_AGAIN_AFTER, "after": now + TOLD_AGAIN_AFTER}
    for *fault, count in tx.all(SQL["fault_untold"], span):
        found = Fault(*fault)
        tx.run(SQL["fault_tell"], {**found._asdict(), "at": now})
        yield found, count
