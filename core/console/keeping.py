"""Keeping a desk: whether its journal holds, copies of it, and the way back to one."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from core.console import show
from core.console.database import Database
from core.console.opening import opened
from core.console.spoken import tell
from core.engine.desk import Desk
from core.engine.journal import SQL
from core.engine.verify import Told, Verified


async def verify(path: Database) -> int:
    """Every chain of the journal, and what is always true; 1 when something does not hold."""
    async with opened(path) as at:
        found = await verified(at.desk)
    for line in show.verified_lines(found):
        click.echo(line)
    return 1 if found.faults else 0


async def verified(desk: Desk) -> Verified:
    """The whole journal, with a bar on a terminal while it is read."""
    row = await desk.store.read(lambda tx: tx.one(SQL["journal_newest"]))
    with progress(row[0] if row else 0, tell("verify.reading")) as told:
        return await desk.verify(told)


@contextmanager
def progress(length: int, label: str) -> Iterator[Told]:
    """A bar on standard error; it hears how much more is done, from any thread."""
    with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
        yield bar.update
