"""`noroshi doctor`: one screen of checks, each with what to do when it does not hold."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import click

from core.console import acts, keyfile
from core.console.database import Database
from core.console.disk import space_of
from core.console.opening import Opened, opened
from core.console.spoken import Trouble, tell
from core.console.wires import SecretMissing, secret_of
from core.deskfile.queries import CheckDesk
from core.engine.auditor import MEGABYTE, floor_of
from core.engine.desk import STOPPED_AFTER
from core.engine.health import HEALTH, Health, look, schema_fits
from core.engine.ports import MINUTE, SECOND, Reader
from core.engine.verify import Broken, verify_last
from core.people.model import CONSOLE, ChannelSetting
from core.people.records import channels_of

LAST: Final = 1_000
"""Events of the journal that are looked at; `verify` looks at all."""
LARGE_WAL: Final = 256 * MEGABYTE
SLOW_SWITCH: Final = 0.001
LATE: Final = 30 * SECOND
UNSENT: Final = 2 * MINUTE
AHEAD: Final = 5 * MINUTE
MARKS: Final = {"ok": "✓", "bad": "✗", "none": "–"}


class Tools(NamedTuple):
    """What only the wiring can do."""

    push_key: Callable[[str], Any]
    """Reads the private push key; ValueError when it is none."""
    greet: Callable[[str], Awaitable[str]]
    """(address of a mail server) → empty when it answered EHLO, else why not."""


class Found(NamedTuple):
    """One line: `cli.doctor.<what>.<state>` filled with `values`."""

    what: str
    state: str
    values: dict[str, Any] = {}


async def doctor(path: Database, url: str | None, tools: Tools) -> int:
    """Print every check; 1 when one of them does not hold."""
    bad = 0
    try:
        async with opened(path) as at:
            async for found in checks(at, url, tools):
                bad += found.state == "bad"
                click.echo(f"{MARKS[found.state]} {tell(f'doctor.{found.what}.{found.state}', **found.values)}")
    except Trouble as trouble:
        click.echo(f"{MARKS['bad']} {trouble.message}")
        return 1
    click.echo(tell("doctor.sum", n=bad) if bad else tell("doctor.fine"))
    return 1 if bad else 0


async def checks(at: Opened, url: str | None, tools: Tools) -> AsyncIterator[Found]:
    """All of them, from the ground up."""
    for found in (_key(at.path), _push(at, tools), _address(url), _switch()):
        yield found
    numbers, health, fits, ahead = await at.desk.store.read(lambda tx: _engine(tx, at))
    yield _told("database", fits, path=at.path, schema=numbers)
    for found in (*_works(health), _told("clock", ahead <= AHEAD, minutes=ahead // MINUTE)):
        yield found
    for found in (*_disk(at.path), *_wal(at.path)):
        yield found
    for setting in await at.desk.store.read(channels_of):
        yield await _wire(setting, tools)
    findings = acts.granted(await at.desk.ask(CheckDesk(), CONSOLE)).items
    yield _told("check", not (errors := sum(one.severity == "error" for one in findings)), n=errors)
    broken = await at.desk.store.read(lambda tx: _journal(tx, at))
    yield _told("journal", not broken, n=LAST, where=f"{broken[0].stream} {broken[0].stream_id}" if broken else "")


def _told(what: str, holds: bool, **values: Any) -> Found:
    return Found(what, "ok" if holds else "bad", values)


def _key(path: Database) -> Found:
    place = keyfile.place(path)
    return _told("key", not keyfile.open_to_others(place), path=place)


def _push(at: Opened, tools: Tools) -> Found:
    try:
        tools.push_key(at.keys.vapid)
    except ValueError:
        return Found("push", "bad")
    return Found("push", "ok")


def _address(url: str | None) -> Found:
    return Found("url", "none") if url is None else _told("url", urlsplit(url).scheme == "https", url=url)


def _switch() -> Found:
    return _told("switch", sys.getswitchinterval() <= SLOW_SWITCH)


def _engine(tx: Reader, at: Opened) -> tuple[int, Health, bool, int]:
    now = at.desk.clock.now()
    row = tx.one(HEALTH["migrations_done"])
    return row[1] if row else 0, look(tx, now), schema_fits(tx), at.desk.catch_up(tx) - now


def _works(health: Health) -> Iterator[Found]:
    yield _told("engine", health.beat is not None and health.beat <= STOPPED_AFTER)
    yield _told("deadlines", health.overdue <= LATE, seconds=health.overdue // SECOND)
    late = max((one.age for one in health.queues), default=0)
    yield _told("outgoing", late <= UNSENT, n=sum(one.depth for one in health.queues), minutes=late // MINUTE)


def _disk(path: Database) -> Iterator[Found]:
    if (space := space_of(path)()) is not None:
        yield _told(
            "disk", space[0] >= floor_of(space[1]), free=space[0] // MEGABYTE, floor=floor_of(space[1]) // MEGABYTE
        )


def _wal(path: Database) -> Iterator[Found]:
    if isinstance(path, Path):
        file = path.with_name(f"{path.name}-wal")
        size = os.stat(file).st_size if file.exists() else 0
        yield _told("wal", size <= LARGE_WAL, size=size // MEGABYTE)


async def _wire(setting: ChannelSetting, tools: Tools) -> Found:
    try:
        secret_of(setting.url if setting.url.startswith(("env:", "file:")) else None)
        secret_of(setting.password)
    except SecretMissing as missing:
        return Found("secret", "bad", {"id": setting.id, "secret": missing})
    if setting.kind != "smtp":
        return Found("wire", "ok", {"id": setting.id})
    why = await tools.greet(setting.url)
    return _told("mail", not why, id=setting.id, why=why)


def _journal(tx: Reader, at: Opened) -> tuple[Broken, ...]:
    return (*verify_last(tx, at.desk.key, LAST), *(one for check in at.desk.catalogue.checks for one in check(tx)))
