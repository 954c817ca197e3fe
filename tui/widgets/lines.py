"""Widgets that paint lines of the model: a fixed block, and one that scrolls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from tui import themes
from tui.model.lines import BLANK, Line, Tone, fitted, width
from tui.themes import Ground


def strip(of: Line, cells: int, theme: str, ground: Ground) -> Strip:
    """A line painted, exactly `cells` wide; every cell has its own ground."""
    shown = fitted(of, cells) if width(of) > cells else of
    segments = [Segment(span.text, themes.style(theme, span.tone, ground)) for span in shown]
    last: Tone = of[-1].tone if of and of[-1].tone == "alarm" else "text"
    return Strip(segments).adjust_cell_length(cells, themes.style(theme, last, ground))


class Lines(Widget):
    """A block as high as its lines, unless the style sheet gives it a height."""

    ALLOW_SELECT: ClassVar[bool] = False

    def __init__(self, id_: str, ground: Ground = "paper") -> None:
        super().__init__(id=id_)
        self.ground: Ground = ground
        self._lines: tuple[Line, ...] = ()

    def show(self, *lines: Line) -> None:
        """Paint these; only lines that differ are sent."""
        was, self._lines = self._lines, lines
        if len(was) != len(lines):
            self.refresh(layout=True)
            return
        for y, (before, after) in enumerate(zip(was, lines, strict=True)):
            if before != after:
                self.refresh(Region(0, y, self.size.width, 1))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """One row a line."""
        return len(self._lines)

    def render_line(self, y: int) -> Strip:
        """One row."""
        shown = self._lines[y] if y < len(self._lines) else BLANK
        return strip(shown, self.size.width, self.app.theme, self.ground)


class ScrollLines(ScrollView, can_focus=False):
    """Lines that scroll."""

    ALLOW_SELECT: ClassVar[bool] = False

    def __init__(self, id_: str, ground: Ground = "paper", *, follows: bool = False) -> None:
        super().__init__(id=id_)
        self.ground: Ground = ground
        self._follows = follows
        """Who reads the end sees what is added there."""
        self._lines: list[Line] = []

    def show(self, lines: Sequence[Line], *, to_end: bool = False) -> None:
        """Paint these, keeping the place, or showing the end."""
        at_end = to_end or (self._follows and self.scroll_offset.y >= self.max_scroll_y)
        if self._lines != lines:
            self._lines = list(lines)
            self.virtual_size = Size(self.size.width, len(self._lines))
            self.refresh()
        if at_end:
            self.call_after_refresh(self.scroll_end, animate=False, force=True)

    def by(self, lines: int) -> None:
        """Scroll down (up when negative) by so many lines."""
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False, force=True)

    def to(self, place: int) -> None:
        """Scroll so that this line is on top."""
        self.scroll_to(y=place, animate=False, force=True)

    def render_line(self, y: int) -> Strip:
        """One visible row."""
        place = y + self.scroll_offset.y
        shown = self._lines[place] if place < len(self._lines) else BLANK
        return strip(shown, self.size.width, self.app.theme, self.ground)
