"""A scripted door: it answers from a small world in memory, records commands, and can be cut off."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from core.engine.hint import Hint
from core.engine.outcome import Done, Refusal
from core.escalation.commands import AcceptEscalation, RaiseEscalation, ReportPhoneOutcome, TakePhoneTask
from core.escalation.queries.cards import AlarmCard, CallCard, MyCallsView, PulseView, TaskPage, TaskView
from core.escalation.queries.questions import (
    Directory,
    GetCase,
    Me,
    MyCalls,
    PhoneTasks,
    Preview,
    Pulse,
    Queue,
    QueueCounts,
)
from core.escalation.queries.views import PreviewView, QueuePage, QueueRow
from core.tickets.commands import AddComment, ClaimTicket, CloseTicket
from tests.tui import fake_desk as world
from tui.model.door import Unreachable


class FakeDoor:
    """Fulfils `Door`. Everything public may be changed by a test; `tell` then lets the terminal know."""

    pace = 0.0
    language = "ja"

    def __init__(self, count: int = 30) -> None:
        self.time = world.NOW
        self.me = world.ME
        self.rows: dict[int, QueueRow] = {row.number: row for row in world.rows(count)}
        self.comments: dict[int, tuple[str, ...]] = {}
        self.calls: list[CallCard] = []
        self.alarms: list[AlarmCard] = []
        self.tasks: list[TaskView] = world.tasks()
        self.pulse = PulseView("running", world.NOW)
        self.previews: list[PreviewView] = []
        """Answered one after the other before the usual one."""
        self.refusals: dict[type[Struct], Refusal] = {}
        self.cut_off = False
        self.closed = False
        self.commands: list[Struct] = []
        self.questions: list[Struct] = []
        self._hints: asyncio.Queue[Hint] = asyncio.Queue()
        self._answers: dict[type[Struct], Callable[[Any], Any]] = {
            Queue: self._queue, QueueCounts: self._counts, GetCase: self._case, Preview: self._preview,
            Directory: lambda _: world.DIRECTORY, Me: lambda _: self.me, Pulse: lambda _: self.pulse,
            MyCalls: lambda _: MyCallsView(tuple(self.calls), (), tuple(self.alarms)),
            PhoneTasks: lambda _: TaskPage(tuple(self.tasks)),
        }  # fmt: skip

    def now(self) -> int:
        return self.time

    async def handle(self, command: Struct) -> Done | Refusal:
        if self.cut_off:
            raise Unreachable("cut off")
        self.commands.append(command)
        refusal = self.refusals.get(type(command))
        if refusal is not None:
            return refusal
        self._do(command)
        return Done(at=self.time)

    async def ask(self, query: Struct) -> Any:
        if self.cut_off:
            raise Unreachable("cut off")
        self.questions.append(query)
        return self._answers[type(query)](query)

    async def feed(self) -> AsyncIterator[Hint]:
        while True:
            hint = await self._hints.get()
            if self.cut_off:
                raise Unreachable("cut off")
            yield hint

    async def close(self) -> None:
        self.closed = True

    def tell(self, ticket: int | None = None) -> None:
        """Something happened."""
        self._hints.put_nowait(Hint("1", "TicketEdited" if ticket else "reload", ticket))

    @property
    def untold(self) -> bool:
        """Whether hints wait that nobody has heard."""
        return not self._hints.empty()

    def put(self, row: QueueRow) -> None:
        """A new or changed ticket, and its hint."""
        self.rows[row.number] = row
        self.tell(row.number)

    def _do(self, command: Struct) -> None:
        match command:
            case AddComment(ticket, text):
                self.comments[ticket] = (*self.comments.get(ticket, ()), text)
                self.tell(ticket)
            case ClaimTicket(ticket):
                self._change(ticket, holder="sato", status="in_progress")
            case CloseTicket(ticket):
                self._change(ticket, status="done")
            case RaiseEscalation(ticket):
                self._change(
                    ticket, holder="sato", status="in_progress", state="calling", escalation="99", level=2,
                    next_at=self.time + 5 * world.MINUTE, next_does="channel",
                )  # fmt: skip
            case AcceptEscalation(escalation):
                self.calls = [card for card in self.calls if card.escalation != str(escalation)]
                number = next(row.number for row in self.rows.values() if row.escalation == str(escalation))
                self._change(number, holder="sato", state="accepted")
            case TakePhoneTask(task):
                self._task(task, state="taken", taken_by="sato", phone="090-1234-7788")
            case ReportPhoneOutcome(task):
                self.tasks = [one for one in self.tasks if one.id != str(task)]
                self.tell()

    def _change(self, number: int, **fields: object) -> None:
        self.put(replace(self.rows[number], updated_at=self.time, **fields))

    def _task(self, id_: int, **fields: object) -> None:
        self.tasks = [replace(task, **fields) if task.id == str(id_) else task for task in self.tasks]
        self.tell()

    def _queue(self, query: Queue) -> QueuePage:
        tab = query.tab or "new"
        fitting = sorted((row for row in self.rows.values() if _stands(row, tab)), key=_order(tab))
        if query.cursor is not None:
            at, number = map(int, query.cursor.split(":"))
            fitting = [row for row in fitting if _order(tab)(row) > (at, number)]
        page = fitting[: query.limit]
        more = len(fitting) > query.limit
        return QueuePage(tuple(page), "{}:{}".format(*_order(tab)(page[-1])) if more else None)

    def _counts(self, _: QueueCounts) -> dict[str, int]:
        return {
            tab: sum(_stands(row, tab) for row in self.rows.values()) for tab in ("new", "mine", "waiting", "escalated")
        }

    def _case(self, query: GetCase) -> Any:
        row = self.rows.get(query.ticket)
        if row is None:
            return Refusal("unknown")
        return world.case(
            row, self.comments.get(query.ticket, ()), called=any(card.ticket == row.number for card in self.calls)
        )

    def _preview(self, query: Preview) -> Any:
        if self.previews:
            return self.previews.pop(0)
        return self.refusals.get(Preview) or world.preview(query.level or 2, self.time)


def _stands(row: QueueRow, tab: str) -> bool:
    match tab:
        case "new":
            return row.status == "new"
        case "mine":
            return row.holder == "sato" and row.status != "done"
        case "escalated":
            return row.state in ("calling", "standing", "accepted")
    return row.status == tab


def _order(tab: str) -> Callable[[QueueRow], tuple[int, int]]:
    if tab == "escalated":
        return lambda row: (row.next_at or 0, row.number)
    return lambda row: (-row.updated_at, row.number)
