"""The question the engine asks before it sleeps: what is due next? By number of open deadlines."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from statistics import median

from bench.desks import Bench
from bench.rows import Row, against
from core.engine.journal import SQL
from core.engine.store.sql import SqlFile

LOOKS = 2_000
ROUNDS = 5
FILL = SqlFile("bench", "bench.sql")["deadlines_fill"]


async def of_the_next_deadline(bench: Bench, counts: Sequence[int]) -> list[Row]:
    """Each against the first; flat means that the number does not matter."""
    found = [(count, _seconds(bench, count)) for count in counts]
    few, anchor = found[0]
    name = "the next deadline among {:,} against {:,}"
    return [
        against(name.format(count, few), figure * 1e6, anchor * 1e6, "µs", "≤ 1.5 ×") for count, figure in found[1:]
    ]


def _seconds(bench: Bench, count: int) -> float:
    raw = sqlite3.connect(bench.copy(), isolation_level=None)
    try:
        raw.execute(FILL.sqlite, {"count": count, "now": time.time_ns() // 1_000_000})
        return median(_looks(raw) for _ in range(ROUNDS))
    finally:
        raw.close()


def _looks(raw: sqlite3.Connection) -> float:
    statement = SQL["deadline_next"].sqlite
    begun = time.perf_counter()
    for _ in range(LOOKS):
        raw.execute(statement).fetchall()
    return (time.perf_counter() - begun) / LOOKS
