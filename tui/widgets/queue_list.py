"""The lists of the desk, row by row as they are seen: a hundred thousand rows cost what twenty do."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.model.lines import BLANK, Line, Span, line
from tui.widgets.lines import strip


class RowList(ScrollView, can_focus=False):
    """Rows by place, with one under the cursor. It holds no row itself: it asks for the line of a place.

    `head_cells` is the part of a row that time changes; only that is painted when a countdown goes on.
    """

    ALLOW_SELECT: ClassVar[bool] = False

    def __init__(self, id_: str, line_of: Callable[[int, int], Line | None], head_cells: int) -> None:
        super().__init__(id=id_)
        self._line_of = line_of
        self._head_cells = head_cells
        self._painted: dict[int, Line] = {}
        self.cursor = 0
        self.empty = ""

    def reload(self, count: int, cursor: int) -> None:
        """Other rows, or another number of them."""
        self.cursor = cursor
        self._painted.clear()
        self.virtual_size = Size(self.size.width, count)
        self.refresh()
        self._into_view()

    def move(self, cursor: int) -> None:
        """Put the cursor on a place: two rows are painted, unless the list has to scroll."""
        was, self.cursor = self.cursor, cursor
        if was != cursor and not self._into_view():
            self._row(was)
            self._row(cursor)

    def changed(self, place: int) -> None:
        """Another text in one row."""
        self._row(place)

    def tick(self) -> None:
        """Paint the countdowns that read differently now."""
        top = self.scroll_offset.y
        for place, before in list(self._painted.items()):
            now = self._line_of(place, self.size.width)
            if now is None or not top <= place < top + self.size.height or now == before:
                continue
            cells = self._head_cells if now[1:] == before[1:] else self.size.width
            self.refresh(Region(0, place - top, cells, 1))

    def in_sight(self) -> tuple[int, int]:
        """First and last visible place."""
        top = self.scroll_offset.y
        return top, top + max(self.size.height - 1, 0)

    def render_line(self, y: int) -> Strip:
        """One visible row."""
        place = y + self.scroll_offset.y
        shown = self._line_of(place, self.size.width)
        if shown is None:
            words = line(("   " + self.empty, "quiet")) if place == 1 and self.virtual_size.height == 0 else BLANK
            return strip(words, self.size.width, self.app.theme, "paper")
        self._painted[place] = shown
        if place != self.cursor:
            return strip(shown, self.size.width, self.app.theme, "paper")
        marked = (Span(">" + shown[0].text[1:], shown[0].tone), *shown[1:])
        return strip(marked, self.size.width, self.app.theme, "cursor")

    def on_resize(self) -> None:
        """Rows are as wide as the list."""
        self._painted.clear()
        self._into_view()

    def _row(self, place: int) -> None:
        self.refresh(Region(0, place - self.scroll_offset.y, self.size.width, 1))

    def _into_view(self) -> bool:
        """Scroll so that the cursor is seen; whether that was needed."""
        top, bottom = self.in_sight()
        if top <= self.cursor <= bottom:
            return False
        target = self.cursor if self.cursor < top else self.cursor - self.size.height + 1
        self._painted.clear()
        self.scroll_to(y=target, animate=False, force=True, immediate=True)
        return True
