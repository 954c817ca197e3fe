"""How the engine is, read from its tables: what is overdue, what has not left, when it last beat."""

from __future__ import annotations

from functools import cache
from typing import Final

from msgspec import Struct

from core.engine.journal import SQL
from core.engine.ports import Millis, Reader
from core.engine.store.migrate import migrations
from core.engine.store.sql import SqlFile

HEALTH: Final = SqlFile("core.engine", "health.sql")


class Queue(Struct, frozen=True):
    """What waits for one channel. Ages in ms, 0 when its time is still to come."""

    channel: str
    depth: int
    age: Millis
    """Of the oldest that is ready, on its way or not."""
    unclaimed: Millis
    """Of the oldest that is ready and that nobody is sending."""


class Health(Struct, frozen=True):
    """The engine at one moment. Ages in ms."""

    beat: Millis | None
    """Since the newest heartbeat of any process; None: there is none."""
    overdue: Millis
    """Of the oldest deadline that is due; 0: none is."""
    queues: tuple[Queue, ...]


def look(tx: Reader, now: Millis) -> Health:
    """Three look-ups, however large the desk is."""
    beat, due = tx.one(SQL["heartbeat_newest"]), tx.one(SQL["deadline_next"])
    return Health(
        None if beat is None or beat[0] is None else max(0, now - beat[0]),
        0 if due is None or due[0] is None else max(0, now - due[0]),
        tuple(
            Queue(channel, depth, max(0, now - oldest), 0 if free is None else max(0, now - free))
            for channel, depth, oldest, free in tx.all(HEALTH["outgoing_oldest"], {"now": now})
        ),
    )


def schema_fits(tx: Reader) -> bool:
    """Whether the database is the one this program knows: a newer program may have changed it meanwhile."""
    row = tx.one(HEALTH["migrations_done"])
    return row is not None and tuple(row) == _known()


@cache
def _known() -> tuple[int, int]:
    numbers = [number for number, *_ in migrations()]
    return len(numbers), max(numbers)
