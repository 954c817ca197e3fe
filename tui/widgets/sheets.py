"""Sheets: layers over the lower part of the screen, never a dimmed dialogue. What is above stays readable."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical

from tui.model.lines import Line
from tui.widgets.lines import Lines, ScrollLines


class RaiseSheet(Lines):
    """Who will be called when."""

    def __init__(self) -> None:
        super().__init__("raise", "sheet")


class HelpSheet(ScrollLines):
    """The keys of the place underneath."""


class CommentSheet(Vertical):
    """A text being written. What was typed stays until it was stored."""

    def __init__(self) -> None:
        super().__init__(id="comment")

    def compose(self) -> ComposeResult:
        """The title; the field comes with the first comment."""
        yield Lines("comment-title", "sheet")

    async def begin(self, title: Line, text: str) -> None:
        """Show with a draft."""
        # The field is the heaviest widget of the terminal, and the first paint must not wait for it.
        from textual.widgets import TextArea  # noqa: PLC0415

        self.query_one(Lines).show(title)
        if not self.query(TextArea):
            await self.mount(TextArea("", id="comment-text", compact=True, highlight_cursor_line=False))
        field = self.query_one(TextArea)
        field.load_text(text)
        field.move_cursor(field.document.end)
        field.focus()

    @property
    def text(self) -> str:
        """What is written now."""
        from textual.widgets import TextArea  # noqa: PLC0415

        return self.query_one(TextArea).text
