"""The frame around every screen: status, tabs, banners, messages and hints."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, ClassVar, Final

from textual.screen import Screen
from textual.worker import Worker, WorkerState

from core.engine.outcome import Done, Refusal
from tui.keys import Key, Where
from tui.model import hint_lines, status_lines
from tui.model.door import Unreachable
from tui.model.lines import Line, Tone, line
from tui.model.session import Session
from tui.model.spoken import refused
from tui.widgets.lines import Lines

FEED: Final = "feed"
AGAIN: Final = 1.0
"""Seconds until a feed that broke is followed again."""
Work = Callable[[], Coroutine[Any, Any, None]]


class Frame(Screen[None]):
    """What stands on every screen, and how acts report."""

    ALLOW_SELECT: ClassVar[bool] = False

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.question: Work | None = None
        """What `y` would do."""
        self._message: Line = ()

    def where(self) -> Where:
        """Where the reader is, as the registry names it."""
        raise NotImplementedError

    def off(self, key: Key) -> str:
        """Why a key is off here, in words; empty when it is on."""
        raise NotImplementedError

    def chosen_tab(self) -> str:
        """The tab that is shown."""
        raise NotImplementedError

    def waiting_rows(self) -> int:
        """How many new rows wait behind `.`."""
        raise NotImplementedError

    def lines(self, id_: str) -> Lines:
        """A block of lines by its id."""
        return self.query_one(f"#{id_}", Lines)

    def follow(self) -> None:
        """Follow the desk's feed."""
        raise NotImplementedError

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something that waits for the desk, without holding up the keys."""
        self.run_worker(work, group="acts", exit_on_error=False)

    def ask(self, words: str, then: Work) -> None:
        """Ask for `y` before an act that cannot be taken back."""
        self.question = then
        self._show(line((f" {words}", "ember")))
        self.paint_hints()

    def answer(self, yes: bool) -> None:
        """The answer to the question that waits."""
        then, self.question = self.question, None
        self._show(())
        self.paint_hints()
        if yes and then is not None:
            self.start(then())

    def say(self, key: str, tone: Tone = "info", **values: object) -> None:
        """Show words until the next key."""
        self.tell(self.session.names.say(key, **values), tone)

    def tell(self, words: str, tone: Tone = "info") -> None:
        """Show a line until the next key."""
        self._show(line((f" {words}", tone)))

    def hush(self) -> None:
        """The next key has come."""
        if self._message and self.question is None:
            self._show(())

    def outcome(self, outcome: Done | Refusal | Unreachable, done: str, **values: object) -> bool:
        """Say how an act came out; whether it was done."""
        match outcome:
            case Done():
                self.say(done, "held", **values)
                return True
            case Refusal():
                self.tell(refused(outcome, self.session.names), "ember")
            case Unreachable(sure=sure):
                self.say("tui.not_sent" if sure else "tui.not_known", "ember")
        return False

    def paint_chrome(self) -> None:
        """Status, tabs, banners and hints, as they are known now; what did not change sends nothing."""
        cells = self.size.width
        self.lines("status").show(status_lines.status(self.session, cells))
        self.lines("tabs").show(status_lines.tabs(self.session, self.chosen_tab(), cells))
        self.lines("banner").show(*status_lines.banners(self.session))
        self._show(self._message)
        self.paint_hints()

    def paint_hints(self) -> None:
        """The keys of this place."""
        self.lines("hints").show(hint_lines.hints(self.where(), self.session.names, self.size.width, self.off))

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A fault in an act is said, and ends nothing else."""
        if event.state is WorkerState.ERROR:
            self.log.error(repr(event.worker.error))
            self.say("tui.fault", "ember", error=type(event.worker.error).__name__)
            if event.worker.group == FEED:
                self.set_timer(AGAIN, self.follow)

    def _show(self, message: Line) -> None:
        """A message, or else how many rows wait."""
        self._message = message
        waiting = self.waiting_rows()
        if not message and waiting:
            message = line((f" {self.session.names.say('tui.new_rows', n=waiting)}", "info"))
        self.lines("message").show(message)
