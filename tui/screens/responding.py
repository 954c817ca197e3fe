"""Answering, asking again, checking a report: `o` opens the sheet, Ctrl+S sends it. What leaves the house asks `y`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from core.engine.outcome import Done
from tui.model import respond
from tui.model.respond import Wanted

if TYPE_CHECKING:
    from tui.screens.desk import Act, DeskScreen


class RespondActs:
    """The sheet of a consult or a report. It shares its field with the comment."""

    def __init__(self, desk: DeskScreen) -> None:
        self.desk = desk
        self._about: tuple[str, int, Wanted] | None = None

    def acts(self) -> Mapping[str, Act]:
        """Registry ids that stand here."""
        return {"respond": self._open, "send_response": self._send, "cancel_response": self._cancel}

    def off(self) -> str:
        """Why there is nothing to say; empty when there is."""
        case = self.desk.ticket.case
        open_ = case is None or respond.wanted(case) is not None
        return "" if open_ else self.desk.session.names.say("tui.respond.nothing")

    async def _open(self, _: str) -> None:
        case = self.desk.ticket.case
        what = None if case is None else respond.wanted(case)
        if case is None or what is None or case.live is None:
            self.desk.say("tui.respond.nothing")
            return
        await self.begin(case.live, case.ticket.number, what)

    async def begin(self, escalation: str, number: int, what: Wanted) -> None:
        """Open the sheet for what is to be said."""
        self._about = (escalation, number, what)
        self.desk.add_class("responding")
        title = self.desk.session.names.say(f"tui.respond.{what}", number=number)
        await self.desk.drafting.begin(_key(escalation, what), title)

    def _send(self, _: str) -> None:
        if self._about is None:
            return
        escalation, number, what = self._about
        text = self.desk.drafting.sheet.text.strip()
        if not text and respond.needs_words(what):
            self.desk.say("tui.comment.empty")
            return
        self._close()
        if what == "check" and not text:
            names = self.desk.session.names
            self.desk.ask(
                names.say("tui.ask.approve", number=number), lambda: self._store(escalation, number, what, "")
            )
        else:
            self.desk.start(self._store(escalation, number, what, text))

    async def _store(self, escalation: str, number: int, what: Wanted, text: str) -> None:
        outcome = await self.desk.session.handle(respond.command(what, escalation, text))
        self.desk.outcome(outcome, "tui.responded", number=number)
        if isinstance(outcome, Done):
            self.desk.drafting.sent(_key(escalation, what))

    def _cancel(self, _: str) -> None:
        self._close()

    def _close(self) -> None:
        self.desk.drafting.end()
        self.desk.leave("responding")


def _key(escalation: str, what: Wanted) -> str:
    return f"{'return' if what == 'return' else 'respond'} {escalation}"
