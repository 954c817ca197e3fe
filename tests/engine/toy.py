"""A part as small as can be, so that the engine is tested without a word of the domain: boxes that ring."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct

from core.engine.catalogue import Catalogue, CommandRow, DeadlineRow, NoticeRow, Outgoing, QueryRow
from core.engine.outcome import Done, Refusal
from core.engine.ports import DAY, Message, Millis, Outcome, Reader, Sent
from core.engine.store.sql import Statement
from core.engine.work import Ask, Notice, Work
from tests.wire.waiting import Arrivals

START = 1_795_000_000_000
STREAM = "box"
ROWS = Statement("rows", "SELECT actor, type, data, at FROM journal WHERE stream = :stream ORDER BY id")


class HandClock:
    """Two hands that move when they are told to."""

    def __init__(self) -> None:
        self.time, self.steadily = START, 0

    def now(self) -> int:
        return self.time

    def steady(self) -> int:
        return self.steadily

    def passes(self, millis: int) -> None:
        """Both hands go on."""
        self.time, self.steadily = self.time + millis, self.steadily + millis


class Put(Struct, frozen=True):
    """Put something into a box; `due` sets the deadline of (kind, ref)."""

    box: int
    what: str = ""
    due: int | None = None
    ref: int = 0
    kind: str = "ring"


class Tell(Struct, frozen=True):
    """Queue a notice."""

    box: int
    recipient: str = "sato"
    channel: str = "push"
    kind: str = "call"
    expires_at: Millis = START + DAY
    ready_at: Millis | None = None
    fair: str = ""
    data: str = ""


class Open(Struct, frozen=True):
    """Refused, always."""

    box: int


class Smash(Struct, frozen=True):
    """Records, then throws."""

    box: int


class Ring(Struct, frozen=True):
    """Time's own command."""

    ref: int
    due: int


class Hear(Struct, frozen=True):
    """How a notice fared."""

    box: int
    state: str
    reason: str


class Filled(Struct, frozen=True):
    """Something was put into a box."""

    box: int
    what: str


class Called(Struct, frozen=True):
    """Somebody is to be told."""

    recipient: str


class Rang(Struct, frozen=True):
    """A deadline passed."""

    ref: int
    due: int


class Heard(Struct, frozen=True):
    """A delivery was reported."""

    state: str
    reason: str


class Fault(Struct, frozen=True):
    """The machine told of itself."""

    what: str


class Contents(Struct, frozen=True):
    """What happened to the boxes, in order."""


class Toy:
    """What the part does, changeable by a test."""

    def __init__(self) -> None:
        self.poison: set[int] = set()
        self.alarms: list[tuple[str, str, int, int]] = []
        self.compose: Callable[[Reader, Outgoing, Millis], Message | None] = lambda tx, row, now: message(row)
        self.report: Callable[[Outgoing, str, str], Sequence[Struct]] = lambda row, state, reason: (
            Hear(row.stream_id, state, reason),
        )
        self.on_ring: Callable[[Work, Ring], None] = lambda work, command: None

    def catalogue(self) -> Catalogue:
        """The rows of the part."""
        rows = Catalogue()
        for command, run in ((Put, put), (Tell, tell), (Open, _open), (Smash, smash), (Ring, self._ring), (Hear, hear)):
            rows.add(CommandRow(command, run))
        rows.add(QueryRow(Contents, contents, list))
        rows.add(DeadlineRow("ring", Ring), DeadlineRow("again", Ring))
        rows.add(
            NoticeRow("call", lambda tx, row, now: self.compose(tx, row, now), lambda *how: self.report(*how)),
            NoticeRow("silent", lambda tx, row, now: message(row)),
        )
        rows.alarm = self._alarm
        rows.sights[STREAM] = lambda tx, box: lambda by: by in ("sato", f"box {box}")
        return rows

    def _ring(self, work: Work, command: Ring) -> Done:
        if command.ref in self.poison:
            raise ZeroDivisionError("poison")
        self.on_ring(work, command)
        work.record(work.lock(STREAM, command.ref), Rang(command.ref, command.due))
        return Done()

    def _alarm(self, work: Work, what: str, stream: str, stream_id: int, value: int) -> None:
        work.record(work.lock("desk", 1), Fault(what))
        self.alarms.append((what, stream, stream_id, value))


def message(row: Outgoing) -> Message:
    """What leaves for a row: its tag tells the box, its text the receipt."""
    return Message(
        id=row.id, kind=row.kind, recipient=row.recipient, channel=row.channel, to={}, language="ja", subject="",
        text=row.receipt, payload=b"", tag=f"{row.stream}-{row.stream_id}", urgency="high", expires=row.expires_at,
    )  # fmt: skip


def put(work: Work, command: Put) -> Done:
    box = work.lock(STREAM, command.box)
    work.record(box, Filled(command.box, command.what))
    if command.due is not None:
        work.deadline(box, command.kind, command.ref or command.box, command.due)
    return Done(command.box)


def tell(work: Work, command: Tell) -> Done:
    box = work.lock(STREAM, command.box)
    work.record(box, Called(command.recipient))
    work.notify(
        box,
        Notice(
            kind=command.kind, recipient=command.recipient, channel=command.channel, expires_at=command.expires_at,
            ready_at=command.ready_at, fair=command.fair, data=command.data,
        ),
    )  # fmt: skip
    return Done(command.box)


def _open(work: Work, command: Open) -> Refusal:
    return Refusal("closed", "nailed_shut", values={"id": command.box})


def smash(work: Work, command: Smash) -> Done:
    work.record(work.lock(STREAM, command.box), Filled(command.box, "splinters"))
    raise ZeroDivisionError("smashed")


def hear(work: Work, command: Hear) -> Done:
    work.record(work.lock(STREAM, command.box), Heard(command.state, command.reason))
    return Done()


def contents(ask: Ask, query: Contents) -> list[tuple[Any, ...]]:
    return ask.tx.all(ROWS, {"stream": STREAM})


class Wire:
    """A channel that writes down what it was given, and answers what a test wants."""

    def __init__(self, name: str = "push") -> None:
        self.name, self.room = name, 64
        self.arrivals: Arrivals[Message] = Arrivals()
        self.sent = self.arrivals.all
        self.answer: Callable[[Message], Outcome] = lambda message: Sent()
        self.open = asyncio.Event()
        self.open.set()

    async def send(self, message: Message) -> Outcome:
        await self.arrivals.add(message)
        await self.open.wait()
        return self.answer(message)
