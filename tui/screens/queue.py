"""Acts on the list: move, switch tabs, show what is new."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, get_args

from core.escalation.queries.questions import Queue, Tab
from core.escalation.queries.views import QueuePage
from tui.model import queue_line, status_lines
from tui.model.lines import Line
from tui.model.queue_window import PAGE, QueueWindow
from tui.widgets.queue_list import RowList

if TYPE_CHECKING:
    from tui.screens.desk import Act, DeskScreen

TABS: tuple[Tab, ...] = get_args(Tab)


class QueueActs:
    """One window for each tab, so that coming back finds the place again."""

    def __init__(self, desk: DeskScreen) -> None:
        self.desk = desk
        self.tab: Tab = "new"
        self.windows = {tab: QueueWindow() for tab in TABS}
        self.rows = RowList("queue", self._line, queue_line.step_cells())
        self._loading: set[str] = set()

    def acts(self) -> Mapping[str, Act]:
        """Registry ids that stand here."""
        return {"tab": self.go_to, "open": self._open, "show_new": lambda _: self.show_new(), "to_call": self._to_call}

    @property
    def window(self) -> QueueWindow:
        """The window of the tab on the screen."""
        return self.windows[self.tab]

    @property
    def number(self) -> int | None:
        """The ticket under the cursor."""
        return self.window.cursor

    async def begin(self) -> None:
        """Read the first page of the tab."""
        await self._first(self.tab)

    def go_to(self, digit: str) -> None:
        """Show the tab of a digit; its list is as it was left, and read again at once."""
        place = int(digit) - 1
        self.desk.leave("reading")
        self.desk.set_class(place >= len(TABS), "phone")
        if place < len(TABS):
            self.tab = TABS[place]
            self.desk.start(self.refresh())
        self.desk.call_after_refresh(self._shown)

    def move(self, by: int) -> None:
        """Move the cursor."""
        self._after_move(self.window.move(by))

    def edge(self, *, first: bool) -> None:
        """To the first row, or to the last that is loaded (more are read then)."""
        if len(self.window):
            self._after_move(self.window.go(0 if first else len(self.window) - 1))

    async def show_new(self) -> None:
        """Begin the list anew, with everything that waited."""
        await self._first(self.tab)

    async def refresh(self) -> None:
        """Read the visible pages and the top of the tab again; rows stay where they are."""
        tab, window = self.tab, self.window
        if not len(window):
            await self._first(tab)
            return
        anchors = window.anchors(*self.rows.in_sight())
        pages = await asyncio.gather(*(self._page(tab, anchor) for anchor in anchors))
        changed = window.refreshed([(a, p) for a, p in zip(anchors, pages, strict=True) if p is not None])
        if tab == self.tab:
            for number in changed:
                self._row_changed(number)
            self.desk.paint_chrome()

    def tick(self) -> None:
        """A second has passed."""
        self.rows.tick()

    def paint(self) -> None:
        """The head of the list, and its rows."""
        names = self.desk.session.names
        self.rows.empty = queue_line.empty(names, self.tab)
        if not self.desk.has_class("phone"):
            head = self.desk.lines("list-head")
            head.show(queue_line.header(names, head.size.width))
        self.rows.reload(len(self.window), self.window.place)

    async def _first(self, tab: Tab) -> None:
        page = await self._page(tab, None)
        if page is None:
            return
        self.windows[tab].first(page)
        self._shown()

    async def _page(self, tab: Tab, cursor: str | None) -> QueuePage | None:
        answer = await self.desk.session.ask(Queue(tab, PAGE, cursor))
        return answer if isinstance(answer, QueuePage) else None

    async def _more(self, tab: Tab, cursor: str) -> None:
        if cursor in self._loading:
            return
        self._loading.add(cursor)
        try:
            page = await self._page(tab, cursor)
        finally:
            self._loading.discard(cursor)
        if page is not None:
            self.windows[tab].append(page, cursor)
            self.paint()
            self._load_ahead()

    def _after_move(self, closed_up: bool) -> None:
        if closed_up:
            self.paint()
        else:
            self.rows.move(self.window.place)
        self._load_ahead()
        self.desk.ticket.look_at(self.number)

    def _load_ahead(self) -> None:
        cursor = self.window.wants(self.rows.in_sight()[1])
        if cursor is not None:
            self.desk.start(self._more(self.tab, cursor))

    def _shown(self) -> None:
        self.desk.paint()
        self._load_ahead()
        self.desk.ticket.look_at(self.number, at_once=True)

    def _row_changed(self, number: int) -> None:
        place = self.window.place_of(number)
        if place is not None:
            self.rows.changed(place)

    def _line(self, place: int, cells: int) -> Line | None:
        row = self.window.row(place)
        if row is None:
            return None
        session = self.desk.session
        ghost = self.window.is_ghost(row.number)
        return queue_line.line(row, session.names, session.door.now(), cells, ghost=ghost)

    def _open(self, _: str) -> None:
        self.desk.ticket.open(self.number)

    def _to_call(self, _: str) -> None:
        number = status_lines.called_ticket(self.desk.session)
        if number is None:
            self.desk.say("tui.no_call")
        else:
            self.desk.ticket.open(number)
