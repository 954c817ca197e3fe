"""Search through the desk's own door: a rare two-character word and a frequent one, against reading everything."""

from __future__ import annotations

import time
from statistics import median

from bench.desks import RAISER, Bench, desk_on
from bench.engine import checked
from bench.rows import Row, against, alone
from core.engine.desk import Desk
from core.engine.store.sql import Statement
from core.engine.store.sqlite import SqliteStore
from core.escalation.queries.questions import Queue
from core.tickets.commands import CreateTicket
from core.tickets.search_follower import ANEW, Indexer
from core.tickets.search_index import build_anew

RARE = "狼煙"
COMMON = "お客様"
FINDS = 3
LIKE = Statement(
    "like", "SELECT ticket FROM ticket_text WHERE subject LIKE :like OR body LIKE :like ORDER BY ticket DESC"
)


async def words(bench: Bench, asks: int) -> list[Row]:
    """Building the index of a desk, then p50 of finding: a rare word, all of it, and a page of a common one."""
    async with desk_on(bench.copy()) as (desk, store):
        for n in range(FINDS):
            checked(await desk.handle(CreateTicket(f"{RARE}の件 {n}"), RAISER))
        await store.write(build_anew)
        begun = time.perf_counter()
        await Indexer(store, batch=ANEW).catch_up()
        building = bench.filled / (time.perf_counter() - begun)
        rare, common = await _p50(desk, RARE, asks), await _p50(desk, COMMON, asks)
        plain = await _plain(store, asks)
    size = f"{bench.filled:,} tickets"
    return [
        alone(f"search index built anew, {size}", building, "tickets/s"),
        against(f"find a rare two-character word, p50, {size}, against LIKE", rare, plain, "ms", "≤ 10 ms, all found"),
        alone(f"a page of a common word, p50, {size}", common, "ms"),
    ]


async def _p50(desk: Desk, word: str, asks: int) -> float:
    took = []
    for _ in range(asks):
        begun = time.perf_counter()
        page = checked(await desk.ask(Queue(q=word), RAISER))
        took.append((time.perf_counter() - begun) * 1_000)
        if page.behind or (word == RARE and len(page.rows) != FINDS):
            raise RuntimeError(f"{word}: found {len(page.rows)}, {page.behind} not searched")
    return median(took)


async def _plain(store: SqliteStore, asks: int) -> float:
    took = []
    for _ in range(max(asks // 10, 3)):
        begun = time.perf_counter()
        await store.read(lambda tx: tx.all(LIKE, {"like": f"%{RARE}%"}))
        took.append((time.perf_counter() - begun) * 1_000)
    return median(took)
