"""The toy part on a real store: everything a test of the engine does with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from msgspec import Struct

from core.engine.desk import Desk
from core.engine.dispatch import Dispatcher
from core.engine.journal import SQL
from core.engine.outcome import Done
from core.engine.ports import Store
from core.engine.store.sql import Statement
from core.engine.timers import Timers
from tests.engine.toy import Contents, HandClock, Toy, Wire
from tests.store.kinds import chosen

KEY = b"k" * 32
OUTGOING = Statement("outgoing", "SELECT state, attempts, reason FROM outgoing ORDER BY id")
DEADLINES = Statement("deadlines", "SELECT stream_id, kind, ref, due, tries FROM deadline ORDER BY due, stream_id")


class Bench:
    """A desk over the toy, with its clock and wires in hand."""

    def __init__(self, store: Store) -> None:
        self.store, self.clock, self.toy = store, HandClock(), Toy()
        self.desk = Desk(store, self.toy.catalogue(), self.clock, KEY)
        self.push, self.mail = Wire("push"), Wire("mail")
        self.timers = Timers(self.desk, "bench")
        self.dispatcher = self.another()

    def another(self, process: str = "bench", **more: Any) -> Dispatcher:
        """One more dispatcher, as another process would run it."""
        more.setdefault("jitter", lambda: 0.0)
        wires = more.pop("wires", {"push": self.push, "mail": self.mail})
        return Dispatcher(self.desk, wires, process, **more)

    async def did(self, command: Struct, by: str = "sato") -> Done:
        outcome = await self.desk.handle(command, by)
        assert isinstance(outcome, Done), outcome
        return outcome

    async def happened(self) -> list[str]:
        """The types of all events of boxes, in order."""
        return [row[1] for row in await self.desk.ask(Contents(), "sato")]

    async def rows(self, statement: Statement) -> list[tuple[Any, ...]]:
        return await self.store.read(lambda tx: tx.all(statement))

    async def counted(self, table: str) -> int:
        """How many rows a table of the engine has."""
        ((count,),) = await self.rows(Statement("counted", f"SELECT COUNT(*) FROM {table}"))
        return int(count)

    async def beats(self) -> list[tuple[Any, ...]]:
        """Process and time of every heartbeat."""
        return await self.rows(Statement("beats", "SELECT process, at FROM heartbeat ORDER BY process"))

    async def next_ready(self) -> int | None:
        """When the next outgoing row may be sent."""
        ((ready,),) = await self.rows(SQL["outgoing_next"])
        return None if ready is None else int(ready)

    async def leases(self) -> list[tuple[Any, ...]]:
        """Who has claimed what, until when."""
        return await self.rows(Statement("leases", "SELECT claimed_by, claimed_until FROM outgoing ORDER BY id"))

    async def does(self, sql: str, **params: Any) -> None:
        """What no command may do."""
        await self.store.write(lambda tx: tx.run(Statement("test", sql), params))

    async def deliver(self) -> None:
        """Send everything that is ready."""
        while await self.dispatcher.step():
            await self.dispatcher.land()


@asynccontextmanager
async def bench(path: Path, **more: Any) -> AsyncIterator[Bench]:
    """A bench on a database file; a new one, or one that is there."""
    async with chosen.open(path.parent, **more) as store:
        bench = Bench(store)
        await bench.desk.start()
        yield bench
