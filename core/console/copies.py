"""`backup` and `restore`: a whole copy of a desk while it runs, and the way back to one."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import NoReturn

import click

from core.console import acts, keyfile, opening, show
from core.console.clock import SystemClock
from core.console.database import Database, PostgresUrl
from core.console.keeping import verified
from core.console.opening import opened
from core.console.spoken import Trouble, note, tell
from core.engine.desk import STOPPED_AFTER
from core.engine.journal import SQL
from core.engine.ports import Store
from core.engine.store import backup as copies
from core.people.commands import NoteRestore
from core.people.model import CONSOLE


async def backup(path: Database, file: Path, *, force: bool) -> int:
    """A copy in one file, whole, while the desk may run; the head of its journal on standard output."""
    if not force and await asyncio.to_thread(file.exists):
        raise Trouble("exists", path=file)
    half = file.with_name(f".{file.name}.half")
    async with opened(path) as at:  # it is a desk, and the key file is its own
        with _saying(file):
            if isinstance(path, PostgresUrl):
                await _fetched(at.desk.store, half)
            else:
                await asyncio.to_thread(_copied, path, half)
            head = await asyncio.to_thread(copies.head_of, half)
            await asyncio.to_thread(_named, half, file)
    click.echo(tell("verify.head", head=head))
    note(tell("backup.done", path=file))
    note(tell("backup.key", path=keyfile.place(path)))
    return 0


async def restore(path: Database, file: Path) -> int:
    """Put a copy in place of the desk, when the copy holds; what was there is kept aside."""
    target = _file(path)
    if not await asyncio.to_thread(file.exists):
        raise Trouble("no_copy", path=file)
    if await asyncio.to_thread(_runs, target):
        raise Trouble("restore_running", path=target)
    opening.keys_of(target)
    half = target.with_name(f".{target.name}.half")
    with _saying(target):
        await asyncio.to_thread(_copied, file, half)
    try:
        fits = await _checked(half, target)
        if fits:
            await asyncio.to_thread(_exchange, half, target)
    finally:
        copies.drop(half)
    return 0 if fits else 1


async def _checked(half: Path, target: Path) -> bool:
    """Migrated, verified and journalled before it is anybody's desk."""
    async with opened(half, key_of=target) as at:
        found = await verified(at.desk)
        for line in show.verified_lines(found):
            click.echo(line)
        if found.faults:
            note(tell("restore.broken"))
            return False
        await acts.act(at.desk, NoteRestore(found.head, found.events), CONSOLE)
    return True


def _exchange(half: Path, path: Path) -> None:
    there = path.exists()
    aside = path.with_name(f"{path.name}.before-{datetime.now().strftime('%Y%m%d-%H%M%S')}")
    with _saying(path):
        if path.exists() and copies.in_use(path):
            raise Trouble("restore_running", path=path)
        copies.put_in_place(half, path, aside)
    note(tell("restore.done", path=path))
    if there:
        note(tell("restore.aside", path=aside))


async def _fetched(server: Store, half: Path) -> None:
    from core.console.fetching import fetched  # noqa: PLC0415 - start-up time

    await fetched(server, half)


def _file(path: Database) -> Path:
    if isinstance(path, PostgresUrl):
        raise Trouble("copy_instead", path=path, code=2)
    return path


def _copied(source: Path, half: Path) -> None:
    copies.drop(half)  # left by one that was killed
    with click.progressbar(length=1, label=tell("backup.copying"), file=sys.stderr) as bar:

        def told(done: int, whole: int) -> None:
            bar.length = whole
            bar.update(done - bar.pos)

        copies.copy_sqlite(source, half, told)


def _named(half: Path, file: Path) -> None:
    half.replace(file)
    copies.keep(file)


def _runs(path: Path) -> bool:
    """Whether an engine beats on this database. Whatever is no desk runs none, and is kept aside."""
    if not path.exists():
        return False
    try:
        with closing(sqlite3.connect(path)) as raw:
            row = raw.execute(SQL["heartbeat_newest"].sqlite).fetchone()
    except sqlite3.DatabaseError:
        return False
    return row[0] is not None and SystemClock().now() - int(row[0]) <= STOPPED_AFTER


@contextmanager
def _saying(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        _cannot(path, error)


def _cannot(path: Path, error: Exception) -> NoReturn:
    why = error.strerror if isinstance(error, OSError) else str(error)
    raise Trouble("unwritable", path=path, why=why) from None
