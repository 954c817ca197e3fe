"""Raising: `e` shows who will be called when, Enter sends it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from core.engine.outcome import Refusal
from core.escalation.queries.views import PreviewView
from tui.model import raise_draft, spoken
from tui.model.raise_draft import RaiseDraft
from tui.widgets.sheets import RaiseSheet

if TYPE_CHECKING:
    from tui.screens.desk import Act, DeskScreen


class RaiseActs:
    """The raise sheet. What it shows comes from the desk's own preview, never from here."""

    def __init__(self, desk: DeskScreen) -> None:
        self.desk = desk
        self.sheet = RaiseSheet()
        self.draft: RaiseDraft | None = None

    def acts(self) -> Mapping[str, Act]:
        """Registry ids that stand here."""
        return {
            "raise": self._open, "choose": self._choose, "send": self._send, "cancel": self._cancel,
            "message": self._message, "send_message": self._written, "cancel_message": self._written,
        }  # fmt: skip

    def paint(self) -> None:
        """The sheet, when it is open."""
        if self.draft is not None:
            session, size = self.desk.session, self.desk.size
            room = max(size.height - 6, 6)
            self.sheet.show(*raise_draft.lines(self.draft, session.names, session.door.now(), size.width, room))

    def _open(self, _: str) -> None:
        number = self.desk.ticket.number
        if number is None:
            return
        self.draft = RaiseDraft(number, self._subject(number), self.desk.drafting.get(_key(number)))
        self.desk.add_class("raising")
        self.desk.paint_hints()
        self.paint()
        self.desk.start(self._read(self.draft))

    async def _read(self, draft: RaiseDraft) -> None:
        """Ask for the ladder of the chosen line; send at once if Enter came before it."""
        choice = draft.choice
        answer = await self.desk.session.ask(draft.question())
        if draft is not self.draft:
            return
        if isinstance(answer, PreviewView):
            draft.answered(choice, answer, self.desk.session.names)
        elif choice == draft.choice:
            draft.sending = False
            draft.refused = self._why(answer)
        self.paint()
        if draft.sending and draft.shown is not None:
            await self._raise(draft)

    def _choose(self, digit: str) -> None:
        draft = self.draft
        if draft is None or not draft.choose(int(digit) - 1):
            return
        self.paint()
        if draft.shown is None:
            self.desk.start(self._read(draft))

    async def _message(self, _: str) -> None:
        """A word to whoever is called; it stays in the sheet until the raise is sent."""
        if self.draft is None or self.draft.sending:
            return
        number = self.draft.ticket
        self.desk.add_class("messaging")
        await self.desk.drafting.begin(_key(number), self.desk.session.names.say("tui.raise.write", number=number))

    def _written(self, _: str) -> None:
        text = self.desk.drafting.end()
        self.desk.leave("messaging")
        if self.draft is not None:
            self.draft.message = text
        self.paint()

    def _send(self, _: str) -> None:
        draft = self.draft
        if draft is None or draft.sending or draft.refused:
            return
        draft.sending = True
        if draft.shown is not None:
            self.desk.start(self._confirm(draft))

    async def _confirm(self, draft: RaiseDraft) -> None:
        """Ask once more who would be called; other persons than were shown need another Enter."""
        answer = await self.desk.session.ask(draft.question())
        if not isinstance(answer, PreviewView):
            draft.sending, draft.refused = False, self._why(answer)
            self.paint()
        elif draft.differs(answer):
            draft.sending = False
            self.paint()
        else:
            await self._raise(draft)

    async def _raise(self, draft: RaiseDraft) -> None:
        outcome = await self.desk.session.handle(draft.command())
        draft.sending = False
        if self.desk.outcome(outcome, "tui.raised", number=draft.ticket):
            self.desk.drafting.sent(_key(draft.ticket))
            self._close()
        self.paint()

    def _cancel(self, _: str) -> None:
        self._close()

    def _close(self) -> None:
        self.draft = None
        self.desk.leave("raising")

    def _subject(self, number: int) -> str:
        case, row = self.desk.ticket.case, self.desk.queue.window.current
        if case is not None:
            return case.ticket.subject
        return row.subject if row is not None and row.number == number else ""

    def _why(self, answer: object) -> str:
        names = self.desk.session.names
        return spoken.refused(answer, names) if isinstance(answer, Refusal) else names.say("tui.not_sent")


def _key(number: int) -> str:
    return f"raise {number}"
