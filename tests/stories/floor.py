"""A whole desk for stories: real store, real engine, a clock in hand, and wires that only write down."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from core.deskfile.commands import ApplyDeskFile
from core.engine.desk import Desk
from core.engine.dispatch import Dispatcher
from core.engine.journal import SQL
from core.engine.outcome import Done, Refusal
from core.engine.ports import Message, Outcome, Reader, Sent, Store
from core.engine.timers import Timers
from core.escalation.commands import RaiseEscalation
from core.escalation.queries.questions import GetCase, GetEscalation
from core.escalation.queries.views import Case, EscalationView
from core.parts import catalogue
from core.people.commands import DeviceKeys, RegisterDevice
from core.people.model import CONSOLE, Actor
from core.tickets.commands import CreateTicket
from core.tickets.records import SQL as TICKETS
from tests.clock import HandClock
from tests.store.kinds import chosen
from tests.unit.documents import read

ZONE = ZoneInfo("Asia/Tokyo")
KEY = b"k" * 32
LEDGER = TICKETS["ledger"]
P256DH = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"


def at(time: str, day: str = "2026-11-20") -> int:
    """Wall-clock time of the desk as milliseconds; the day is a Friday unless said otherwise."""
    return int(datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=ZONE).timestamp() * 1000)


def clock_of(ms: int) -> str:
    """Milliseconds as the desk's wall clock."""
    return datetime.fromtimestamp(ms / 1000, ZONE).strftime("%H:%M")


class Wire:
    """A channel that writes down what it took, and answers what the story wants: by person, or by endpoint."""

    def __init__(self, name: str, clock: HandClock) -> None:
        self.name, self.room = name, 64
        self.sent: list[tuple[str, Message]] = []
        self.answers: dict[str, Outcome] = {}
        self._clock = clock

    async def send(self, message: Message) -> Outcome:
        device = message.to.get("endpoint", "")
        outcome = self.answers.get(device) or self.answers.get(message.recipient, Sent())
        if isinstance(outcome, Sent):
            self.sent.append((clock_of(self._clock.now()), message))
        return outcome

    def calls(self) -> list[tuple[str, str]]:
        """(time, person) of every call that left."""
        return [(time, message.recipient) for time, message in self.sent if message.kind == "call"]

    def told(self, kind: str) -> list[tuple[str, str]]:
        """(time, person) of every telling of this kind."""
        return [(time, message.recipient) for time, message in self.sent if message.kind == kind]


class Floor:
    """The desk and everything a story does with it."""

    def __init__(self, desk: Desk, store: Store, clock: HandClock) -> None:
        self.desk, self.store, self.clock = desk, store, clock
        self.push, self.mail, self.chat = Wire("push", clock), Wire("mail", clock), Wire("chat", clock)
        self.timers = Timers(desk, "story")
        wires = {wire.name: wire for wire in (self.push, self.mail, self.chat)}
        self.dispatcher = Dispatcher(desk, wires, "story", jitter=lambda: 0.0)

    async def settle(self) -> None:
        """Do everything that is due now, and send everything that is ready."""
        busy = True
        while busy:
            busy = await self.timers.sweep() > 0
            while await self.dispatcher.step():
                busy = True
                await self.dispatcher.land()

    async def until(self, time: str, day: str = "2026-11-20") -> None:
        """Let time pass, stopping at every deadline on the way."""
        await self.pass_to(at(time, day))

    async def pass_to(self, end: int) -> None:
        """As `until`, to a time in milliseconds."""
        await self.settle()
        while (due := await self._next()) is not None and due <= end:
            self.clock.time = max(self.clock.time, due)
            await self.settle()
        self.clock.time = max(self.clock.time, end)
        await self.settle()

    async def _next(self) -> int | None:
        def earliest(tx: Any) -> int | None:
            rows = (tx.one(SQL["deadline_next"]), tx.one(SQL["outgoing_next"]))
            return min((row[0] for row in rows if row and row[0] is not None), default=None)

        return await self.store.read(earliest)

    async def does(self, person: str, command: Struct) -> Done:
        """A person does something that must succeed; the engine reacts at once."""
        outcome = await self.tries(person, command)
        assert isinstance(outcome, Done), outcome
        return outcome

    async def tries(self, person: str, command: Struct) -> Done | Refusal:
        """A person tries something; the engine reacts at once."""
        outcome = await self.desk.handle(command, Actor("person", person))
        await self.settle()
        return outcome

    async def refused(self, person: str, command: Struct) -> Refusal:
        """A person tries something that must be refused."""
        outcome = await self.tries(person, command)
        assert isinstance(outcome, Refusal), outcome
        return outcome

    async def ask(self, person: str, query: Struct) -> Any:
        return await self.desk.ask(query, Actor("person", person))

    async def ticket(self, by: str = "sato", **fields: Any) -> int:
        """A new ticket; its number."""
        return int((await self.does(by, CreateTicket(**{"subject": "納品数違い", **fields}))).ref)

    async def raised(self, by: str = "sato", **fields: Any) -> tuple[int, int]:
        """A new ticket, escalated by the same person: (ticket, escalation)."""
        number = await self.ticket(by)
        done = await self.does(by, RaiseEscalation(number, **fields))
        return number, int(done.ref)

    async def escalation(self, id_: int, reader: str = "sato") -> EscalationView:
        view = await self.ask(reader, GetEscalation(id_))
        assert isinstance(view, EscalationView), view
        return view

    async def call(self, id_: int, person: str) -> int:
        """The id of the person's newest call for this escalation, open or ended."""
        calls = [call for call in (await self.escalation(id_, "suzuki")).calls if call.person == person]
        return int(calls[-1].id)

    async def calling(self, id_: int) -> list[str]:
        """Who is being called for this escalation now."""
        view = await self.escalation(id_, "suzuki")
        return [call.person for call in view.calls if call.state in ("queued", "sent", "shown", "opened", "failed")]

    async def holders(self, number: int) -> list[tuple[str, str]]:
        """The ledger of a ticket: (holder, since when)."""

        def rows(tx: Reader) -> list[tuple[str, str]]:
            return [(holder, clock_of(since)) for _, holder, since, _ in tx.all(LEDGER, {"number": number})]

        return await self.store.read(rows)

    async def case(self, number: int, reader: str = "sato") -> Case:
        case = await self.ask(reader, GetCase(number))
        assert isinstance(case, Case), case
        return case

    async def apply(self, text: str) -> Done | Refusal:
        outcome = await self.desk.handle(ApplyDeskFile(read(text)), CONSOLE)
        await self.settle()
        return outcome

    async def give_phones(self, *persons: str) -> None:
        """Everybody named gets a device that takes pushes."""
        for person in persons:
            endpoint = f"https://fcm.googleapis.com/fcm/send/{person}"
            await self.does(person, RegisterDevice(endpoint, DeviceKeys(P256DH, AUTH)))


@asynccontextmanager
async def floor(folder: Path, text: str, *, time: str = "14:32", key: bytes = KEY) -> AsyncIterator[Floor]:
    """A desk with this desk.toml on a fresh database."""
    clock = HandClock(at(time))
    async with chosen.open(folder) as store:
        desk = Desk(store, catalogue("https://desk.tsubame.example"), clock, key)
        await desk.start()
        stage = Floor(desk, store, clock)
        outcome = await stage.apply(text)
        assert isinstance(outcome, Done), outcome
        yield stage
        await asyncio.sleep(0)
