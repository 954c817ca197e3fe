"""Phone tasks: take one, ring, say what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from core.engine.outcome import Done
from core.escalation.commands import ReportPhoneOutcome, TakePhoneTask
from core.escalation.queries.cards import TaskView
from tui.model import phone_lines
from tui.model.lines import Line
from tui.widgets.queue_list import RowList

if TYPE_CHECKING:
    from tui.screens.desk import Act, DeskScreen


class PhoneActs:
    """The sixth tab, and the bar that waits for the outcome of a call."""

    def __init__(self, desk: DeskScreen) -> None:
        self.desk = desk
        self.rows = RowList("phone", self._line, phone_lines.DUE + 2)
        self._cursor: str | None = None
        """The task under the cursor, by id."""
        self._ringing: TaskView | None = None

    def acts(self) -> Mapping[str, Act]:
        """Registry ids that stand here."""
        return {
            "take": self._take,
            "said_accepted": lambda _: self._said("accepted"),
            "said_busy": lambda _: self._said("busy"),
            "said_nothing": lambda _: self._said("no_answer"),
            "call_later": lambda _: self._hang_up(),
        }

    @property
    def current(self) -> TaskView | None:
        """The task under the cursor."""
        tasks = self.desk.session.tasks
        return tasks[self._place] if tasks else None

    def off(self) -> str:
        """Why no task can be taken; empty when one can."""
        return "" if self._next() is not None else self.desk.session.names.say("tui.phone.none")

    def move(self, by: int) -> None:
        """Move the cursor."""
        tasks = self.desk.session.tasks
        if tasks:
            place = min(max(self._place + by, 0), len(tasks) - 1)
            self._cursor = tasks[place].id
            self.rows.move(place)
            self.desk.paint_hints()

    def tick(self) -> None:
        """A second has passed."""
        self.rows.tick()

    def paint(self) -> None:
        """The head of the list, its rows, and the bar while somebody is being rung."""
        session = self.desk.session
        self.rows.empty = session.names.say("tui.empty.phone")
        if self.desk.has_class("phone"):
            head = self.desk.lines("list-head")
            head.show(phone_lines.header(session.names, head.size.width))
            self.rows.reload(len(session.tasks), self._place)
        if self._ringing is not None:
            self._bar(self._ringing)

    @property
    def _place(self) -> int:
        places = (place for place, task in enumerate(self.desk.session.tasks) if task.id == self._cursor)
        return next(places, 0)

    def _next(self) -> TaskView | None:
        """In the list the task under the cursor, elsewhere the one that is due first."""
        session = self.desk.session
        if self.desk.has_class("phone"):
            return session.offered(() if self.current is None else (self.current,))
        return session.offered()

    async def _take(self, _: str) -> None:
        task = self._next()
        if task is None:
            return
        self._cursor = task.id
        self.desk.remove_class("reading")
        self.desk.add_class("phone")
        if task.state == "taken":
            self._ring(task)
        else:
            self.desk.start(self._send_taking(task))
        self.desk.call_after_refresh(self.desk.paint)

    async def _send_taking(self, task: TaskView) -> None:
        outcome = await self.desk.session.handle(TakePhoneTask(int(task.id)))
        await self.desk.session.refresh()
        self.desk.paint()
        if isinstance(outcome, Done):
            self._ring(next((one for one in self.desk.session.tasks if one.id == task.id), task))
        else:
            self.desk.outcome(outcome, "tui.phone.took")

    def _ring(self, task: TaskView) -> None:
        self._ringing = task
        self.desk.add_class("calling")
        self._bar(task)
        self.desk.paint_hints()

    def _bar(self, task: TaskView) -> None:
        """Whom to ring, at which number."""
        names = self.desk.session.names
        words = names.say(
            "tui.phone.ring", person=names.called(task.person), phone=task.phone, number=task.ticket,
            level=names.level(task.level),
        )  # fmt: skip
        self.desk.tell(words, "ember")

    def _said(self, outcome: Literal["accepted", "busy", "no_answer"]) -> None:
        task = self._ringing
        self._hang_up()
        if task is not None:
            self.desk.start(self._send_outcome(task, outcome))

    async def _send_outcome(self, task: TaskView, said: Literal["accepted", "busy", "no_answer"]) -> None:
        person = self.desk.session.names.called(task.person)
        outcome = await self.desk.session.handle(ReportPhoneOutcome(int(task.id), said))
        self.desk.outcome(outcome, f"tui.phone.said_{said}", person=person, number=task.ticket)
        await self.desk.session.refresh()
        self.desk.paint()

    def _hang_up(self) -> None:
        self._ringing = None
        self.desk.leave("calling")

    def _line(self, place: int, cells: int) -> Line | None:
        tasks = self.desk.session.tasks
        return phone_lines.line(tasks[place], self.desk.session, cells) if place < len(tasks) else None
