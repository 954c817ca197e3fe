"""News between the processes of one database: LISTEN and NOTIFY. Hints only; behind them everybody looks anyway."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import psycopg
import structlog

from core.engine.ports import Signals
from core.engine.store.postgres_seats import polite

log = structlog.get_logger()
CHANNEL: Final = "noroshi"
PAUSE: Final = 1.0
"""Seconds until a lost connection is tried again, up to 32 times as long."""
EVERYTHING: Final = Signals(due=0, notices=True)


def payload(process: str, signals: Signals) -> str:
    """Who says it, and whether a deadline was set or a notice queued."""
    return f"{process} {'d' if signals.due is not None else ''}{'n' if signals.notices else ''}"


async def hints(url: str, process: str, told: Callable[[Signals], None]) -> None:
    """For ever: what other processes commit. After a lost connection everything may be new."""
    pause, lost = PAUSE, False
    while True:
        with suppress(psycopg.Error, OSError):
            async with await psycopg.AsyncConnection.connect(polite(url), autocommit=True) as raw:
                await raw.execute(f"LISTEN {CHANNEL}")
                if lost:
                    told(EVERYTHING)
                pause, lost = PAUSE, False
                async for note in raw.notifies():
                    sender, _, what = note.payload.partition(" ")
                    if sender != process:
                        told(Signals(due=0 if "d" in what else None, notices="n" in what))
        lost = True
        log.warning("store: nothing is heard from other processes, they are looked at instead")
        await asyncio.sleep(pause)
        pause = min(pause * 2, PAUSE * 32)
