"""Writing a comment. A draft belongs to its ticket and stays until it was stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from core.engine.outcome import Done
from core.tickets.commands import AddComment
from tui.model.lines import line
from tui.widgets.sheets import CommentSheet

if TYPE_CHECKING:
    from tui.screens.desk import Act, DeskScreen


class CommentActs:
    """The comment sheet and its drafts."""

    def __init__(self, desk: DeskScreen) -> None:
        self.desk = desk
        self.sheet = CommentSheet()
        self.drafts: dict[int, str] = {}
        self._ticket: int | None = None

    def acts(self) -> Mapping[str, Act]:
        """Registry ids that stand here."""
        return {"comment": self._open, "send_comment": self._send, "cancel_comment": self._cancel}

    async def _open(self, _: str) -> None:
        number = self._ticket = self.desk.ticket.number
        if number is None:
            return
        self.desk.add_class("writing")
        title = self.desk.session.names.say("tui.comment.title", number=number)
        await self.sheet.begin(line((f" {title}", "strong")), self.drafts.get(number, ""))
        self.desk.paint_hints()

    def _send(self, _: str) -> None:
        if self._ticket is None:
            return
        if not self.sheet.text.strip():
            self.desk.say("tui.comment.empty")
            return
        self._keep()
        self._close()
        self.desk.start(self._store(self._ticket, self.drafts[self._ticket].strip()))

    async def _store(self, number: int, text: str) -> None:
        outcome = await self.desk.session.handle(AddComment(number, text))
        self.desk.outcome(outcome, "tui.commented", number=number)
        if isinstance(outcome, Done):
            self.drafts.pop(number, None)

    def _cancel(self, _: str) -> None:
        self._keep()
        self._close()
        if self._ticket is not None and self.drafts[self._ticket].strip():
            self.desk.say("tui.comment.kept")

    def _keep(self) -> None:
        if self._ticket is not None:
            self.drafts[self._ticket] = self.sheet.text

    def _close(self) -> None:
        self.desk.set_focus(None)
        self.desk.leave("writing")
