"""Taking back, handing back, calling everybody: `z`, `v` and `P`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from core.escalation.commands import PageEveryone, Undo

if TYPE_CHECKING:
    from tui.screens.desk import Act, DeskScreen


class BackActs:
    """The acts beside the main line, each on the escalation that the desk itself names for it."""

    def __init__(self, desk: DeskScreen) -> None:
        self.desk = desk

    def acts(self) -> Mapping[str, Act]:
        """Registry ids that stand here."""
        return {"undo": self._undo, "return": self._return, "page_all": self._page_all}

    def _meant(self, act: str) -> tuple[int, str] | None:
        """The ticket, and the escalation that this act is open for."""
        case = self.desk.ticket.case
        mays = () if case is None else case.may
        open_ = next((one.escalation for one in mays if one.act == act and one.allowed and one.escalation), None)
        return None if case is None or open_ is None else (case.ticket.number, open_)

    def _undo(self, _: str) -> None:
        if (meant := self._meant("undo")) is not None:
            self.desk.start(self._send(Undo(int(meant[1])), "tui.undone", meant[0]))

    async def _return(self, _: str) -> None:
        if (meant := self._meant("return")) is not None:
            await self.desk.respond.begin(meant[1], meant[0], "return")

    def _page_all(self, _: str) -> None:
        if (meant := self._meant("page_all")) is not None:
            number, escalation = meant
            names, command = self.desk.session.names, PageEveryone(int(escalation))
            self.desk.ask(
                names.say("tui.ask.page_all", number=number), lambda: self._send(command, "tui.paged", number)
            )

    async def _send(self, command: Struct, key: str, number: int) -> None:
        self.desk.outcome(await self.desk.session.handle(command), key, number=number)
