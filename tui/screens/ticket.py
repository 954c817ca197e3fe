"""Acts on a ticket: look, open, accept, claim, close."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from textual.timer import Timer

from core.engine.outcome import Refusal
from core.escalation.commands import AcceptEscalation
from core.escalation.kinds.commands import TakeOverConsult
from core.escalation.model import OPEN
from core.escalation.queries.questions import GetCase
from core.escalation.queries.views import Case
from core.tickets.commands import ClaimTicket, CloseTicket
from tui.feed import News
from tui.model import case_lines, spoken
from tui.widgets.case_pane import CasePane

if TYPE_CHECKING:
    from tui.screens.desk import Act, DeskScreen

REST: Final = 0.15
"""Seconds the cursor rests on a row before its ticket is read."""
ALIKE: Final = {"raise": ("raise", "consult", "notify"), "claim": ("claim", "takeover")}
"""Acts that stand on one key: it is off only when none of them is open."""


class TicketActs:
    """The ticket under the reader's eye. `case` is it as last read, None while it is not known."""

    def __init__(self, desk: DeskScreen) -> None:
        self.desk = desk
        self.number: int | None = None
        self.case: Case | None = None
        self._rest: Timer | None = None

    def acts(self) -> Mapping[str, Act]:
        """Registry ids that stand here."""
        return {"accept": self._accept, "claim": self._claim, "close": self._close}

    @property
    def pane(self) -> CasePane:
        """Where it is shown."""
        return self.desk.query_one(CasePane)

    @property
    def resting(self) -> bool:
        """Whether a ticket is about to be read."""
        return self._rest is not None

    def off(self, act: str) -> str:
        """Why an act is off for this ticket; empty when it is on, or not known yet."""
        names = self.desk.session.names
        if self.number is None:
            return names.say("tui.no_ticket")
        if self.case is None:
            return ""
        alike = ALIKE.get(act, (act,))
        if any(one.act in alike and one.allowed for one in self.case.may):
            return ""
        said = next((one for one in self.case.may if one.act == act), None)
        if said is None:
            return names.say("tui.nothing_to_accept" if act == "accept" else "tui.off")
        return spoken.off(said, self.case, names)

    def look_at(self, number: int | None, *, at_once: bool = False) -> None:
        """The cursor stands on another ticket: read it when it rests there."""
        if self.desk.has_class("reading"):
            return
        if number != self.number:
            self.number, self.case = number, None
        if self._rest is not None:
            self._rest.stop()
            self._rest = None
        if at_once:
            self.desk.start(self.read())
        else:
            self._rest = self.desk.set_timer(REST, self._rested)

    def open(self, number: int | None) -> None:
        """Read a ticket in the pane, or in place of the list."""
        if number is None:
            return
        if number != self.number:
            self.number, self.case = number, None
        self.desk.remove_class("phone")
        self.desk.add_class("reading")
        self.desk.paint_hints()
        self.desk.start(self.read())

    async def read(self) -> None:
        """Read it again, as it is now."""
        number = self.number
        if number is None:
            self.case = None
        else:
            answer = await self.desk.session.ask(GetCase(number))
            if number != self.number:
                return
            if isinstance(answer, Case):
                self.case = answer
            elif isinstance(answer, Refusal):
                self.case = None
                self.desk.tell(spoken.refused(answer, self.desk.session.names), "ember")
        self.desk.call_after_refresh(self.paint)
        self.desk.paint_hints()

    async def refresh(self, news: News) -> None:
        """Something happened; perhaps to this ticket."""
        if self.number is not None and (news.everything or self.number in news.tickets):
            await self.read()

    def paint(self) -> None:
        """The ticket as it is known."""
        self._summary()
        if self.pane.display:
            self.pane.show(self.case, self.desk.session.names, self.desk.session.door.now())

    def tick(self) -> None:
        """A second has passed."""
        self._summary()
        if self.pane.display:
            self.pane.tick(self.desk.session.names, self.desk.session.door.now())

    def _summary(self) -> None:
        session, block = self.desk.session, self.desk.lines("summary")
        if self.case is not None:
            block.show(*case_lines.head(self.case, session.names, session.door.now(), block.size.width))
        elif self.number is None:
            block.show()

    async def _rested(self) -> None:
        self._rest = None
        await self.read()

    async def _accept(self, _: str) -> None:
        number, row = self.number, self.desk.queue.window.current
        escalation = None if self.case is None else case_lines.burning(self.case)
        id_ = escalation.id if escalation is not None and escalation.state in OPEN else None
        if id_ is None and row is not None and row.number == number:
            id_ = row.escalation
        if number is None or id_ is None:
            self.desk.say("tui.nothing_to_accept")
            return
        self.desk.start(self._send_acceptance(number, id_))

    async def _send_acceptance(self, number: int, escalation: str) -> None:
        command = AcceptEscalation(int(escalation), self.desk.session.call_for(escalation))
        self.desk.outcome(await self.desk.session.handle(command), "tui.accepted", number=number)

    async def _claim(self, _: str) -> None:
        if self.number is None:
            return
        live = None if self.case is None else self.case.live
        mays = () if self.case is None else self.case.may
        if live is not None and any(one.act == "takeover" and one.escalation == live and one.allowed for one in mays):
            number, names = self.number, self.desk.session.names
            self.desk.ask(names.say("tui.ask.takeover", number=number), lambda: self._send_takeover(number, live))
        else:
            self.desk.start(self._send_claim(self.number))

    async def _send_takeover(self, number: int, escalation: str) -> None:
        outcome = await self.desk.session.handle(TakeOverConsult(int(escalation)))
        self.desk.outcome(outcome, "tui.responded", number=number)

    async def _send_claim(self, number: int) -> None:
        self.desk.outcome(await self.desk.session.handle(ClaimTicket(number)), "tui.claimed", number=number)

    def _close(self, _: str) -> None:
        number = self.number
        if number is not None:
            names = self.desk.session.names
            self.desk.ask(names.say("tui.ask.close", number=number), lambda: self._send_close(number))

    async def _send_close(self, number: int) -> None:
        self.desk.outcome(await self.desk.session.handle(CloseTicket(number)), "tui.closed", number=number)
