"""Opens a desk: its database, its keys, and whether they belong together."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.console import keyfile
from core.console.clock import SystemClock
from core.console.database import Database, PostgresUrl
from core.console.keyfile import Keys
from core.console.spoken import Trouble, note, tell
from core.engine.desk import Desk
from core.engine.journal import SQL
from core.engine.ports import Clock, Reader, Store, Transaction
from core.engine.store.migrate import SchemaTooNew
from core.engine.store.sqlite import open_sqlite
from core.parts import catalogue

FINGERPRINT: Final = "key"
LOCAL: Final = "http://127.0.0.1:8000"


@dataclass(frozen=True, slots=True)
class Opened:
    """A desk that is open. Whoever opened it closes it, in one `async with`."""

    desk: Desk
    keys: Keys
    path: Database


@asynccontextmanager
async def opened(
    path: Database,
    *,
    public_url: str = LOCAL,
    loopback: bool = False,
    clock: Clock | None = None,
    key_of: Database | None = None,
) -> AsyncIterator[Opened]:
    """An existing desk. Trouble when there is none, or the key file does not fit.

    `key_of` names the database whose key file is meant, where it is another: that of a copy.
    """
    async with AsyncExitStack() as stack:
        store = await store_of(stack, path, create=False)
        kept = await store.read(fingerprint)
        if kept is None:
            raise Trouble("no_database", path=path)
        keys = keys_of(key_of or path)
        if kept != keys.fingerprint():
            raise Trouble("key_wrong", path=keyfile.place(key_of or path))
        desk = Desk(store, catalogue(public_url=public_url, loopback=loopback), clock or SystemClock(), keys.chain_key)
        await desk.start()
        yield Opened(desk, keys, path)


@asynccontextmanager
async def created(
    path: Database, keys: Keys, *, public_url: str = LOCAL, loopback: bool = False
) -> AsyncIterator[Opened]:
    """A database made now, or left half-made by an init that was interrupted. Trouble when it is a desk already."""
    async with AsyncExitStack() as stack:
        store = await store_of(stack, path, create=True)
        if await store.read(fingerprint) is not None:
            raise Trouble("already", path=path)
        desk = Desk(store, catalogue(public_url=public_url, loopback=loopback), SystemClock(), keys.chain_key)
        await desk.start()
        yield Opened(desk, keys, path)


async def there(path: Database) -> bool:
    """Whether there is anything that could be a desk."""
    if not isinstance(path, PostgresUrl):
        return await asyncio.to_thread(path.exists)
    async with AsyncExitStack() as stack:
        store = await store_of(stack, path, create=True)
        return await store.read(fingerprint) is not None


def keys_of(path: Database) -> Keys:
    """The key file of a database; says so when others can read it."""
    file = keyfile.place(path)
    keys = keyfile.read(file)
    if keyfile.open_to_others(file):
        note(tell("warn.key_open", path=file))
    return keys


def fingerprint(tx: Reader) -> str | None:
    """Of the key this database was made with; None before init has finished."""
    row = tx.one(SQL["meta_get"], {"name": FINGERPRINT})
    return None if row is None else str(row[0])


def sign(tx: Transaction, keys: Keys) -> None:
    """Mark the database as made with these keys."""
    tx.run(SQL["meta_set"], {"name": FINGERPRINT, "value": keys.fingerprint()})


async def store_of(stack: AsyncExitStack, path: Database, *, create: bool) -> Store:
    """The store of a desk, there or (`create`) made now. Trouble says why it cannot be had."""
    if isinstance(path, PostgresUrl):
        return await _server(stack, path, create=create)
    try:
        if create:
            await asyncio.to_thread(_reserve, path)
        return await stack.enter_async_context(open_sqlite(path, create=create))
    except FileNotFoundError:
        raise Trouble("no_database", path=path) from None
    except SchemaTooNew as newer:
        raise Trouble("newer", why=newer) from None
    except (OSError, sqlite3.OperationalError) as error:
        raise Trouble("unwritable", path=path, why=error) from None
    except sqlite3.DatabaseError:
        raise Trouble("not_a_desk", path=path) from None


async def _server(stack: AsyncExitStack, database: PostgresUrl, *, create: bool) -> Store:
    from core.engine.store.postgres import NoDesk, Unreachable, open_postgres  # noqa: PLC0415 - start-up time

    try:
        return await stack.enter_async_context(open_postgres(database.url, create=create))
    except NoDesk:
        raise Trouble("no_database", path=database) from None
    except SchemaTooNew as newer:
        raise Trouble("newer", why=newer) from None
    except Unreachable as trouble:
        raise _cannot(database, trouble.what, trouble.why) from None


def _cannot(database: PostgresUrl, what: str, why: str) -> Trouble:
    match what:
        case "refused":
            return Trouble("server.refused", path=database, why=why)
        case "unknown":
            return Trouble("server.unknown", path=database)
    return Trouble("server.silent", path=database, why=why)


def _reserve(path: Path) -> None:
    """The file, for its owner alone: it holds personal data. SQLite gives its WAL the same mode."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
