"""A desk that dies: `python -m tests.engine.victim FOLDER SEED TICKETS BEGIN [URL]` works until it kills itself.

Its database is the one in the folder, or the one of a server. Several may live on one database at once.
Everything it was answered, and everything that left by a wire, stands in FOLDER/acknowledged and FOLDER/seen.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.engine.desk import Desk
from core.engine.dispatch import Dispatcher
from core.engine.outcome import Done
from core.engine.ports import Message, Outcome, Params, Sent, Signals
from core.engine.store.postgres import PostgresStore, open_postgres
from core.engine.store.postgres_transaction import PostgresTransaction
from core.engine.store.sql import Statement
from core.engine.store.sqlite import SqliteStore, open_sqlite
from core.engine.timers import Timers
from core.escalation.commands import AcceptEscalation, RaiseEscalation
from core.parts import catalogue
from core.people.model import Actor
from core.tickets.commands import AddComment, CreateTicket
from tests.stories.floor import KEY, at

WRITERS = 12
PERSONS = ("sato", "ito", "suzuki", "takahashi", "hayashi")
FASTER = 20
"""Time runs so many times as fast as outside: waits of seconds pass within a life."""
EPOCH = at("14:32")


class FastClock:
    """Wall time, sped up alike in every life of the desk."""

    def __init__(self, begin: float) -> None:
        self._begin = begin

    def now(self) -> int:
        return EPOCH + round((time.time() - self._begin) * 1000 * FASTER)

    def steady(self) -> int:
        return round(time.monotonic() * 1000 * FASTER)


class Log:
    """Lines that outlive the process."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def add(self, *fields: object) -> None:
        os.write(self._file, ("\t".join(map(str, fields)) + "\n").encode())


class Seen:
    """A wire whose receiver remembers what arrived."""

    room = 64

    def __init__(self, name: str, log: Log, after: Callable[[], None]) -> None:
        self.name, self._log, self._after = name, log, after

    async def send(self, message: Message) -> Outcome:
        self._log.add(message.id, message.tag)
        self._after()
        return Sent()


class Fate:
    """Dies at the chosen occasion, after it was met so often."""

    def __init__(self, dice: random.Random, tickets: int) -> None:
        occasions = (("statement", 4000), ("commit", 150), ("stored", 150), ("sent", 2 * tickets))
        self.occasion, most = dice.choice(occasions)
        self._left = dice.randint(1, most)

    def meet(self, occasion: str) -> None:
        self._left -= occasion == self.occasion
        if self._left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def traced(self, statement: str) -> None:
        """The writer is about to run a statement."""
        self.meet("commit" if statement == "COMMIT" else "statement")


class Victim:
    """Writers that never stop by themselves."""

    def __init__(self, desk: Desk, acknowledged: Log, dice: random.Random, tickets: int) -> None:
        self._desk, self._log, self._dice, self._left = desk, acknowledged, dice, tickets
        self._escalations: dict[int, int] = {}

    async def writes(self) -> None:
        """Create and raise while there are tickets left, then accept and comment for ever."""
        while True:
            if self._left > 0:
                self._left -= 1
                number = await self._does("ticket_created", "sato", None, CreateTicket("納品数違い"))
                escalation = await self._does("escalation_raised", "sato", number, RaiseEscalation(number))
                self._escalations[escalation] = number
            elif self._escalations:
                escalation, number = self._dice.choice(list(self._escalations.items()))
                person = self._dice.choice(PERSONS)
                if self._dice.random() < 0.1:
                    await self._does("escalation_accepted", person, number, AcceptEscalation(escalation))
                await self._does("comment_added", person, number, AddComment(number, "確認中"))
            else:
                await asyncio.sleep(0)

    async def _does(self, event: str, person: str, number: int | None, command: object) -> int:
        done = await self._desk.handle(command, Actor("person", person))  # type: ignore[arg-type]
        if not isinstance(done, Done):
            return 0
        if not done.again:
            self._log.add(event, done.ref if number is None else number, person, done.at)
        return int(done.ref)


async def live(folder: Path, seed: int, tickets: int, begin: float, url: str = "") -> None:
    """Open the desk that an earlier life may have left, and work until the end."""
    dice = random.Random(seed)
    fate = Fate(dice, tickets)
    async with open_postgres(url) if url else open_sqlite(folder / "desk.db") as store:
        desk = Desk(store, catalogue("https://desk.tsubame.example"), FastClock(begin), KEY)
        await desk.start()
        seen = Log(folder / "seen")
        wires = {name: Seen(name, seen, lambda: fate.meet("sent")) for name in ("push", "mail")}
        await _doom(store, fate)
        victim = Victim(desk, Log(folder / "acknowledged"), dice, tickets)
        async with asyncio.TaskGroup() as group:
            for part in (Timers(desk, "victim"), Dispatcher(desk, wires, f"victim {seed}"), desk.follower):
                group.create_task(part.run())
            for _ in range(WRITERS):
                group.create_task(victim.writes())


async def _doom(store: SqliteStore | PostgresStore, fate: Fate) -> None:
    def watch(raw: sqlite3.Connection) -> None:
        raw.set_trace_callback(fate.traced)

    if isinstance(store, SqliteStore):
        await store._writer.hop(watch)
    else:
        _watch_threads(fate)
    store.on_commit(lambda _: fate.meet("stored"))


def _watch_threads(fate: Fate) -> None:
    """Every statement of every connection, and every COMMIT, is an occasion."""
    run, commit = PostgresTransaction._run, PostgresStore._say_commit

    def watched(self: PostgresTransaction, statement: Statement, params: Params) -> Any:
        fate.traced(statement.name)
        return run(self, statement, params)

    def committed(self: PostgresStore, raw: Any, signals: Signals) -> None:
        fate.traced("COMMIT")
        commit(self, raw, signals)

    PostgresTransaction._run, PostgresStore._say_commit = watched, committed  # type: ignore[method-assign]


if __name__ == "__main__":
    asyncio.run(live(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), *sys.argv[5:]))
