"""The part of a tab that is loaded, and the place of the reader in it.

The order on the screen never changes by itself: what the desk says anew fills rows that stand here already; new
rows wait until they are asked for; a row that left the tab stays as a ghost until the reader moves off it. The
cursor belongs to a ticket number, never to a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from core.escalation.queries.views import QueuePage, QueueRow

PAGE: Final = 50
"""Rows asked for at once."""
AHEAD: Final = 2 * PAGE
"""How far below the last visible row the window is kept loaded."""


class QueueWindow:
    """Rows by place and by number."""

    def __init__(self) -> None:
        self._order: list[int] = []
        self._place: dict[int, int] = {}
        self._rows: dict[int, QueueRow] = {}
        self._anchors: dict[int, str | None] = {}
        """First row's number of a page → the cursor the page was asked with."""
        self._ghosts: set[int] = set()
        self._waiting: tuple[QueueRow, ...] = ()
        self.cursor: int | None = None
        """The ticket under the reader's eye."""
        self.end: str | None = None
        """Where the next page begins; None at the end."""

    def __len__(self) -> int:
        return len(self._order)

    def row(self, place: int) -> QueueRow | None:
        """The row at a place, None below the last."""
        return self._rows[self._order[place]] if 0 <= place < len(self._order) else None

    @property
    def current(self) -> QueueRow | None:
        """The row under the cursor."""
        return None if self.cursor is None else self._rows.get(self.cursor)

    @property
    def place(self) -> int:
        """Where the cursor is; 0 in an empty window."""
        return 0 if self.cursor is None else self._place.get(self.cursor, 0)

    @property
    def waiting(self) -> int:
        """How many new rows wait to be shown."""
        return len(self._waiting)

    def is_ghost(self, number: int) -> bool:
        """Whether the ticket has left this tab."""
        return number in self._ghosts

    def place_of(self, number: int) -> int | None:
        """Where a ticket stands."""
        return self._place.get(number)

    def first(self, page: QueuePage) -> None:
        """Begin anew with the first page, the cursor on its first row."""
        self._order, self._place, self._rows, self._anchors = [], {}, {}, {}
        self._ghosts, self._waiting, self.cursor = set(), (), None
        self._add(page, None)

    def append(self, page: QueuePage, asked: str) -> None:
        """Add the page that was asked for with cursor `asked`; an answer that came too late is dropped."""
        if asked == self.end:
            self._add(page, asked)

    def wants(self, last_visible: int) -> str | None:
        """The cursor to ask for next, when the reader is near the end of what is loaded."""
        return self.end if self.end is not None and last_visible + AHEAD >= len(self._order) else None

    def anchors(self, top: int, bottom: int) -> list[str | None]:
        """The cursors of the pages to read again so that the visible rows and the top of the tab are true."""
        pages: dict[str | None, None] = {None: None}
        for place in range(bottom, -1, -1):
            number = self._order[place] if place < len(self._order) else None
            if number in self._anchors:
                pages[self._anchors[number]] = None
                if place <= top:
                    break
        return list(pages)

    def refreshed(self, pages: Sequence[tuple[str | None, QueuePage]]) -> set[int]:
        """Fill in what pages read again say; the numbers whose rows changed."""
        fresh = {row.number: row for _, page in pages for row in page.rows}
        changed = {number for number, row in fresh.items() if number in self._rows and self._rows[number] != row}
        self._rows.update({number: fresh[number] for number in changed})
        returned = self._ghosts & fresh.keys()
        gone = {number for anchor, page in pages for number in self._span(anchor, page)} - fresh.keys()
        changed |= returned | (gone - self._ghosts)
        self._ghosts = (self._ghosts - returned) | gone
        top = pages[0][1] if pages and pages[0][0] is None else None
        if top is not None:
            self._waiting = tuple(row for row in top.rows if row.number not in self._rows)
        return changed

    def move(self, by: int) -> bool:
        """Move the cursor; whether rows closed up because a ghost was left behind."""
        return bool(self._order) and self.go(min(max(self.place + by, 0), len(self._order) - 1))

    def go(self, place: int) -> bool:
        """Put the cursor on a place; whether rows closed up because a ghost was left behind."""
        left, self.cursor = self.cursor, self._order[place]
        if left is None or left == self.cursor or left not in self._ghosts:
            return False
        self._drop(left)
        return True

    def _add(self, page: QueuePage, asked: str | None) -> None:
        new = [row for row in page.rows if row.number not in self._rows]
        if new:
            self._anchors[new[0].number] = asked
        self._order.extend(row.number for row in new)
        self._rows.update({row.number: row for row in new})
        self._number(range(len(self._order) - len(new), len(self._order)))
        self.end = page.next
        if self.cursor is None and self._order:
            self.cursor = self._order[0]

    def _span(self, anchor: str | None, page: QueuePage) -> Iterable[int]:
        """The loaded rows that this page should have shown."""
        first = next((number for number, cursor in self._anchors.items() if cursor == anchor), None)
        if first is None:
            return ()
        start = self._place[first]
        if page.next is None:
            return self._order[start:]
        known = [self._place[row.number] for row in page.rows if row.number in self._place]
        return self._order[start : max(known, default=start - 1) + 1]

    def _drop(self, number: int) -> None:
        place = self._place.pop(number)
        del self._order[place], self._rows[number]
        self._ghosts.discard(number)
        if number in self._anchors:
            anchor = self._anchors.pop(number)
            if place < len(self._order):
                self._anchors.setdefault(self._order[place], anchor)
        self._number(range(place, len(self._order)))

    def _number(self, places: Iterable[int]) -> None:
        self._place.update({self._order[place]: place for place in places})
