"""Handovers as they are stored."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from core.engine.ports import Reader, Transaction
from core.engine.store.sql import SqlFile
from core.escalation.handing.model import Handover

SQL: Final = SqlFile("core.escalation.handing", "handing.sql")
STREAM: Final = "handover"


def load(tx: Reader, id_: int) -> Handover | None:
    """One handover with the numbers of its tickets; None when there is none."""
    row = tx.one(SQL["load"], {"id": id_})
    if row is None:
        return None
    of_it = tuple(number for (number,) in tx.all(SQL["tickets"], {"id": id_}))
    return replace(Handover(*row), tickets=of_it)


def newest_of(tx: Reader, by: str, holder: str, to: str) -> Handover | None:
    """The newest that this person made of what the holder has, to that one."""
    row = tx.one(SQL["newest_of"], {"by": by, "holder": holder, "to": to})
    return None if row is None else load(tx, row[0])


def held(tx: Reader, holder: str) -> tuple[int, ...]:
    """The numbers of all that somebody holds."""
    return tuple(number for (number,) in tx.all(SQL["held"], {"holder": holder}))


def add(tx: Transaction, handover: Handover) -> None:
    """A new handover."""
    tx.run(
        SQL["add"],
        {
            "id": handover.id, "holder": handover.holder, "to": handover.to, "by": handover.made_by,
            "at": handover.at, "notes": handover.notes,
        },
    )  # fmt: skip
    for number in handover.tickets:
        tx.run(SQL["add_ticket"], {"handover": handover.id, "ticket": number})
