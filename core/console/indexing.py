"""The search index, built anew from the texts: after a restore, or when somebody doubts it."""

from __future__ import annotations

import click

from core.console.database import Database
from core.console.keeping import progress
from core.console.opening import opened
from core.console.spoken import tell
from core.tickets.search_follower import ANEW, Indexer
from core.tickets.search_index import build_anew, newest


async def reindex(path: Database) -> int:
    """While it runs, and a desk beside it, search says how much is missing; what is new is found meanwhile."""
    async with opened(path) as at:
        await at.desk.store.write(build_anew)
        state = await at.desk.store.read(newest)
        count = (state.below or 1) - 1
        with progress(count, tell("reindex.building")) as told:
            await Indexer(at.desk.store, batch=ANEW).catch_up(told)
    click.echo(tell("reindex.done", n=count))
    return 0
