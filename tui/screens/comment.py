"""Writing a comment. A draft belongs to its ticket and stays until it was stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from core.engine.outcome import Done
from core.tickets.commands import AddComment

if TYPE_CHECKING:
    from tui.screens.desk import Act, DeskScreen


class CommentActs:
    """The comment sheet."""

    def __init__(self, desk: DeskScreen) -> None:
        self.desk = desk
        self._ticket: int | None = None

    def acts(self) -> Mapping[str, Act]:
        """Registry ids that stand here."""
        return {"comment": self._open, "send_comment": self._send, "cancel_comment": self._cancel}

    async def _open(self, _: str) -> None:
        number = self._ticket = self.desk.ticket.number
        if number is None:
            return
        self.desk.add_class("writing")
        await self.desk.drafting.begin(_key(number), self.desk.session.names.say("tui.comment.title", number=number))

    def _send(self, _: str) -> None:
        if self._ticket is None:
            return
        if not self.desk.drafting.sheet.text.strip():
            self.desk.say("tui.comment.empty")
            return
        self.desk.start(self._store(self._ticket, self._close().strip()))

    async def _store(self, number: int, text: str) -> None:
        outcome = await self.desk.session.handle(AddComment(number, text))
        self.desk.outcome(outcome, "tui.commented", number=number)
        if isinstance(outcome, Done):
            self.desk.drafting.sent(_key(number))

    def _cancel(self, _: str) -> None:
        if self._close().strip():
            self.desk.say("tui.comment.kept")

    def _close(self) -> str:
        text = self.desk.drafting.end()
        self.desk.leave("writing")
        return text


def _key(number: int) -> str:
    return f"comment {number}"
