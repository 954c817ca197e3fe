"""`copy`: a whole desk from one database into another, verified before it is anybody's desk."""

from __future__ import annotations

import sys
from contextlib import AsyncExitStack

import click

from core.console import keyfile, opening
from core.console.clock import SystemClock
from core.console.database import Database
from core.console.keyfile import Keys
from core.console.opening import opened
from core.console.spoken import Trouble, note, tell
from core.engine.desk import STOPPED_AFTER, Desk
from core.engine.journal import SQL
from core.engine.ports import Reader, Transaction
from core.engine.store.moving import Source, Told, copy_rows, count_rows, moved
from core.engine.verify import Verified, verify, whole_head
from core.people.commands import NoteCopy
from core.people.model import CONSOLE


async def copy(source: Database, target: Database) -> int:
    """Everything or nothing. The source stays as it is; the head of the journal on standard output."""
    async with opened(source) as at, AsyncExitStack() as stack:
        store = await opening.store_of(stack, target, create=True)
        desk = Desk(store, at.desk.catalogue, SystemClock(), at.keys.chain_key)
        if await store.read(_used):
            raise Trouble("copy_used", path=target)
        if await at.desk.store.read(_runs):
            note(tell("copy.running"))
        _share_keys(at.keys, target)
        counts = await at.desk.store.read(count_rows)
        with click.progressbar(length=sum(counts.values()), label=tell("copy.copying"), file=sys.stderr) as bar:
            found, rows = await moved(at.desk.store, store, lambda view, tx: _whole(view, tx, desk, bar.update))
    note(tell("copy.done", rows=rows, events=found.events, path=target))
    note(tell("copy.old", path=source))
    click.echo(tell("verify.head", head=found.head))
    return 0


def _whole(view: Source, tx: Transaction, desk: Desk, told: Told) -> tuple[Verified, int]:
    """All rows, compared and verified; only then the copying itself is journalled, and all of it stored."""
    copy_rows(view, tx, told)
    head, counts = view.ask(whole_head), view.ask(count_rows)
    found = verify(tx, desk.key, desk.catalogue.checks)
    if found.faults or found.head != head or count_rows(tx) != counts:
        raise Trouble("copy_broken")
    desk.catch_up(tx)
    desk.run(tx, NoteCopy(found.head, found.events), CONSOLE)
    return found, sum(counts.values())


def _share_keys(keys: Keys, target: Database) -> None:
    """The copy's key file: the same keys, where they are looked for."""
    file = keyfile.place(target)
    if file.exists():
        if keyfile.read(file).fingerprint() != keys.fingerprint():
            raise Trouble("key_wrong", path=file)
        return
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        keyfile.write(file, keys)
    except OSError as error:
        raise Trouble("unwritable", path=file, why=error.strerror) from None


def _used(tx: Reader) -> bool:
    return opening.fingerprint(tx) is not None or tx.one(SQL["journal_newest"]) is not None


def _runs(tx: Reader) -> bool:
    """Whether an engine beats there."""
    row = tx.one(SQL["heartbeat_newest"])
    return row is not None and row[0] is not None and SystemClock().now() - int(row[0]) <= STOPPED_AFTER
