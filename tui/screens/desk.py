"""The one screen of the desk: the list, the ticket beside it or in its place, and sheets over its lower part."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from tui import keys
from tui.feed import Feed, News
from tui.keys import Key, Where
from tui.model.drafts import Shelf
from tui.model.session import Session
from tui.model.text import ascii_key
from tui.screens.back import BackActs
from tui.screens.comment import CommentActs
from tui.screens.drafting import Drafting
from tui.screens.frame import FEED, Frame
from tui.screens.help import HelpActs
from tui.screens.phone import PhoneActs
from tui.screens.queue import QueueActs
from tui.screens.raising import RaiseActs
from tui.screens.responding import RespondActs
from tui.screens.ticket import TicketActs
from tui.widgets.case_pane import CasePane
from tui.widgets.lines import Lines

WIDE: Final = 120
"""Cells from which the ticket stands beside the list."""
LANGUAGES: Final = ("ja", "en")
PLACES: Final[tuple[tuple[str, Where], ...]] = (
    ("helping", "help"), ("messaging", "message"), ("raising", "raise"), ("writing", "comment"),
    ("responding", "respond"), ("calling", "call"), ("reading", "ticket"), ("phone", "phone"),
)  # fmt: skip
"""Class of the screen → where the reader is; the first that is set counts."""
Act = Callable[[str], Awaitable[None] | None]
"""What a key does; it is given the key."""


class DeskScreen(Frame):
    """Dispatches keys by the registry; the acts themselves stand in the other modules of this folder."""

    def __init__(self, session: Session, shelf: Shelf) -> None:
        super().__init__(session)
        self.drafting = Drafting(self, shelf)
        self.queue = QueueActs(self)
        self.ticket = TicketActs(self)
        self.comment = CommentActs(self)
        self.respond = RespondActs(self)
        self.beside = BackActs(self)
        self.phone = PhoneActs(self)
        self.raising = RaiseActs(self)
        self.help = HelpActs(self)
        self.feed = Feed(session.door, self.news)
        self.acts: dict[str, Act] = {
            "down": lambda _: self._scroll(1), "up": lambda _: self._scroll(-1),
            "page_down": lambda _: self._scroll(1, page=True), "page_up": lambda _: self._scroll(-1, page=True),
            "top": lambda _: self._edge(first=True), "bottom": lambda _: self._edge(first=False),
            "yes": lambda _: self.answer(True), "no": lambda _: self.answer(False),
            "back": self._back, "language": self._language, "quit": lambda _: self.app.exit(),
            **self.queue.acts(), **self.ticket.acts(), **self.comment.acts(), **self.phone.acts(),
            **self.raising.acts(), **self.help.acts(), **self.respond.acts(), **self.beside.acts(),
        }  # fmt: skip

    def compose(self) -> ComposeResult:
        """Status, tabs, banners, body, message, hints; the sheets above."""
        yield Lines("status", "band")
        yield Lines("tabs")
        yield Lines("banner")
        with Horizontal(id="body"):
            with Vertical(id="list"):
                yield Lines("list-head", "band")
                yield self.queue.rows
                yield self.phone.rows
                yield Lines("summary", "band")
            yield CasePane()
        yield Lines("message")
        yield Lines("hints", "band")
        yield self.raising.sheet
        yield self.help.sheet
        yield self.drafting.sheet

    def on_mount(self) -> None:
        """Paint what is known, read the rest, then follow the feed."""
        self.start(self._begin())
        self.follow()
        self.set_interval(1.0, self.tick)
        self.set_interval(5.0, self.beat)

    def on_resize(self, event: events.Resize) -> None:
        """A pane from 120 columns on."""
        self.set_class(event.size.width >= WIDE, "wide")
        self.set_class(event.size.width < WIDE, "narrow")
        self.call_after_refresh(self.paint)

    async def on_key(self, event: events.Key) -> None:
        """Every key goes through the registry, full-width letters too."""
        name = ascii_key(event.character or "") if event.is_printable else event.key
        where = self.where()
        key = keys.find(where, name)
        if key is None:
            if not name.isascii() and where not in ("comment", "respond", "message"):
                self.say("tui.input_method")
            return
        event.stop()
        event.prevent_default()
        self.hush()
        why = self.off(key)
        if why:
            self.tell(why)
            return
        doing = self.acts[key.id](name)
        if doing is not None:
            await doing

    def off(self, key: Key) -> str:
        """Why a key is off here, in words; empty when it is on."""
        if key.id == "respond":
            return self.respond.off()
        return "" if key.act is None else self.phone.off() if key.id == "take" else self.ticket.off(key.act)

    def where(self) -> Where:
        """Where the reader is, as the registry names it."""
        if self.question is not None:
            return "ask"
        return next((place for name, place in PLACES if self.has_class(name)), "queue")

    def underneath(self) -> Where:
        """Where the reader is, but for sheets."""
        return next((place for name, place in PLACES[5:] if self.has_class(name)), "queue")

    def chosen_tab(self) -> str:
        """The tab that is shown."""
        return "phone" if self.has_class("phone") else self.queue.tab

    def waiting_rows(self) -> int:
        """How many new rows wait behind `.`."""
        return self.queue.window.waiting

    async def news(self, news: News) -> None:
        """Something happened: read again what is on the screen."""
        await (self.session.begin() if news.everything else self.session.refresh())
        self._seated()
        await self.queue.refresh()
        await self.ticket.refresh(news)
        self.paint()
        if self.session.new_calls():
            self.app.bell()

    def follow(self) -> None:
        """Follow the desk's feed, whatever happens to it."""
        self.run_worker(self.feed.run(), group=FEED, exit_on_error=False, exclusive=True)

    async def beat(self) -> None:
        """Is an engine running?"""
        await self.session.beat()
        self.paint_chrome()

    def tick(self) -> None:
        """A second has passed: only what reads differently is painted."""
        self.paint_chrome()
        self.queue.tick()
        self.phone.tick()
        self.ticket.tick()
        self.drafting.tick()

    def paint(self) -> None:
        """Everything, as it is known now; what did not change sends nothing."""
        self.paint_chrome()
        self.queue.paint()
        self.phone.paint()
        self.ticket.paint()
        self.raising.paint()
        self.help.paint()

    def leave(self, *places: str) -> None:
        """Take classes off the screen: sheets close, the list comes back."""
        self.remove_class(*places)
        self.paint_hints()

    async def _begin(self) -> None:
        await asyncio.gather(self.session.begin(), self.queue.begin())
        self._seated()
        self.session.new_calls()
        self.paint()

    def _seated(self) -> None:
        """Whoever sits here finds their own drafts."""
        if self.session.me is not None:
            self.drafting.sit(self.session.me.id)

    def _scroll(self, by: int, *, page: bool = False) -> None:
        match self.where():
            case "ticket":
                lines = self.ticket.pane.timeline
                lines.by(by * (max(lines.size.height - 1, 1) if page else 1))
            case "phone":
                self.phone.move(by * (self.phone.rows.size.height if page else 1))
            case _:
                self.queue.move(by * (self.queue.rows.size.height if page else 1))

    def _edge(self, *, first: bool) -> None:
        match self.where():
            case "ticket":
                lines = self.ticket.pane.timeline
                lines.to(0 if first else int(lines.max_scroll_y))
            case "phone":
                self.phone.move(-len(self.session.tasks) if first else len(self.session.tasks))
            case _:
                self.queue.edge(first=first)

    def _back(self, _: str) -> None:
        match self.where():
            case "ticket":
                self.leave("reading")
            case "phone":
                self.leave("phone")
            case _:
                self.say("tui.quit")
        self.call_after_refresh(self.paint)

    def _language(self, _: str) -> None:
        at = LANGUAGES.index(self.session.language)
        self.session.speak(LANGUAGES[(at + 1) % len(LANGUAGES)])
        self.paint()
