"""`python -m bench [--quick | --large]`: measures in one run, prints a table and writes bench/out/<date>.json."""

from __future__ import annotations

import asyncio
import os
import platform
import sqlite3
import sys
from collections.abc import Awaitable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from msgspec import Struct

from bench import due, engine, http, late, lookup, outbox, postgres, search, terminal
from bench.desks import Bench
from bench.rows import Row

OUT = Path(__file__).parent / "out"
SWITCH_INTERVAL = 0.0005
"""As the command line sets it."""


KEY_PRESSES = 20
SECONDS = 10
LARGE = 1_000_000


class Size(Struct, frozen=True):
    """How much is measured."""

    work: int
    """Tickets on the desk where escalations are raised."""
    few: int
    many: int
    fresh: int
    pairs: int
    callers: tuple[int, ...]
    due: int
    late: int
    """Escalations open while lateness is measured."""
    deadlines: tuple[int, ...]
    on_postgres: int
    """Pairs, and half as many due at once."""
    creates: int
    pages: int
    pushes: int


FULL = Size(
    20_000,
    1_000,
    100_000,
    20_000,
    4_000,
    (1, 8, 32, 128),
    10_000,
    10_000,
    (1_000, 100_000, 1_000_000),
    4_000,
    4_000,
    300,
    4_000,
)
QUICK = Size(2_000, 1_000, 5_000, 3_000, 800, (32,), 2_000, 2_500, (1_000, 10_000), 400, 800, 60, 1_000)


async def measure(folder: Path, size: Size, quick: bool) -> list[Row]:
    """All rows, each part on databases of its own."""
    work, few, many = Bench(folder, size.work, size.fresh), Bench(folder, size.few, 10), Bench(folder, size.many, 10)
    for bench in (work, few, many):
        _say(f"… a desk of {bench.filled:,} tickets")
        await bench.build()
    return await _all(
        engine.raise_and_accept(work, size.callers, size.pairs),
        engine.with_a_busy_loop(work, 32, size.pairs),
        due.all_at_once(work, size.due),
        late.of_steps(work, size.late, SECONDS),
        lookup.of_the_next_deadline(few, size.deadlines),
        postgres.measure(folder, size.on_postgres, size.on_postgres // 2),
        http.create(few, size.creates),
        http.queue_page(few, many, size.pages),
        outbox.pushes(few, quick, size.pushes),
        search.words(many, size.pages),
        terminal.on(many, KEY_PRESSES),
    )


async def measure_large(folder: Path, size: Size) -> list[Row]:
    """What must not grow with the desk: a million tickets, which take minutes to make."""
    few, large = Bench(folder, size.few, 10), Bench(folder, LARGE, size.pairs)
    for bench in (few, large):
        _say(f"… a desk of {bench.filled:,} tickets")
        await bench.build()
    return await _all(
        engine.raise_and_accept(large, (32,), size.pairs),
        http.queue_page(few, large, size.pages),
        search.words(large, size.pages),
    )


async def _all(*parts: Awaitable[list[Row]]) -> list[Row]:
    rows: list[Row] = []
    for part in parts:
        found = await part
        rows += found
        for row in found:
            _say(line(row))
    return rows


def line(row: Row) -> str:
    """One row of the table."""
    anchor = "-" if row.anchor is None else f"{row.anchor:,.1f}"
    ratio = "-" if row.ratio is None else f"{row.ratio:.2f}"
    return f"{row.name:<66} {row.ours:>10,.1f} {anchor:>10} {ratio:>6}  {row.unit:<11} {row.must}"


def machine() -> str:
    """Where it was measured."""
    return (
        f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def main() -> None:
    """Measure, print, write."""
    quick, large = "--quick" in sys.argv[1:], "--large" in sys.argv[1:]
    sys.setswitchinterval(SWITCH_INTERVAL)
    at = datetime.now(UTC)
    _say(f"{at:%Y-%m-%d %H:%M} UTC · {machine()}{' · quick' if quick else ''}")
    _say(f"{'what':<66} {'ours':>10} {'anchor':>10} {'ratio':>6}  {'unit':<11} promise")
    with TemporaryDirectory(prefix="noroshi-bench-") as folder:
        measuring = (
            measure_large(Path(folder), FULL) if large else measure(Path(folder), QUICK if quick else FULL, quick)
        )
        rows = asyncio.run(measuring)
    OUT.mkdir(exist_ok=True)
    result = {"at": at.isoformat(), "machine": machine(), "quick": quick, "rows": rows}
    (OUT / f"{at:%Y%m%d-%H%M%S}.json").write_bytes(msgspec.json.format(msgspec.json.encode(result)))


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
