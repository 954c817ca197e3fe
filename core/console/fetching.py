"""A desk on a server as one SQLite file: its backup."""

from __future__ import annotations

import asyncio
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import click

from core.console import opening
from core.console.spoken import Trouble, tell
from core.engine.ports import Store, Transaction
from core.engine.store import backup as copies
from core.engine.store.moving import Source, Told, copy_rows, count_rows, moved
from core.engine.verify import whole_head


async def fetched(server: Store, half: Path) -> None:
    """All rows of one consistent view, while the desk goes on; on trouble nothing is left behind."""
    await asyncio.to_thread(copies.drop, half)
    counts = await server.read(count_rows)
    try:
        async with AsyncExitStack() as stack:
            store = await opening.store_of(stack, half, create=True)
            with click.progressbar(length=sum(counts.values()), label=tell("backup.copying"), file=sys.stderr) as bar:
                await moved(server, store, lambda view, tx: _rows(view, tx, bar.update))
        await asyncio.to_thread(copies.one_file, half)
    except BaseException:
        copies.drop(half)
        raise


def _rows(view: Source, tx: Transaction, told: Told) -> None:
    copy_rows(view, tx, told)
    if view.ask(whole_head) != whole_head(tx):
        raise Trouble("copy_broken")
